package io.github.visitorcounter.broadcast;

import java.time.Duration;

/**
 * What a broadcast did.
 *
 * @param counterId whose count was told
 * @param version the version of the count that was told
 * @param audience connections read: the sum of {@code delivered}, {@code gone}, {@code notYetOpen}, {@code failed} and {@code
 *     unreached}
 * @param delivered connections whose message API Gateway took
 * @param gone connections that are closed
 * @param notYetOpen connections whose handshake had not finished when the broadcast ended; they are left alone
 * @param failed connections that could not be posted to, retries included
 * @param unreached connections that there was no time for
 * @param removed how many of those gone were counted out by this broadcast
 * @param complete whether every page of connections was read and every connection had its turn
 * @param elapsed how long it took
 */
public record BroadcastReport(
        String counterId,
        long version,
        int audience,
        int delivered,
        int gone,
        int notYetOpen,
        int failed,
        int unreached,
        int removed,
        boolean complete,
        Duration elapsed) {}
