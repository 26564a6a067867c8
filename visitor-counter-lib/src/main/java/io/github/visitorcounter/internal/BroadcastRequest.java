package io.github.visitorcounter.internal;

import io.github.visitorcounter.broadcast.Relay.LateLookOrder;
import io.github.visitorcounter.broadcast.Relay.PacerOrder;
import io.github.visitorcounter.broadcast.Relay.SegmentOrder;
import io.github.visitorcounter.broadcast.Relay.StragglerOrder;
import io.github.visitorcounter.connection.Connection;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Why the broadcasting function runs. */
public sealed interface BroadcastRequest {

    /**
     * Another function asks for it because somebody has left.
     *
     * @param counterId whose count to tell
     */
    record Direct(String counterId) implements BroadcastRequest {}

    /**
     * Another invocation hands its turn on.
     *
     * @param order what to do
     */
    record Pacer(PacerOrder order) implements BroadcastRequest {}

    /**
     * Another invocation could not tell everyone.
     *
     * @param order whom to tell
     */
    record Stragglers(StragglerOrder order) implements BroadcastRequest {}

    /**
     * Another invocation may not have seen everyone yet.
     *
     * @param order for whom to look
     */
    record LateLook(LateLookOrder order) implements BroadcastRequest {}

    /**
     * Another invocation divides its audience.
     *
     * @param order what to tell whom
     */
    record Segment(SegmentOrder order) implements BroadcastRequest {}

    /**
     * The stream of the table of counters says that they changed.
     *
     * @param source the stream's ARN
     * @param records in the order of the stream
     */
    record Stream(String source, List<StreamRecord> records) implements BroadcastRequest {

        /** Copies the list. */
        public Stream {
            records = List.copyOf(records);
        }

        /**
         * Names the batch for one of its counters, by that counter's first record: so a retry has the same name, whether
         * Lambda repeats the whole batch, half of it, or what follows the records that were done.
         *
         * @param counterId the counter
         * @return a name
         * @throws java.util.NoSuchElementException if the batch has no record of the counter
         */
        public String identity(String counterId) {
            StreamRecord first = records.stream()
                    .filter(record -> isOf(counterId, record))
                    .findFirst()
                    .orElseThrow();
            return source + "/" + first.sequenceNumber() + "/" + counterId;
        }

        private static boolean isOf(String counterId, StreamRecord record) {
            return record instanceof StreamRecord.Changed changed
                    && changed.counterId().equals(counterId);
        }

        /**
         * Finds who has just arrived.
         *
         * @param counterId the counter
         * @return the connections that its records name
         */
        public List<Connection> newcomers(String counterId) {
            List<Connection> newcomers = new ArrayList<>();
            for (StreamRecord record : records) {
                if (record instanceof StreamRecord.Changed changed
                        && changed.counterId().equals(counterId)
                        && changed.newcomer() != null) {
                    newcomers.add(changed.newcomer());
                }
            }
            return newcomers;
        }

        /**
         * Tells whether nothing but departures is to be told.
         *
         * @param counterId the counter
         * @return whether none of its records is of another change
         */
        public boolean onlyDepartures(String counterId) {
            return records.stream()
                    .filter(StreamRecord.Changed.class::isInstance)
                    .map(StreamRecord.Changed.class::cast)
                    .filter(changed -> changed.counterId().equals(counterId))
                    .allMatch(StreamRecord.Changed::departure);
        }

        /** The counters that changed; many changes of one are one broadcast. */
        public Set<String> counterIds() {
            Set<String> counterIds = new TreeSet<>();
            for (StreamRecord record : records) {
                if (record instanceof StreamRecord.Changed changed) {
                    counterIds.add(changed.counterId());
                }
            }
            return counterIds;
        }

        /** The records that can't be read. */
        public List<StreamRecord.Unreadable> unreadable() {
            return records.stream()
                    .filter(StreamRecord.Unreadable.class::isInstance)
                    .map(StreamRecord.Unreadable.class::cast)
                    .toList();
        }

        /**
         * Tells which records Lambda must deliver again.
         *
         * @param failedCounterIds the counters whose broadcast failed
         * @return the sequence numbers of the records of those counters, and of those that can't be read: so these end in the
         *     mapping's on-failure destination, where somebody finds them
         */
        public List<String> failedSequenceNumbers(Set<String> failedCounterIds) {
            List<String> failed = new ArrayList<>();
            for (StreamRecord record : records) {
                if (record instanceof StreamRecord.Unreadable
                        || (record instanceof StreamRecord.Changed changed
                                && failedCounterIds.contains(changed.counterId()))) {
                    failed.add(record.sequenceNumber());
                }
            }
            return failed;
        }
    }

    /** A record of the stream. */
    sealed interface StreamRecord {

        /** Its place in the stream. */
        String sequenceNumber();

        /**
         * A counter changed.
         *
         * @param sequenceNumber its place in the stream
         * @param counterId which counter
         * @param departure whether somebody left by that change
         * @param newcomer who arrived by that change, or null
         */
        record Changed(
                String sequenceNumber,
                String counterId,
                boolean departure,
                @Nullable Connection newcomer) implements StreamRecord {}

        /**
         * The record is not about a count: a row without {@code lastChange}, or a removed row.
         *
         * @param sequenceNumber its place in the stream
         */
        record Irrelevant(String sequenceNumber) implements StreamRecord {}

        /**
         * The record is not what the table of counters sends.
         *
         * @param sequenceNumber its place in the stream
         * @param problem what is wrong with it
         */
        record Unreadable(String sequenceNumber, String problem) implements StreamRecord {}
    }
}
