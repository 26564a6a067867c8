package io.github.visitorcounter.internal;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.Change;
import io.github.visitorcounter.internal.BroadcastRequest.StreamRecord;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads what the broadcasting function is invoked with: a batch of the stream, {@code {"counterId":"…"}}, or an order of another
 * invocation. */
public final class BroadcastRequests {

    private static final Set<String> DEPARTURES = Set.of(Change.DISCONNECT.name(), Change.PRUNE.name());

    private BroadcastRequests() {}

    /**
     * Reads a request.
     *
     * @param input the event
     * @return the request
     * @throws InvalidEventException if it is none, or a record has no sequence number, as those of other services
     * @throws IOException if the input can't be read
     */
    public static BroadcastRequest read(InputStream input) throws IOException {
        EventNode event = EventNode.read(input);
        EventNode records = event.get("Records");
        if (!records.isPresent()) {
            return Orders.read(event);
        }
        if (!records.isArray()) {
            throw records.wrong("a list of stream records");
        }
        List<StreamRecord> changes = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            changes.add(record(records.get(i)));
        }
        String source =
                records.size() == 0 ? "" : records.get(0).get("eventSourceARN").text();
        return new BroadcastRequest.Stream(source, changes);
    }

    private static StreamRecord record(EventNode record) {
        EventNode change = record.get("dynamodb");
        String sequenceNumber = change.get("SequenceNumber").sequenceNumber();
        try {
            String counterId = change.get("Keys").get("counterId").get("S").counterOfRow();
            EventNode image = change.get("NewImage");
            String lastChange = image.get("lastChange").get("S").optionalText();
            if (lastChange == null) {
                return new StreamRecord.Irrelevant(sequenceNumber);
            }
            boolean arrival = lastChange.equals(Change.CONNECT.name());
            return new StreamRecord.Changed(
                    sequenceNumber,
                    counterId,
                    DEPARTURES.contains(lastChange),
                    arrival ? newcomer(counterId, image) : null);
        } catch (InvalidEventException unreadable) {
            return new StreamRecord.Unreadable(sequenceNumber, String.valueOf(unreadable.getMessage()));
        }
    }

    /** An arrival's row was updated at the moment when the connection was accepted. */
    private static Connection newcomer(String counterId, EventNode image) {
        return Connection.opened(
                image.get("lastConnectionId").get("S").connectionId(),
                counterId,
                image.get("updatedAt").get("N").epochMillisInText());
    }
}
