package io.github.visitorcounter.broadcast;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * What an invocation of the broadcasting function did for a counter.
 *
 * @param counterId which counter
 * @param outcome how it ended
 * @param version the newest version that it sent; 0 when it sent none
 * @param passes how often it told everyone
 * @param tally what became of the connections of all passes
 * @param changeAge how old the change was when it was first sent, by the clocks of two machines; null when nothing was sent
 * @param elapsed how long it took
 */
public record BroadcastReport(
        String counterId,
        Outcome outcome,
        long version,
        int passes,
        PassTally tally,
        @Nullable Duration changeAge,
        Duration elapsed) {

    /** How it ended. In each case nothing is forgotten. */
    public enum Outcome {
        /** Everyone has been told, now or before. */
        SENT,
        /** Another invocation was at it, and will send the newest version. */
        LEFT_TO_ANOTHER,
        /** The pace or the time does not allow it now: another invocation was started that will send it. */
        HANDED_ON,
        /** The stream will start afresh. */
        LEFT_TO_STREAM,
        /** This invocation was too slow, and another has taken over. */
        OVERTAKEN,
        /** A part of the audience, or stragglers, were told on behalf of another invocation. */
        ASSISTED
    }
}
