package io.github.visitorcounter.internal.count;

import io.github.visitorcounter.count.CountingMode;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * The stored state of a visit, or of a visitor if {@link CountingMode#VISITORS} are counted.
 *
 * @param open the number of its counted connections
 * @param endedAt the time of its last disconnect, or null if there was none
 * @param expiresAt when none of its connections can be open any more and its visit timeout is over; from then on it is
 *     ignored, whether or not the table's TTL has removed the row
 */
public record Visit(long open, @Nullable Instant endedAt, Instant expiresAt) {}
