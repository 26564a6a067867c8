package io.github.visitorcounter.internal.lambda;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.lease.FollowUp;
import org.jspecify.annotations.Nullable;

/** A record of the stream of the table of counters. */
public sealed interface StreamRecord {

    /**
     * Returns its place in the stream.
     *
     * @return the sequence number
     */
    String sequenceNumber();

    /** A record that is a reason to broadcast a counter. */
    sealed interface Trigger extends StreamRecord {

        /**
         * Returns which counter.
         *
         * @return its id
         */
        String counterId();
    }

    /**
     * A counter changed.
     *
     * @param sequenceNumber its place in the stream
     * @param counterId which counter
     * @param isDisconnect whether the change is a disconnect
     * @param newConnection the connection that was counted by it, or null
     * @param hasImage whether the record shows the new row, as the stream should
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
     * @param sequenceNumber its place in the stream
     * @param counterId which counter
     */
    record WakeUp(String sequenceNumber, String counterId) implements Trigger {}

    /**
     * A broadcast left work to a wake-up.
     *
     * @param sequenceNumber its place in the stream
     * @param followUp the work
     */
    record Left(String sequenceNumber, FollowUp followUp) implements Trigger {

        @Override
        public String counterId() {
            return followUp.counterId();
        }
    }

    /**
     * The record is about another row of the table, or a removed row.
     *
     * @param sequenceNumber its place in the stream
     */
    record Irrelevant(String sequenceNumber) implements StreamRecord {}

    /**
     * The record is not of a table of counters.
     *
     * @param sequenceNumber its place in the stream
     * @param problem what is wrong with it
     */
    record Unreadable(String sequenceNumber, String problem) implements StreamRecord {}
}
