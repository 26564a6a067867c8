package io.github.visitorcounter.internal.broadcast.delivery;

import io.github.visitorcounter.broadcast.DeliveryStats;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.connection.PageRequest;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The result of a pass.
 *
 * @param end how the pass ended
 * @param tally the delivery statistics
 * @param unsent connections whose posts failed, but may succeed later
 * @param suspects connections that answered 410; a later pass must confirm it
 * @param toRemove the ids of connections that are closed
 * @param resumeAt the page to resume at if the time ran out; otherwise null
 */
public record PassResult(
        End end,
        DeliveryStats tally,
        List<Connection> unsent,
        List<Connection> suspects,
        List<String> toRemove,
        @Nullable PageRequest resumeAt) {

    /** How a pass ended. */
    public enum End {
        COMPLETE,
        OUT_OF_TIME,
        LEASE_LOST
    }
}
