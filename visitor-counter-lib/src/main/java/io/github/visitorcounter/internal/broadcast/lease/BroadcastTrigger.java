package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.connection.Connection;

import java.util.List;

/**
 * A reason to broadcast a counter.
 *
 * @param counterId which counter
 * @param identity a name that is the same whenever Lambda retries the invocation, and that no other trigger has; it is the
 *     holder's name on the lease
 * @param onlyDisconnects whether every change of the trigger is a disconnect
 * @param newConnections connections that the trigger names because they have just been counted; they are sent the count first
 * @param changes how many changes of the counter the trigger carries; 0 if that is not known
 * @param clearsWakeUp whether the trigger is the counter's pending wake-up, whose row it deletes first
 * @param followUps what earlier broadcasts left to this wake-up
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
     * @param identity the trigger's name
     * @param onlyDisconnects whether every change is a disconnect
     * @param newConnections connections that have just been counted
     * @param changes how many changes the trigger carries
     * @param clearsWakeUp whether the trigger is the counter's pending wake-up
     * @param followUps what earlier broadcasts left to this wake-up
     */
    public BroadcastTrigger {
        newConnections = List.copyOf(newConnections);
        followUps = List.copyOf(followUps);
    }

    /**
     * A batch of stream records of the counter.
     *
     * @param counterId which counter
     * @param identity the stream and the sequence number of the counter's first record in the batch
     * @param newConnections the connections that the records name
     * @param changes how many records of the counter the batch has
     * @return the trigger
     */
    public static BroadcastTrigger stream(
            String counterId, String identity, List<Connection> newConnections, int changes) {
        return new BroadcastTrigger(counterId, identity, false, newConnections, changes, false, List.of());
    }

    /**
     * A batch of stream records of the counter, all of them disconnects.
     *
     * @param counterId which counter
     * @param identity the stream and the sequence number of the counter's first record in the batch
     * @return the trigger
     */
    public static BroadcastTrigger disconnects(String counterId, String identity) {
        return new BroadcastTrigger(counterId, identity, true, List.of(), 0, false, List.of());
    }

    /**
     * An asynchronous invocation after a disconnect.
     *
     * @param counterId which counter
     * @param requestId the id of the invocation, which its retries share
     * @return the trigger
     */
    public static BroadcastTrigger invocation(String counterId, String requestId) {
        return disconnects(counterId, requestId);
    }

    /**
     * A batch of stream records with a wake-up of the counter.
     *
     * @param counterId which counter
     * @param identity the stream and the sequence number of the counter's first record in the batch
     * @param newConnections the connections that the batch's other records of the counter name; without filters there are such
     * @param clears whether the batch has the record of the counter's pending wake-up
     * @param followUps the follow-ups that the batch has of the counter
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
