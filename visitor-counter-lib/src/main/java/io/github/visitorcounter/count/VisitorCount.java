package io.github.visitorcounter.count;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * The state of a counter at one version. Immutable.
 *
 * @param counterId the counter
 * @param live how many are here now, never below zero: connections, visits or visitors, see {@link CountingMode}
 * @param total how many visits have started, ever
 * @param version grows with every change; of two counts, the one with the higher version is the newer. It need not grow by one
 * @param updatedAt when the counter changed last; null when it never did
 * @since 0.1.0
 */
public record VisitorCount(
        String counterId,
        long live,
        long total,
        long version,
        @Nullable Instant updatedAt) {

    /**
     * Returns the count of a counter that nobody has come to.
     *
     * @param counterId which counter
     * @return zero, at version zero
     */
    public static VisitorCount none(String counterId) {
        return new VisitorCount(counterId, 0, 0, 0, null);
    }
}
