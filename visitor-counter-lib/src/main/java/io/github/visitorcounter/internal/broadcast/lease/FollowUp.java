package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.connection.Connection;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * What a broadcast leaves to the next wake-up, because it could not be done at once and nobody waits for it in place.
 *
 * @param counterId which counter
 * @param version the version that the broadcast sent; a broadcast of a newer version replaces {@code unsent} and {@code rescanOf}
 * @param unsent connections that the message could not be sent to, for instance because their handshake had not finished
 * @param suspects connections that answered 410 although their handshake must have finished: a second answer decides
 * @param rescanOf when a broadcast began whose pages may have lacked connections, because the index that it read lags behind its
 *     table; null if no connection can be missing
 * @param until when to stop trying
 * @param attempt how many wake-ups have tried it: each writes a row that differs from the one before, or the stream had no record
 */
public record FollowUp(
        String counterId,
        long version,
        List<Connection> unsent,
        List<Connection> suspects,
        @Nullable Instant rescanOf,
        Instant until,
        int attempt) {

    /**
     * Copies the lists.
     *
     * @param counterId which counter
     * @param version the version that the broadcast sent
     * @param unsent connections that the message could not be sent to
     * @param suspects connections that answered 410
     * @param rescanOf when the broadcast began whose pages may have lacked connections, or null
     * @param until when to stop trying
     * @param attempt how many wake-ups have tried it
     */
    public FollowUp {
        unsent = List.copyOf(unsent);
        suspects = List.copyOf(suspects);
    }
}
