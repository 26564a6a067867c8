package io.github.visitorcounter.internal.count;

import org.jspecify.annotations.Nullable;

/**
 * Which maximum of {@code live} applies to which counter: the same to all but the site counter, which has none because
 * it counts the connections of all. Immutable.
 *
 * @param limit the maximum; 0 for no limit
 * @param siteCounter the site counter, or null
 */
public record LiveLimits(int limit, @Nullable String siteCounter) {

    /**
     * Returns the maximum of a counter.
     *
     * @param counterId the counter
     * @return its maximum
     */
    public MaxLive of(String counterId) {
        return new MaxLive(counterId.equals(siteCounter) ? 0 : limit);
    }
}
