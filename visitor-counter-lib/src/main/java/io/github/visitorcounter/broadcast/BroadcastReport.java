package io.github.visitorcounter.broadcast;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * What an invocation of the broadcasting function did for a counter. Immutable.
 *
 * @param counterId the counter
 * @param outcome how the invocation ended
 * @param version the newest version that it sent to all connections; 0 if it sent none
 * @param passes the number of passes over all connections
 * @param tally the delivery statistics of all posts
 * @param changeAge the age of the change when the first pass began; null without a pass. It is the difference of two
 *     machines' clocks and may be negative
 * @param elapsed the time that the invocation spent on the counter
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

    /** How an invocation ended. No change is lost in any case. */
    public enum Outcome {
        /** The newest version has been sent to all connections, by this invocation or an earlier one. */
        SENT,
        /**
         * Pages would see no difference between the newest version and the one that all connections have been sent, see
         * {@link MessageFormat#isChange}. Only new connections were sent a message.
         */
        UNCHANGED,
        /**
         * Posts failed and none was delivered; the log contains the reasons. Wake-ups retry the posts that may succeed
         * later for three minutes. The other connections are sent the next change.
         */
        UNDELIVERED,
        /** Another invocation holds the lease. It reads the count again after it has released the lease. */
        LEASE_HELD,
        /**
         * The message budget, the minimum interval or the remaining time allows no broadcast now: a wake-up will send
         * the count.
         */
        DEFERRED,
        /**
         * As {@link #DEFERRED}, and an earlier wake-up has been pending for a minute: the event source mapping for
         * wake-ups may be missing or disabled.
         */
        WAKE_UP_OVERDUE
    }
}
