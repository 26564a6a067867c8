package io.github.visitorcounter.internal.connection;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AllowedOriginsTest {

    @Test
    void origin_must_match_exactly() {
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
    void wildcard_allows_only_subdomains() {
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
    void star_allows_every_origin() {
        AllowedOrigins origins = AllowedOrigins.of(Set.of("*"));

        assertThat(origins.allow("https://anything.example")).isTrue();
        assertThat(origins.allow(null)).isTrue();
    }

    @Test
    void scheme_of_a_web_view_is_allowed() {
        AllowedOrigins origins = AllowedOrigins.of(Set.of("capacitor://localhost", "http://tauri.localhost"));

        assertThat(origins.allow("capacitor://localhost")).isTrue();
        assertThat(origins.allow("http://tauri.localhost")).isTrue();
        assertThat(origins.allow("ionic://localhost")).isFalse();
        assertThat(origins.allow("capacitor://localhost.evil.com")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "https://www.example.org",
                "https://*.example.org",
                "https://*.example.org:8443",
                "http://localhost:8080",
                "https://xn--bcher-kva.example",
                "http://127.0.0.1:3000",
                "http://[::1]:3000",
                "http://example.org:443",
                "https://example.org:80",
                "capacitor://localhost",
                "ionic://localhost",
                "tauri://localhost",
                "http://tauri.localhost",
                "app://my_app",
                "chrome-extension://abcdefghijklmnop"
            })
    void origins_of_browsers_and_web_views_are_valid(String origin) {
        assertThat(AllowedOrigins.problem(origin)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "https://www.example.org:443, https://www.example.org",
        "https://*.example.org:443, https://*.example.org",
        "http://www.example.org:80, http://www.example.org",
        "https://Example.org, https://example.org",
        "https://example.org/, https://example.org",
        "https://example.org/page?a=b, https://example.org",
        "wss://example.org, https://example.org",
        "ws://localhost:8080, http://localhost:8080",
        "CAPACITOR://localhost, capacitor://localhost",
        "example.org, https://example.org"
    })
    void origin_that_never_matches_is_corrected(String origin, String sent) {
        assertThat(AllowedOrigins.problem(origin)).contains("'" + origin + "' never matches, write '" + sent + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.org/",
                "ftp://example.org",
                "https://*",
                "https://*example.org",
                "https://a.*.example.org",
                "https://user@example.org",
                "https://",
                "https://example.org:0443",
                "https://example.org:",
                "https://bücher.example",
                "file:///index.html",
                "null page",
                ""
            })
    void origin_that_no_browser_sends_is_invalid(String origin) {
        assertThat(AllowedOrigins.problem(origin)).isPresent();
        assertThatThrownBy(() -> AllowedOrigins.of(Set.of(origin))).isInstanceOf(IllegalArgumentException.class);
    }
}
