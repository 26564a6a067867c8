package io.github.visitorcounter.internal.lambda;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.lease.FollowUp;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterIds;
import io.github.visitorcounter.internal.count.CounterKeys;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads the events of the broadcast function: a batch of the stream, a direct invocation ({@code {"counterId":"…"}}),
 * or a segment of a broadcast.
 */
public final class StreamEvents {

    private static final Set<String> DISCONNECTS = Set.of(Change.DISCONNECT.name(), Change.PRUNE.name());
    private static final String REMOVE = "REMOVE";
    private static final long MAX_ATTEMPT = 1_000_000;

    private StreamEvents() {}

    /**
     * Reads a request.
     *
     * @param input the event
     * @return the request
     * @throws InvalidEventException if the event is none of these, or a record has no sequence number, for instance
     *     because it is of another service
     * @throws IOException if the input can't be read
     */
    public static BroadcastRequest read(InputStream input) throws IOException {
        EventField event = EventField.read(input);
        EventField records = event.get("Records");
        if (!records.isPresent()) {
            return InvocationPayloads.read(event);
        }
        List<StreamRecord> changes = new ArrayList<>();
        for (int i = 0; i < records.array().size(); i++) {
            changes.add(record(records.get(i)));
        }
        String source =
                records.size() == 0 ? "" : records.get(0).get("eventSourceARN").arn();
        return new BroadcastRequest.Stream(new StreamBatch(source, changes));
    }

    /**
     * Only records of other tables are unreadable. A record of the table of counters is never failed, whatever its row
     * contains.
     */
    private static StreamRecord record(EventField record) {
        EventField change = record.get("dynamodb");
        String sequenceNumber = change.get("SequenceNumber").sequenceNumber();
        String key;
        try {
            key = change.get("Keys").get("counterId").get("S").text();
        } catch (InvalidEventException unreadable) {
            return new StreamRecord.Unreadable(sequenceNumber, String.valueOf(unreadable.getMessage()));
        }
        EventField image = change.get("NewImage");
        boolean isRemoved = REMOVE.equals(record.get("eventName").optionalText());
        try {
            if (!isRemoved && WakeUpRows.isKey(key)) {
                return wakeUp(sequenceNumber, WakeUpRows.parse(key), image);
            }
            String counterId = CounterKeys.counterOf(key);
            if (isRemoved || counterId == null || !CounterIds.isValid(counterId)) {
                return new StreamRecord.Irrelevant(sequenceNumber);
            }
            return image.isPresent()
                    ? changed(sequenceNumber, counterId, image)
                    : new StreamRecord.Changed(sequenceNumber, counterId, false, null, false);
        } catch (InvalidEventException edited) {
            return new StreamRecord.Irrelevant(sequenceNumber);
        }
    }

    private static StreamRecord changed(String sequenceNumber, String counterId, EventField image) {
        String lastChange = image.get("lastChange").get("S").optionalText();
        return lastChange == null
                ? new StreamRecord.Irrelevant(sequenceNumber)
                : new StreamRecord.Changed(
                        sequenceNumber,
                        counterId,
                        DISCONNECTS.contains(lastChange),
                        lastChange.equals(Change.CONNECT.name()) ? newConnection(counterId, image) : null,
                        true);
    }

    /**
     * Returns the connection of a connect, whose {@code updatedAt} is the time when the connection was accepted.
     * Returns null if the row was edited.
     */
    private static @Nullable Connection newConnection(String counterId, EventField image) {
        try {
            return Connection.opened(
                    image.get("lastConnectionId").get("S").connectionId(),
                    counterId,
                    image.get("updatedAt").get("N").epochMillisInString());
        } catch (InvalidEventException edited) {
            return null;
        }
    }

    private static StreamRecord wakeUp(String sequenceNumber, WakeUpRows.Key key, EventField image) {
        if (!CounterIds.isValid(key.counterId())) {
            return new StreamRecord.Irrelevant(sequenceNumber);
        }
        if (!key.isFollowUp()) {
            return new StreamRecord.WakeUp(sequenceNumber, key.counterId());
        }
        EventField rescanOf = image.get(WakeUpRows.RESCAN_OF).get("N");
        return new StreamRecord.FollowUpAdded(
                sequenceNumber,
                new FollowUp(
                        key.counterId(),
                        image.get(WakeUpRows.VERSION).get("N").longInString(),
                        connections(
                                key.counterId(), image.get(WakeUpRows.UNSENT).get("M")),
                        connections(
                                key.counterId(), image.get(WakeUpRows.SUSPECTS).get("M")),
                        rescanOf.isPresent() ? rescanOf.epochMillisInString() : null,
                        image.get(WakeUpRows.UNTIL).get("N").epochMillisInString(),
                        (int) Math.min(image.get(WakeUpRows.ATTEMPT).get("N").longInString(), MAX_ATTEMPT)));
    }

    private static List<Connection> connections(String counterId, EventField map) {
        List<Connection> connections = new ArrayList<>();
        for (String id : map.names()) {
            Instant connectedAt = map.get(id).get("N").epochMillisInString();
            connections.add(Connection.opened(id, counterId, connectedAt));
        }
        return connections;
    }
}
