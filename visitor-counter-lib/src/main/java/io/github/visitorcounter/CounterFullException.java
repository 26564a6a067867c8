package io.github.visitorcounter;

/**
 * Thrown if {@code live} of a counter has reached {@link Setting#MAX_LIVE}. Nothing was counted. Try again later.
 *
 * @since 0.1.0
 */
public final class CounterFullException extends VisitorCounterException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param counterId the id of the full counter
     */
    public CounterFullException(String counterId) {
        super("The counter " + counterId + " is full, see " + Setting.MAX_LIVE, null);
    }
}
