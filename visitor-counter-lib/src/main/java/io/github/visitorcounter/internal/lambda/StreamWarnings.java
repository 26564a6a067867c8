package io.github.visitorcounter.internal.lambda;

import java.util.List;

/** Logs warnings about a wrong configuration of the stream or of the event source mapping. */
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
                            "that its event source mapping has the filter of the documentation. Until then, wake-ups are"
                                    + " not delayed, and broadcasts cost more"));
        }
        if (!batch.hasImages()) {
            invocation.log(LogLine.warn("Stream without new images")
                    .with("stream", batch.source())
                    .with(
                            "check",
                            "that the table's StreamViewType is NEW_IMAGE or NEW_AND_OLD_IMAGES. Until then, new"
                                    + " connections receive nothing before the next broadcast, and failed posts are not"
                                    + " retried"));
        }
    }
}
