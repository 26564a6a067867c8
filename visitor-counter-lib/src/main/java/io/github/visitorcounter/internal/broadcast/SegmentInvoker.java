package io.github.visitorcounter.internal.broadcast;

import io.github.visitorcounter.broadcast.DeliveryStats;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.delivery.FailedCall;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Invokes the broadcasting function itself for a segment of a large audience. Thread-safe. */
@FunctionalInterface
public interface SegmentInvoker {

    /** For a function that may not invoke itself. */
    SegmentInvoker NONE = (request, timeout) -> CompletableFuture.completedFuture(new Answer.Forbidden(null));

    /**
     * Asks another invocation to send a message to one segment of the audience.
     *
     * @param counterId whose count
     * @param segment which segment, from 0
     * @param totalSegments of how many
     * @param message what to send
     * @param suspects the ids of connections that answered 410 before
     */
    record SegmentRequest(String counterId, int segment, int totalSegments, String message, Set<String> suspects) {

        /**
         * Copies the set.
         *
         * @param counterId whose count
         * @param segment which segment
         * @param totalSegments of how many
         * @param message what to send
         * @param suspects the ids of connections that answered 410 before
         */
        public SegmentRequest {
            suspects = Set.copyOf(suspects);
        }
    }

    /**
     * What became of a segment.
     *
     * @param tally what was done
     * @param unsent connections that the message could not be sent to, but may be later
     * @param suspects connections that answered 410 and are to be asked again
     * @param lags whether the pages that were read may have lacked connections
     */
    record SegmentReport(DeliveryStats tally, List<Connection> unsent, List<Connection> suspects, boolean lags) {

        /**
         * Copies the lists.
         *
         * @param tally what was done
         * @param unsent connections that the message could not be sent to
         * @param suspects connections that answered 410
         * @param lags whether the pages that were read may have lacked connections
         */
        public SegmentReport {
            unsent = List.copyOf(unsent);
            suspects = List.copyOf(suspects);
        }
    }

    /** How an invocation was answered. */
    sealed interface Answer {

        /**
         * The segment was sent.
         *
         * @param report what was done
         */
        record Sent(SegmentReport report) implements Answer {}

        /**
         * Lambda runs as many invocations as the function, or the account, may have at once.
         *
         * @param failure what Lambda said, for the log
         */
        record Throttled(@Nullable FailedCall failure) implements Answer {}

        /**
         * The function may not invoke itself.
         *
         * @param failure what Lambda said, for the log
         */
        record Forbidden(@Nullable FailedCall failure) implements Answer {}

        /**
         * The invocation failed, or was not answered.
         *
         * @param failure why, for the log
         */
        record Failed(FailedCall failure) implements Answer {}
    }

    /**
     * Invokes the function, and waits for its answer. Does not retry.
     *
     * @param request what to send to whom
     * @param timeout how long it may take
     * @return completes with the answer within the timeout
     */
    CompletionStage<Answer> invoke(SegmentRequest request, Duration timeout);
}
