package io.github.visitorcounter.internal.lambda;

import java.util.List;

/** Says what is wrong with the stream or with the event source mapping that a batch came from. */
final class StreamWarnings {

    private StreamWarnings() {}

    static void log(StreamBatch batch, Invocation invocation) {
        List<StreamRecord.Unreadable> unreadable = batch.unreadable();
        if (!unreadable.isEmpty()) {
            StreamRecord.Unreadable first = unreadable.get(0);
            invocation.log(LogLine.warn("Unreadable stream records")
                    .with("records", unreadable.size())
                    .with("first", first.sequenceNumber())
                    .with("detail", first.problem())
                    .with(
                            "check",
                            "that the function's event source mapping reads the stream of the table of counters"));
        }
        if (batch.isUnfiltered()) {
            invocation.log(LogLine.warn("Changes and wake-ups in one batch")
                    .with("function", invocation.context().getFunctionName())
                    .with(
                            "check",
                            "that its event source mapping has the filter of the documentation. Until then, wake-ups come at"
                                    + " once, and broadcasts cost more"));
        }
        if (!batch.hasImages()) {
            invocation.log(LogLine.warn("Stream without new images")
                    .with("stream", batch.source())
                    .with(
                            "check",
                            "that the table's StreamViewType is NEW_IMAGE or NEW_AND_OLD_IMAGES. Until then, new connections"
                                    + " wait for the next broadcast, and connections that could not be reached are not tried"
                                    + " again"));
        }
    }
}
