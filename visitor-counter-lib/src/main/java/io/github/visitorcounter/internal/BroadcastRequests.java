package io.github.visitorcounter.internal;

import io.github.visitorcounter.internal.BroadcastRequest.StreamRecord;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Reads what the broadcasting function is invoked with: a batch of the stream, or {@code {"counterId":"…"}}. */
public final class BroadcastRequests {

    private BroadcastRequests() {}

    /**
     * Reads a request.
     *
     * @param input the event
     * @return the request
     * @throws InvalidEventException if it is none, or a record has no sequence number, so that it can't be reported
     * @throws IOException if the input can't be read
     */
    public static BroadcastRequest read(InputStream input) throws IOException {
        EventNode event = EventNode.read(input);
        EventNode records = event.get("Records");
        if (!records.isPresent()) {
            return new BroadcastRequest.Direct(event.get("counterId").text());
        }
        if (!records.isArray()) {
            throw records.wrong("a list of stream records");
        }
        List<StreamRecord> changes = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            changes.add(record(records.get(i)));
        }
        return new BroadcastRequest.Stream(changes);
    }

    private static StreamRecord record(EventNode record) {
        EventNode change = record.get("dynamodb");
        String sequenceNumber = change.get("SequenceNumber").text();
        try {
            String counterId = change.get("Keys").get("counterId").get("S").text();
            boolean isCount = change.get("NewImage").get("lastChange").isPresent();
            return isCount
                    ? new StreamRecord.Changed(sequenceNumber, counterId)
                    : new StreamRecord.Irrelevant(sequenceNumber);
        } catch (InvalidEventException unreadable) {
            return new StreamRecord.Unreadable(sequenceNumber, String.valueOf(unreadable.getMessage()));
        }
    }
}
