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
 * @since 0.1.0
 */
public record BroadcastReport(
        String counterId,
        Outcome outcome,
        long version,
        int passes,
        DeliveryStats tally,
        @Nullable Duration changeAge,
        Duration elapsed) {

    /** How an invocation ended. In each case no change is lost. */
    public enum Outcome {
        /** Everyone has been sent the newest version, by this invocation or by another one before. */
        SENT,
        /** Another invocation holds the lease. It reads the count again when it has released it. */
        LEASE_HELD,
        /** The message budget, the shortest interval or the time left allow no broadcast now: a wake-up will send the count. */
        DEFERRED,
        /**
         * As {@link #DEFERRED}, and the wake-up that was requested before has not come for a minute: the event source mapping for
         * wake-ups may be missing or disabled.
         */
        WAKE_UP_OVERDUE
    }
}
