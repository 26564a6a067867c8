package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.broadcast.Relay.PacerOrder;
import io.github.visitorcounter.connection.Connection;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A reason to broadcast a counter.
 *
 * @param counterId which counter
 * @param identity the reason's name: the same whenever Lambda tries the invocation again, and of no other reason
 * @param mayWait whether nobody stands still while this invocation waits for the pace; a stream's shard does
 * @param newcomers who has just arrived: they are told first
 * @param onlyDepartures whether nothing but departures is to be told: they wait a while for those who come back
 * @param pacer for whom this invocation goes on, or null
 */
public record BroadcastTask(
        String counterId,
        String identity,
        boolean mayWait,
        List<Connection> newcomers,
        boolean onlyDepartures,
        @Nullable PacerOrder pacer) {

    /**
     * Copies the list.
     *
     * @param counterId which counter
     * @param identity the reason's name
     * @param mayWait whether nobody stands still while this invocation waits
     * @param newcomers who has just arrived
     * @param onlyDepartures whether nothing but departures is to be told
     * @param pacer for whom this invocation goes on, or null
     */
    public BroadcastTask {
        newcomers = List.copyOf(newcomers);
    }

    /**
     * A batch of the stream has records of the counter.
     *
     * @param counterId which counter
     * @param identity the stream and the sequence number of the batch's first record
     * @param newcomers the connections that the records name
     * @return the task
     */
    public static BroadcastTask ofStream(String counterId, String identity, List<Connection> newcomers) {
        return new BroadcastTask(counterId, identity, false, newcomers, false, null);
    }

    /**
     * A batch of the stream has records of the counter, and all are of departures.
     *
     * @param counterId which counter
     * @param identity the stream and the sequence number of the batch's first record
     * @return the task
     */
    public static BroadcastTask ofStreamOfDepartures(String counterId, String identity) {
        return new BroadcastTask(counterId, identity, false, List.of(), true, null);
    }

    /**
     * The function was invoked for the counter because somebody has left.
     *
     * @param counterId which counter
     * @param requestId the id of the asynchronous invocation, which its retries share
     * @return the task
     */
    public static BroadcastTask ofInvocation(String counterId, String requestId) {
        return new BroadcastTask(counterId, requestId, true, List.of(), true, null);
    }

    /**
     * The function was invoked to go on for another invocation.
     *
     * @param order what to do
     * @param requestId the id of the asynchronous invocation, which its retries share
     * @return the task
     */
    public static BroadcastTask ofPacer(PacerOrder order, String requestId) {
        return new BroadcastTask(order.counterId(), requestId, true, List.of(), false, order);
    }

    /** The trigger of this task, begun now, when departures wait so long. */
    Trigger trigger(Instant now, Duration leaveGrace) {
        return pacer == null
                ? new Trigger(
                        counterId, identity, null, 0, mayWait, false, onlyDepartures ? now.plus(leaveGrace) : null)
                : new Trigger(
                        counterId,
                        identity,
                        pacer.parent(),
                        pacer.hop(),
                        mayWait,
                        pacer.rest() != null,
                        pacer.lingersUntil());
    }
}
