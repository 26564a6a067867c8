package io.github.visitorcounter.internal.lambda;

import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentRequest;

/** Why the broadcasting function runs. */
public sealed interface BroadcastRequest {

    /**
     * Another function asks for a broadcast after a disconnect.
     *
     * @param counterId whose count
     */
    record Direct(String counterId) implements BroadcastRequest {}

    /**
     * Another invocation divides its audience.
     *
     * @param request what to send to whom
     */
    record Segment(SegmentRequest request) implements BroadcastRequest {}

    /**
     * The stream of the table of counters.
     *
     * @param batch its records
     */
    record Stream(StreamBatch batch) implements BroadcastRequest {}
}
