package io.github.visitorcounter.embeddedstack.template;

import java.util.List;

/**
 * A template that can't be read, or that AWS would not deploy; the message lists everything that was found.
 *
 * @since 0.1.0
 */
public final class InvalidTemplateException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates one.
     *
     * @param template where the template was read from
     * @param problems one sentence for each
     */
    public InvalidTemplateException(String template, List<String> problems) {
        super(template + ":" + System.lineSeparator() + "  " + String.join(System.lineSeparator() + "  ", problems));
    }
}
