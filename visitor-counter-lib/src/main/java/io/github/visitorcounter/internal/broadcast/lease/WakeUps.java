package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.internal.time.Deadline;

import java.time.Duration;
import java.time.Instant;

/**
 * The clock of the broadcasts: a wake-up is a row of the table of counters whose stream record comes back to the broadcasting
 * function a second or so later, through an event source mapping with a batching window. Nothing waits meanwhile, and nothing is
 * paid for waiting. Thread-safe.
 *
 * <p>Every method throws {@link io.github.visitorcounter.ServiceUnavailableException} if the store did not answer before the
 * deadline; whether the change was made is then unknown, and each may be repeated.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching">
 *     batching windows</a>
 */
public interface WakeUps {

    /** A wake-up that has been pending for so long has lost its record: it is requested again. */
    Duration OVERDUE_AFTER = Duration.ofMinutes(1);

    /** What became of a request. */
    enum Request {
        /** The wake-up was requested. */
        REQUESTED,
        /** A wake-up was pending. */
        PENDING,
        /** A wake-up was pending for so long that its record must have been lost; it was requested again. */
        OVERDUE
    }

    /**
     * Requests a wake-up, unless one is pending.
     *
     * @param counterId whose broadcast
     * @param now the current time
     * @param deadline when to give up
     * @return what became of it
     */
    Request request(String counterId, Instant now, Deadline deadline);

    /**
     * Tells whether a wake-up will come.
     *
     * @param counterId whose broadcast
     * @param now the current time
     * @param deadline when to give up
     * @return true if one is pending and not overdue
     */
    boolean isPending(String counterId, Instant now, Deadline deadline);

    /**
     * Removes the request, so that the next one is written again. A wake-up does this before it reads the count.
     *
     * @param counterId whose broadcast
     * @param deadline when to give up
     */
    void clear(String counterId, Deadline deadline);

    /**
     * Leaves work to a wake-up of its own.
     *
     * @param id distinguishes the follow-ups of a counter; the same one with the same content is left once
     * @param followUp the work
     * @param deadline when to give up
     */
    void addFollowUp(String id, FollowUp followUp, Deadline deadline);
}
