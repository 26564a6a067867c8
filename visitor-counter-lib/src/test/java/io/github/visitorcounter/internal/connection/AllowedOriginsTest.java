package io.github.visitorcounter.internal.connection;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AllowedOriginsTest {

    @Test
    void an_origin_is_allowed_exactly() {
        AllowedOrigins origins = AllowedOrigins.of(Set.of("https://example.org", "http://localhost:8080"));

        assertThat(origins.allow("https://example.org")).isTrue();
        assertThat(origins.allow("http://localhost:8080")).isTrue();
        assertThat(origins.allow("http://example.org")).isFalse();
        assertThat(origins.allow("https://example.org:8443")).isFalse();
        assertThat(origins.allow("https://example.org.evil.com")).isFalse();
        assertThat(origins.allow("https://notexample.org")).isFalse();
        assertThat(origins.allow("null")).isFalse();
        assertThat(origins.allow(null)).isFalse();
    }

    @Test
    void a_wildcard_allows_subdomains_only() {
        AllowedOrigins origins = AllowedOrigins.of(Set.of("https://*.example.org"));

        assertThat(origins.allow("https://www.example.org")).isTrue();
        assertThat(origins.allow("https://a.b.example.org")).isTrue();
        assertThat(origins.allow("https://example.org")).isFalse();
        assertThat(origins.allow("https://.example.org")).isFalse();
        assertThat(origins.allow("https://evilexample.org")).isFalse();
        assertThat(origins.allow("http://www.example.org")).isFalse();
        assertThat(origins.allow("https://www.example.org.evil.com")).isFalse();
    }

    @Test
    void a_star_allows_everything() {
        AllowedOrigins origins = AllowedOrigins.of(Set.of("*"));

        assertThat(origins.allow("https://anything.example")).isTrue();
        assertThat(origins.allow(null)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.org",
                "https://example.org/",
                "https://Example.org",
                "ftp://example.org",
                "https://*",
                "https://*example.org",
                "https://a.*.example.org",
                "https://user@example.org",
                "https://",
                ""
            })
    void what_no_browser_sends_is_not_valid(String origin) {
        assertThat(AllowedOrigins.problem(origin)).isPresent();
        assertThatThrownBy(() -> AllowedOrigins.of(Set.of(origin))).isInstanceOf(IllegalArgumentException.class);
    }
}
