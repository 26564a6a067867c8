package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.time.Deadline;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Lets the broadcasting function give work to other invocations of itself. Thread-safe.
 *
 * <p>The asynchronous requests return false when the function may not invoke itself; the caller then does the work where it is.
 */
public interface Relay {

    /** For a function that may not invoke itself. */
    Relay NONE = new Relay() {
        @Override
        public boolean startPacer(PacerOrder order, Deadline deadline) {
            return false;
        }

        @Override
        public boolean tellStragglers(StragglerOrder order, Deadline deadline) {
            return false;
        }

        @Override
        public boolean lookAgain(LateLookOrder order, Deadline deadline) {
            return false;
        }

        @Override
        public CompletionStage<SegmentReport> tellSegment(SegmentOrder order, Duration timeout) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException("There is no relay"));
        }
    };

    /**
     * Asks for a turn that takes the caller's lease over, waits for the pace, and sends.
     *
     * @param counterId which counter
     * @param parent the caller's name, whose lease is taken over
     * @param hop how many pacers came before this one
     * @param lingersUntil until when departures, which are all there is to tell, wait for those who come back; null when there
     *     is more
     * @param rest what is left of the caller's pass, or null
     */
    record PacerOrder(
            String counterId,
            String parent,
            int hop,
            @Nullable Instant lingersUntil,
            @Nullable Rest rest) {}

    /**
     * The rest of a pass.
     *
     * @param cursor where to go on reading connections; null reads from the first
     * @param version what those before were told
     */
    record Rest(@Nullable String cursor, long version) {}

    /**
     * Asks to tell connections that a pass could not tell: they were in their handshake, or failed. Whoever sends a newer
     * version tells them that, so this order ends as soon as there is one.
     *
     * @param counterId whose count
     * @param version what the others were told
     * @param connections whom to tell
     * @param hop how many invocations have tried before
     */
    record StragglerOrder(String counterId, long version, List<Connection> connections, int hop) {

        /**
         * Copies the list.
         *
         * @param counterId whose count
         * @param version what the others were told
         * @param connections whom to tell
         * @param hop how many invocations have tried before
         */
        public StragglerOrder {
            connections = List.copyOf(connections);
        }
    }

    /**
     * Asks to look again for connections that a pass could not see yet, because the index that it read lags behind, and to
     * tell them. Whoever sends a newer version sees to that again, so this order ends when there is one.
     *
     * @param counterId whose count
     * @param version what the others were told
     * @param passAt when that pass began
     */
    record LateLookOrder(String counterId, long version, Instant passAt) {}

    /**
     * Asks to tell one part of the audience.
     *
     * @param counterId whose count
     * @param segment which part, from 0
     * @param totalSegments of how many
     * @param message what to tell them
     */
    record SegmentOrder(String counterId, int segment, int totalSegments, String message) {}

    /**
     * What became of a segment.
     *
     * @param tally what was done
     * @param stragglers who could not be told yet
     */
    record SegmentReport(PassTally tally, List<Connection> stragglers) {

        /**
         * Copies the list.
         *
         * @param tally what was done
         * @param stragglers who could not be told yet
         */
        public SegmentReport {
            stragglers = List.copyOf(stragglers);
        }
    }

    /**
     * Starts a pacer.
     *
     * @param order what it is to do
     * @param deadline when to give up
     * @return false when the function may not invoke itself
     * @throws io.github.visitorcounter.ServiceUnavailableException if it could not be started in time; it may have been
     *     started all the same
     */
    boolean startPacer(PacerOrder order, Deadline deadline);

    /**
     * Lets another invocation tell stragglers.
     *
     * @param order whom to tell
     * @param deadline when to give up
     * @return false when the function may not invoke itself
     * @throws io.github.visitorcounter.ServiceUnavailableException if it could not be started in time; it may have been
     *     started all the same
     */
    boolean tellStragglers(StragglerOrder order, Deadline deadline);

    /**
     * Lets another invocation look again.
     *
     * @param order for whom
     * @param deadline when to give up
     * @return false when the function may not invoke itself
     * @throws io.github.visitorcounter.ServiceUnavailableException if it could not be started in time; it may have been
     *     started all the same
     */
    boolean lookAgain(LateLookOrder order, Deadline deadline);

    /**
     * Lets another invocation tell a part of the audience, and waits for it.
     *
     * @param order what to tell whom
     * @param timeout how long it may take
     * @return completes with what was done, or fails, within the timeout; with {@link UnsupportedOperationException} when the
     *     function may not invoke itself
     */
    CompletionStage<SegmentReport> tellSegment(SegmentOrder order, Duration timeout);
}
