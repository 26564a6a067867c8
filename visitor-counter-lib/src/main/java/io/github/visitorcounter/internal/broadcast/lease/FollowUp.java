package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.connection.Connection;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * The part of a broadcast that a later wake-up must finish.
 *
 * @param counterId which counter
 * @param version the version that the broadcast sent; a broadcast of a newer version makes {@code unsent} and
 *     {@code rescanOf} obsolete
 * @param unsent connections whose posts failed, for example because their handshake had not finished
 * @param suspects connections that answered 410 although their handshake must have finished; a later pass must confirm
 *     it
 * @param rescanOf when the broadcast began, if its pages may have missed connections because the index lags behind its
 *     table; null if no connection can be missing
 * @param until when to stop retrying
 * @param attempt the number of earlier attempts; it makes each row differ from the previous one, because the stream has
 *     no record of an unchanged row
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
     * @param unsent connections whose posts failed
     * @param suspects connections that answered 410
     * @param rescanOf when the broadcast began whose pages may have missed connections, or null
     * @param until when to stop retrying
     * @param attempt the number of earlier attempts
     */
    public FollowUp {
        unsent = List.copyOf(unsent);
        suspects = List.copyOf(suspects);
    }

    /**
     * Returns whether a connection may not have been sent this version.
     *
     * @return true if there are unsent connections, or the pages may have missed one
     */
    public boolean hasUnsent() {
        return !unsent.isEmpty() || rescanOf != null;
    }
}
