package io.github.visitorcounter.internal.count;

import io.github.visitorcounter.count.CountingMode;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What is kept of a visit, or of a visitor where {@link CountingMode#VISITORS} are counted.
 *
 * @param open how many of its connections are counted in
 * @param endedAt when a connection of it left last, or null when none has
 * @param expiresAt when none of its connections can be open any more and its window is over; from then on it is as if it had never
 *     been, whether the table's TTL has removed the row or not
 */
public record Visit(long open, @Nullable Instant endedAt, Instant expiresAt) {}
