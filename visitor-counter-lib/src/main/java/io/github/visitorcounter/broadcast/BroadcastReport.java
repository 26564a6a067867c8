package io.github.visitorcounter.broadcast;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * What an invocation of the broadcasting function did for a counter. Immutable.
 *
 * @param counterId the counter
 * @param outcome how the invocation ended
 * @param version the newest version that it sent to all connections; 0 when it sent none
 * @param passes how many passes it made, each over all connections
 * @param tally what became of the connections of all passes
 * @param changeAge how old the change was when the first pass began, by the clocks of two machines, so that it may be negative; null when
 *     there was no pass
 * @param elapsed how long the invocation worked for the counter
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
        /**
         * Posts failed and none was delivered: the log says why. Connections that may be reached later are tried again at wake-ups, for
         * three minutes; the others are sent the next change.
         */
        UNDELIVERED,
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
