package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.internal.time.Deadline;

import java.time.Duration;
import java.time.Instant;

/**
 * Requests wake-ups. A wake-up is a row of the table of counters; its stream record invokes the wake-up function about
 * a second later, through an event source mapping with a batching window. No function waits, so waiting costs nothing.
 * Thread-safe.
 *
 * <p>Every method throws {@link io.github.visitorcounter.ServiceUnavailableException} if the store did not answer
 * before the deadline. The change may then have been applied or not; every change may be repeated.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching">
 *     batching windows</a>
 */
public interface WakeUps {

    /** A wake-up that has been pending for longer is requested again: its record must have been lost. */
    Duration OVERDUE_AFTER = Duration.ofMinutes(1);

    /** The result of a request. */
    enum Request {
        /** The wake-up was requested. */
        REQUESTED,
        /** A wake-up was already pending. */
        PENDING,
        /** A wake-up was pending for more than {@link #OVERDUE_AFTER}; it was requested again. */
        OVERDUE
    }

    /**
     * Requests a wake-up, unless one is pending.
     *
     * @param counterId the counter
     * @param now the current time
     * @param deadline when to give up
     * @return the result
     */
    Request request(String counterId, Instant now, Deadline deadline);

    /**
     * Returns whether a wake-up is pending.
     *
     * @param counterId the counter
     * @param now the current time
     * @param deadline when to give up
     * @return true if one is pending and not overdue
     */
    boolean isPending(String counterId, Instant now, Deadline deadline);

    /**
     * Removes the pending request, so that the next request writes a new row. A wake-up calls this before it reads the
     * count.
     *
     * @param counterId the counter
     * @param deadline when to give up
     */
    void clear(String counterId, Deadline deadline);

    /**
     * Writes a follow-up, which starts a wake-up of its own.
     *
     * @param id distinguishes the follow-ups of a counter; writing an unchanged follow-up again has no effect
     * @param followUp the follow-up
     * @param deadline when to give up
     */
    void addFollowUp(String id, FollowUp followUp, Deadline deadline);
}
