package io.github.visitorcounter;

import java.util.List;

/**
 * Thrown if settings are missing or invalid; the message lists all of them. Correct the template: until then the
 * function cannot start.
 *
 * @since 0.1.0
 */
public final class InvalidConfigurationException extends VisitorCounterException {

    private static final long serialVersionUID = 1L;

    /** One sentence for each wrong setting. */
    @SuppressWarnings("serial") // List.copyOf returns a serializable list
    private final List<String> problems;

    InvalidConfigurationException(List<String> problems) {
        super("The visitor counter cannot start:\n  - " + String.join("\n  - ", problems), null);
        this.problems = List.copyOf(problems);
    }

    /**
     * Returns every problem found.
     *
     * @return one sentence for each wrong setting, beginning with its variable name
     */
    public List<String> problems() {
        return problems;
    }
}
