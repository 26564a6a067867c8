package io.github.visitorcounter.internal.lambda;

import java.util.List;

/** Says what is wrong with the stream or with the event source mapping that a batch came from. */
final class StreamWarnings {

    private StreamWarnings() {}

    static void log(StreamBatch batch, Invocation invocation) {
        List<StreamRecord.Unreadable> unreadable = batch.unreadable();
        if (!unreadable.isEmpty()) {
            StreamRecord.Unreadable first = unreadable.get(0);
            invocation.warn("Stream records that are not of a table of counters: " + unreadable.size()
                    + ", the first is " + first.sequenceNumber() + ": " + first.problem());
        }
        if (batch.isUnfiltered()) {
            invocation.warn("Changes and wake-ups come to "
                    + invocation.context().getFunctionName()
                    + " together: give its event source mapping the filter"
                    + " of the documentation. Until then, wake-ups come at once, and broadcasts cost more");
        }
        if (!batch.hasImages()) {
            invocation.warn(
                    "The stream " + batch.source() + " does not show new rows: set the table's StreamViewType to"
                            + " NEW_IMAGE or NEW_AND_OLD_IMAGES. Until then, new connections wait for the next broadcast,"
                            + " and connections that could not be reached are not tried again");
        }
    }
}
