package io.github.visitorcounter.embeddedstack.control;

import java.util.List;

/**
 * Thrown when a description of faults has unknown names or impossible values.
 *
 * @since 0.1.0
 */
public final class InvalidFaultsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // List.copyOf returns a serializable list
    private final List<String> problems;

    /**
     * Creates one.
     *
     * @param problems one sentence for each unknown name and impossible value
     */
    public InvalidFaultsException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence for each unknown name and impossible value. */
    public List<String> problems() {
        return problems;
    }
}
