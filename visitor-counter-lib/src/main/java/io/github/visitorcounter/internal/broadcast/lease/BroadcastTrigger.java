package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.connection.Connection;

import java.util.List;

/**
 * A trigger of a broadcast: stream records, a wake-up or an invocation.
 *
 * @param counterId which counter
 * @param identity a unique name that stays the same when Lambda retries the invocation; it is the holder's name on the
 *     lease
 * @param onlyDisconnects whether the trigger carries only disconnects
 * @param newConnections connections that the trigger names because they were just counted; a pass posts to them first
 * @param changes the number of changes of the counter that the trigger carries; 0 if unknown
 * @param clearsWakeUp whether the trigger is the counter's pending wake-up, whose request is deleted first
 * @param followUps the follow-ups of earlier broadcasts
 */
public record BroadcastTrigger(
        String counterId,
        String identity,
        boolean onlyDisconnects,
        List<Connection> newConnections,
        int changes,
        boolean clearsWakeUp,
        List<FollowUp> followUps) {

    /**
     * Copies the lists.
     *
     * @param counterId which counter
     * @param identity the name of the trigger
     * @param onlyDisconnects whether the trigger carries only disconnects
     * @param newConnections connections that were just counted
     * @param changes the number of changes that the trigger carries
     * @param clearsWakeUp whether the trigger is the counter's pending wake-up
     * @param followUps the follow-ups of earlier broadcasts
     */
    public BroadcastTrigger {
        newConnections = List.copyOf(newConnections);
        followUps = List.copyOf(followUps);
    }

    /**
     * Creates the trigger of a batch of stream records of the counter.
     *
     * @param counterId which counter
     * @param identity the stream and the sequence number of the counter's first record in the batch
     * @param newConnections the connections that the records name
     * @param changes the number of records of the counter in the batch
     * @return the trigger
     */
    public static BroadcastTrigger stream(
            String counterId, String identity, List<Connection> newConnections, int changes) {
        return new BroadcastTrigger(counterId, identity, false, newConnections, changes, false, List.of());
    }

    /**
     * Creates the trigger of a batch of stream records of the counter that are all disconnects.
     *
     * @param counterId which counter
     * @param identity the stream and the sequence number of the counter's first record in the batch
     * @return the trigger
     */
    public static BroadcastTrigger disconnects(String counterId, String identity) {
        return new BroadcastTrigger(counterId, identity, true, List.of(), 0, false, List.of());
    }

    /**
     * Creates the trigger of an asynchronous invocation after a disconnect.
     *
     * @param counterId which counter
     * @param requestId the id of the invocation, which its retries share
     * @return the trigger
     */
    public static BroadcastTrigger invocation(String counterId, String requestId) {
        return disconnects(counterId, requestId);
    }

    /**
     * Creates the trigger of a batch of stream records with a wake-up of the counter.
     *
     * @param counterId which counter
     * @param identity the stream and the sequence number of the counter's first record in the batch
     * @param newConnections the connections that other records of the counter in the batch name; a mapping without
     *     filters has such records
     * @param clears whether the batch contains the record of the counter's pending wake-up
     * @param followUps the follow-ups of the counter in the batch
     * @return the trigger
     */
    public static BroadcastTrigger wakeUp(
            String counterId,
            String identity,
            List<Connection> newConnections,
            boolean clears,
            List<FollowUp> followUps) {
        return new BroadcastTrigger(counterId, identity, false, newConnections, 0, clears, followUps);
    }
}
