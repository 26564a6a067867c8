package io.github.visitorcounter.internal.connection;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

/** The contract of every {@link IpRateLimiter}. */
public abstract class IpRateLimiterContract {

    private static final Instant WINDOW_BEGINS = Instant.parse("2026-11-24T10:00:00Z");

    protected abstract IpRateLimiter arrivals();

    @Test
    void connects_are_limited_until_the_window_ends() {
        assertThat(isAllowed("198.51.100.1", WINDOW_BEGINS)).isTrue();
        assertThat(isAllowed("198.51.100.1", WINDOW_BEGINS.plusSeconds(300))).isTrue();
        assertThat(isAllowed("198.51.100.1", WINDOW_BEGINS.plusSeconds(301))).isFalse();
        assertThat(isAllowed("198.51.100.1", WINDOW_BEGINS.plusSeconds(599))).isFalse();
        assertThat(isAllowed("198.51.100.1", WINDOW_BEGINS.plusSeconds(600))).isTrue();
    }

    @Test
    void addresses_are_limited_independently() {
        exhaust("198.51.100.2");

        assertThat(isAllowed("198.51.100.3", WINDOW_BEGINS)).isTrue();
    }

    @Test
    void rejected_connects_do_not_count() {
        exhaust("198.51.100.4");
        assertThat(isAllowed("198.51.100.4", WINDOW_BEGINS)).isFalse();

        assertThat(arrivals().count("198.51.100.4", 3, WINDOW_BEGINS)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:1:1::1, 2001:db8:1:1:ffff::2, false",
        "2001:db8:1:2::1, 2001:0DB8:0001:0002:0:0:0:9, false",
        "2001:db8:1:3::1, 2001:db8:1:4::1, true",
        "::ffff:198.51.100.5, 198.51.100.5, false"
    })
    void ipv6_addresses_count_by_their_first_64_bits(String first, String second, boolean allowed) {
        exhaust(first);

        assertThat(isAllowed(second, WINDOW_BEGINS)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", ":", "::::", "fe80::1%eth0", "999.999.999.999", "a#b", "\ud800"})
    void invalid_address_counts_as_its_text(String address) {
        exhaust(address);

        assertThat(isAllowed(address, WINDOW_BEGINS)).isFalse();
    }

    private void exhaust(String address) {
        assertThat(isAllowed(address, WINDOW_BEGINS)).isTrue();
        assertThat(isAllowed(address, WINDOW_BEGINS)).isTrue();
    }

    private boolean isAllowed(String address, Instant at) {
        return arrivals().count(address, 2, at);
    }
}
