package io.github.visitorcounter.count;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * The state of a counter at one version. Immutable.
 *
 * @param counterId the counter
 * @param live the current number of connections, visits or visitors, never below zero, see {@link CountingMode}
 * @param total the number of visits that have ever started
 * @param version increases with every change, not always by one; of two counts, the one with the higher version is
 *     newer
 * @param updatedAt when the counter changed last; null if it never did
 * @since 0.1.0
 */
public record VisitorCount(
        String counterId,
        long live,
        long total,
        long version,
        @Nullable Instant updatedAt) {

    /**
     * Returns the count of a counter without any connect so far.
     *
     * @param counterId which counter
     * @return zero, at version zero
     */
    public static VisitorCount none(String counterId) {
        return new VisitorCount(counterId, 0, 0, 0, null);
    }
}
