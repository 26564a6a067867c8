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
     * Returns whether a page may choose a counter.
     *
     * @param counterId any string
     * @return true if it is a valid id that is named or matches a wildcard
     */
    public boolean allows(String counterId) {
        return CounterIds.isValid(counterId) && (names.contains(counterId) || admitsByWildcard(counterId));
    }

    /**
     * Returns whether a counter is allowed only by a wildcard, so that any client can choose its id. False for a
     * counter that the settings do not allow at all, so that shortening the setting by mistake removes no counter.
     *
     * @param counterId an id
     * @return true if a wildcard admits it and it is not named
     */
    public boolean admitsByWildcard(String counterId) {
        return !names.contains(counterId) && names.stream().anyMatch(name -> CounterIds.matches(name, counterId));
    }
}
