package io.github.visitorcounter.embeddedstack.template;

import java.util.List;

/**
 * Thrown if a template cannot be read or if AWS would not deploy it; the message lists every problem.
 *
 * @since 0.1.0
 */
public final class InvalidTemplateException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates one.
     *
     * @param template the file of the template
     * @param problems one sentence for each problem
     */
    public InvalidTemplateException(String template, List<String> problems) {
        super(template + ":" + System.lineSeparator() + "  " + String.join(System.lineSeparator() + "  ", problems));
    }
}
