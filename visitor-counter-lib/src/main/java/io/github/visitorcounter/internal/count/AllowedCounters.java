package io.github.visitorcounter.internal.count;

import java.util.Set;

/**
 * The counters that the settings allow: by name, or by a wildcard such as {@code page:*}. Immutable.
 *
 * @param names ids, and beginnings of ids followed by {@code *}
 */
public record AllowedCounters(Set<String> names) {

    /**
     * Copies the names.
     *
     * @param names ids, and beginnings of ids followed by {@code *}
     */
    public AllowedCounters {
        names = Set.copyOf(names);
    }

    /**
     * Tells whether a counter is allowed by a wildcard only: strangers can choose its id. A
     * counter that the settings don't allow at all is not, so that a setting that was shortened by mistake removes nothing.
     *
     * @param counterId an id
     * @return whether a wildcard admits it and no name does
     */
    public boolean admitsByWildcard(String counterId) {
        return !names.contains(counterId) && names.stream().anyMatch(name -> CounterIds.matches(name, counterId));
    }
}
