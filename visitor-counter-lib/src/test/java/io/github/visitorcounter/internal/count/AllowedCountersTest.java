package io.github.visitorcounter.internal.count;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class AllowedCountersTest {

    private final AllowedCounters counters = new AllowedCounters(Set.of("blog", "page:home", "page:*"));

    @ParameterizedTest
    @CsvSource({
        "blog,       true,  false",
        "page:home,  true,  false",
        "page:a/b,   true,  true",
        "page,       false, false",
        "page:*,     false, false",
        "page:a b,   false, true",
        "shop,       false, false"
    })
    void counters_are_allowed_by_name_or_wildcard(String counterId, boolean allowed, boolean byWildcard) {
        assertThat(counters.allows(counterId)).isEqualTo(allowed);
        assertThat(counters.admitsByWildcard(counterId)).isEqualTo(byWildcard);
    }
}
