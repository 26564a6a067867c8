package io.github.visitorcounter.internal.lambda;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.lease.FollowUp;
import org.jspecify.annotations.Nullable;

/** A record of the stream of the table of counters. */
public sealed interface StreamRecord {

    /**
     * Returns the sequence number of the record.
     *
     * @return the sequence number
     */
    String sequenceNumber();

    /** A record that triggers a broadcast of a counter. */
    sealed interface Trigger extends StreamRecord {

        /**
         * Returns the counter.
         *
         * @return its id
         */
        String counterId();
    }

    /**
     * A counter changed.
     *
     * @param sequenceNumber the sequence number of the record
     * @param counterId the counter
     * @param isDisconnect whether the change is a disconnect
     * @param newConnection the connection that the change counted, or null
     * @param hasImage whether the record contains the new row, as it must
     */
    record Changed(
            String sequenceNumber,
            String counterId,
            boolean isDisconnect,
            @Nullable Connection newConnection,
            boolean hasImage)
            implements Trigger {}

    /**
     * A wake-up was requested.
     *
     * @param sequenceNumber the sequence number of the record
     * @param counterId the counter
     */
    record WakeUp(String sequenceNumber, String counterId) implements Trigger {}

    /**
     * A broadcast wrote a follow-up.
     *
     * @param sequenceNumber the sequence number of the record
     * @param followUp the follow-up
     */
    record FollowUpAdded(String sequenceNumber, FollowUp followUp) implements Trigger {

        @Override
        public String counterId() {
            return followUp.counterId();
        }
    }

    /**
     * The record is about another row of the table, or a removed row.
     *
     * @param sequenceNumber the sequence number of the record
     */
    record Irrelevant(String sequenceNumber) implements StreamRecord {}

    /**
     * The record is not of a table of counters.
     *
     * @param sequenceNumber the sequence number of the record
     * @param problem what is wrong with it
     */
    record Unreadable(String sequenceNumber, String problem) implements StreamRecord {}
}
