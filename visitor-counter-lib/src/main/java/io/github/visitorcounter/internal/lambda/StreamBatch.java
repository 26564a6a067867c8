package io.github.visitorcounter.internal.lambda;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.lease.BroadcastTrigger;
import io.github.visitorcounter.internal.broadcast.lease.FollowUp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A batch of stream records.
 *
 * @param source the stream's ARN
 * @param records in the order of the stream
 */
public record StreamBatch(String source, List<StreamRecord> records) {

    /** Copies the list. */
    public StreamBatch {
        records = List.copyOf(records);
    }

    /**
     * Returns one trigger for each counter, however many records it has.
     *
     * @return the triggers, in the order of their first records
     */
    public List<BroadcastTrigger> triggers() {
        Map<String, List<StreamRecord.Trigger>> byCounter = new LinkedHashMap<>();
        of(StreamRecord.Trigger.class).forEach(record -> byCounter
                .computeIfAbsent(record.counterId(), any -> new ArrayList<>())
                .add(record));
        return byCounter.entrySet().stream()
                .map(entry -> trigger(entry.getKey(), entry.getValue()))
                .toList();
    }

    /**
     * The identity of a trigger is the counter's first record. A retry has the same identity, whether Lambda delivers
     * the whole batch again, half of it, or only the records after the successful ones.
     */
    private BroadcastTrigger trigger(String counterId, List<StreamRecord.Trigger> records) {
        String identity = source + "/" + records.get(0).sequenceNumber() + "/" + counterId;
        List<StreamRecord.Changed> changes = only(StreamRecord.Changed.class, records);
        boolean clearsWakeUp = !only(StreamRecord.WakeUp.class, records).isEmpty();
        List<FollowUp> followUps = only(StreamRecord.FollowUpAdded.class, records).stream()
                .map(StreamRecord.FollowUpAdded::followUp)
                .toList();
        boolean isWakeUp = changes.size() < records.size();
        if (!isWakeUp && changes.stream().allMatch(StreamRecord.Changed::isDisconnect)) {
            return BroadcastTrigger.disconnects(counterId, identity);
        }
        List<Connection> newConnections = changes.stream()
                .map(StreamRecord.Changed::newConnection)
                .filter(Objects::nonNull)
                .toList();
        return isWakeUp
                ? BroadcastTrigger.wakeUp(counterId, identity, newConnections, clearsWakeUp, followUps)
                : BroadcastTrigger.stream(counterId, identity, newConnections, changes.size());
    }

    private static <T> List<T> only(Class<T> type, List<? extends StreamRecord> records) {
        return records.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private <T> Stream<T> of(Class<T> type) {
        return records.stream().filter(type::isInstance).map(type::cast);
    }

    /**
     * Returns the records that are not of a table of counters.
     *
     * @return the records
     */
    public List<StreamRecord.Unreadable> unreadable() {
        return of(StreamRecord.Unreadable.class).toList();
    }

    /**
     * Returns whether the records contain new images.
     *
     * @return false if the record of a changed counter has no new image
     */
    public boolean hasImages() {
        return of(StreamRecord.Changed.class).allMatch(StreamRecord.Changed::hasImage);
    }

    /**
     * Returns whether the batch contains both changes and wake-ups, which means that the event source mapping has no
     * filter.
     *
     * @return true if it contains both
     */
    public boolean isUnfiltered() {
        return of(StreamRecord.Changed.class).findAny().isPresent()
                && of(StreamRecord.Trigger.class).anyMatch(record -> !(record instanceof StreamRecord.Changed));
    }

    /**
     * Returns the records that Lambda must deliver again.
     *
     * @param failedCounterIds the counters whose broadcast failed
     * @return the sequence numbers of the records of those counters, and of records that are not of a table of
     *     counters: Lambda sends the latter to the mapping's on-failure destination, where an operator finds them
     */
    public List<String> failedSequenceNumbers(Set<String> failedCounterIds) {
        return records.stream()
                .filter(record -> record instanceof StreamRecord.Unreadable
                        || (record instanceof StreamRecord.Trigger trigger
                                && failedCounterIds.contains(trigger.counterId())))
                .map(StreamRecord::sequenceNumber)
                .toList();
    }
}
