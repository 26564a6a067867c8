package io.github.visitorcounter;

/**
 * Thrown when as many are connected to a counter as {@link Setting#MAX_LIVE} allows. Nothing was counted. Try again
 * when somebody has left.
 *
 * @since 0.1.0
 */
public final class CounterFullException extends VisitorCounterException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param counterId which counter is full
     */
    public CounterFullException(String counterId) {
        super("The counter " + counterId + " is full, see " + Setting.MAX_LIVE, null);
    }
}
