package io.github.visitorcounter.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Why the broadcasting function runs. */
public sealed interface BroadcastRequest {

    /**
     * Another function asks for it.
     *
     * @param counterId whose count to tell
     */
    record Direct(String counterId) implements BroadcastRequest {}

    /**
     * The stream of the table of counters says that they changed.
     *
     * @param records in the order of the stream
     */
    record Stream(List<StreamRecord> records) implements BroadcastRequest {

        /** Copies the list. */
        public Stream {
            records = List.copyOf(records);
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
         * @return the sequence numbers of the records of those counters, and of the unreadable ones
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
         */
        record Changed(String sequenceNumber, String counterId) implements StreamRecord {}

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
