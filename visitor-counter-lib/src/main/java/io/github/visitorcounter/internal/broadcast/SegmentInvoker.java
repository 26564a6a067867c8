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

    /** Always answers that the function may not invoke itself. */
    SegmentInvoker NONE = (request, timeout) -> CompletableFuture.completedFuture(new Answer.Forbidden(null));

    /**
     * A request to send a message to one segment of the audience.
     *
     * @param counterId the counter
     * @param segment the segment, from 0
     * @param totalSegments the number of segments
     * @param message the text to send
     * @param suspects the ids of connections that have answered 410 in an earlier pass
     */
    record SegmentRequest(String counterId, int segment, int totalSegments, String message, Set<String> suspects) {

        /**
         * Copies the set.
         *
         * @param counterId the counter
         * @param segment the segment
         * @param totalSegments the number of segments
         * @param message the text to send
         * @param suspects the ids of connections that have answered 410 in an earlier pass
         */
        public SegmentRequest {
            suspects = Set.copyOf(suspects);
        }
    }

    /**
     * The result of one segment.
     *
     * @param tally the delivery statistics
     * @param unsent connections whose posts failed, but may succeed later
     * @param suspects connections that answered 410; a later pass must confirm it
     * @param lags whether the pages that were read may have missed connections
     */
    record SegmentReport(DeliveryStats tally, List<Connection> unsent, List<Connection> suspects, boolean lags) {

        /**
         * Copies the lists.
         *
         * @param tally the delivery statistics
         * @param unsent connections whose posts failed
         * @param suspects connections that answered 410
         * @param lags whether the pages that were read may have missed connections
         */
        public SegmentReport {
            unsent = List.copyOf(unsent);
            suspects = List.copyOf(suspects);
        }
    }

    /** The answer of an invocation. */
    sealed interface Answer {

        /**
         * The segment was sent.
         *
         * @param report the report
         */
        record Sent(SegmentReport report) implements Answer {}

        /**
         * The concurrency limit of the function or the account is reached.
         *
         * @param failure the failed call, for the log
         */
        record Throttled(@Nullable FailedCall failure) implements Answer {}

        /**
         * The function may not invoke itself.
         *
         * @param failure the failed call, for the log
         */
        record Forbidden(@Nullable FailedCall failure) implements Answer {}

        /**
         * The invocation failed, or did not answer.
         *
         * @param failure the failed call, for the log
         */
        record Failed(FailedCall failure) implements Answer {}
    }

    /**
     * Invokes the function for one segment, without retries.
     *
     * @param request the message and the segment
     * @param timeout the time limit
     * @return a stage that completes with the answer within the timeout
     */
    CompletionStage<Answer> invoke(SegmentRequest request, Duration timeout);
}
