package io.github.visitorcounter;

import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.count.CountingMode;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class VisitorCounterConfigTest {

    @Test
    void without_any_setting_the_defaults_hold() {
        VisitorCounterConfig config = from(Map.of());

        assertThat(config.connectionsTable()).isEqualTo("ConnectionIDs");
        assertThat(config.countersTable()).isEqualTo("VisitorCount");
        assertThat(config.defaultCounter()).isEqualTo("site");
        assertThat(config.counters()).containsExactly("site");
        assertThat(config.broadcastFunction()).isNull();
        assertThat(config.callbackUrl()).isNull();
        assertThat(config.postConcurrency()).isEqualTo(256);
        assertThat(config.postTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.handshakeGrace()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.maxCounterShards()).isEqualTo(64);
        assertThat(config.broadcastMessagesPerSecond()).isEqualTo(100);
        assertThat(config.minBroadcastInterval()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.fanOutThreshold()).isEqualTo(2_000);
        assertThat(config.staleConnectionPolicy()).isSameAs(StaleConnectionPolicy.DELETE_ON_GONE);
    }

    @Test
    void the_environment_goes_before_the_defaults() {
        VisitorCounterConfig config = from(Map.of(
                "VISITOR_COUNTER_CONNECTIONS_TABLE", "c",
                "VISITOR_COUNTER_COUNTERS_TABLE", "n",
                "VISITOR_COUNTER_DEFAULT_COUNTER", "home",
                "VISITOR_COUNTER_ALLOWED_COUNTERS", "blog, shop",
                "VISITOR_COUNTER_BROADCAST_FUNCTION", "broadcast:live",
                "VISITOR_COUNTER_CALLBACK_URL", "https://example.org/prod",
                "VISITOR_COUNTER_POST_CONCURRENCY", "64",
                "VISITOR_COUNTER_POST_TIMEOUT_MILLIS", "500",
                "VISITOR_COUNTER_HANDSHAKE_GRACE_SECONDS", "5",
                "VISITOR_COUNTER_STALE_CONNECTION_POLICY", "keep"));

        assertThat(config.connectionsTable()).isEqualTo("c");
        assertThat(config.countersTable()).isEqualTo("n");
        assertThat(config.defaultCounter()).isEqualTo("home");
        assertThat(config.counters()).containsExactlyInAnyOrder("home", "blog", "shop");
        assertThat(config.broadcastFunction()).isEqualTo("broadcast:live");
        assertThat(config.callbackUrl()).isEqualTo(URI.create("https://example.org/prod"));
        assertThat(config.postConcurrency()).isEqualTo(64);
        assertThat(config.postTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.handshakeGrace()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.staleConnectionPolicy()).isSameAs(StaleConnectionPolicy.KEEP);
    }

    @Test
    void the_pace_is_set_by_the_environment() {
        VisitorCounterConfig config = from(Map.of(
                "VISITOR_COUNTER_BROADCAST_MESSAGES_PER_SECOND", "20",
                "VISITOR_COUNTER_MIN_BROADCAST_INTERVAL_MILLIS", "1000",
                "VISITOR_COUNTER_FAN_OUT_THRESHOLD", "500"));

        assertThat(config.broadcastMessagesPerSecond()).isEqualTo(20);
        assertThat(config.minBroadcastInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.fanOutThreshold()).isEqualTo(500);
    }

    @Test
    void without_settings_visits_last_and_the_door_is_shut() {
        VisitorCounterConfig config = from(Map.of());

        assertThat(config.visitTimeout()).isEqualTo(Duration.ofMinutes(30));
        assertThat(config.countingMode()).isEqualTo(CountingMode.VISITS);
        assertThat(config.disconnectDebounce()).isTrue();
        assertThat(config.allowedOrigins()).isNull();
        assertThat(config.counterIndex()).isNull();
        assertThat(config.connectsPerIp()).isZero();
        assertThat(config.maxLive()).isZero();
        assertThat(config.clientMessagesPerMinute()).isEqualTo(60);
        assertThat(config.probes()).isEqualTo(100);
    }

    @Test
    void visits_rooms_and_the_door_are_set_by_the_environment() {
        VisitorCounterConfig config = from(Map.of(
                "VISITOR_COUNTER_ALLOWED_COUNTERS", "blog, page:*",
                "VISITOR_COUNTER_COUNTER_INDEX", "byCounter",
                "VISITOR_COUNTER_VISIT_TIMEOUT_SECONDS", "60",
                "VISITOR_COUNTER_COUNTING_MODE", "visitors",
                "VISITOR_COUNTER_DISCONNECT_DEBOUNCE", "false",
                "VISITOR_COUNTER_ALLOWED_ORIGINS", "https://example.org, https://*.example.org",
                "VISITOR_COUNTER_CONNECTS_PER_IP_PER_10_MINUTES", "50",
                "VISITOR_COUNTER_MAX_LIVE", "10000",
                "VISITOR_COUNTER_CLIENT_MESSAGES_PER_MINUTE", "10",
                "VISITOR_COUNTER_RECONCILE_PROBES", "5"));

        assertThat(config.allowsCounter("blog")).isTrue();
        assertThat(config.allowsCounter("page:a/b")).isTrue();
        assertThat(config.allowsCounter("page")).isFalse();
        assertThat(config.allowsCounter("page:*")).isFalse();
        assertThat(config.counterIndex()).isEqualTo("byCounter");
        assertThat(config.visitTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.countingMode()).isEqualTo(CountingMode.VISITORS);
        assertThat(config.disconnectDebounce()).isFalse();
        assertThat(config.requireAllowedOrigins().allow("https://www.example.org"))
                .isTrue();
        assertThat(config.connectsPerIp()).isEqualTo(50);
        assertThat(config.maxLive()).isEqualTo(10_000);
        assertThat(config.clientMessagesPerMinute()).isEqualTo(10);
        assertThat(config.probes()).isEqualTo(5);
    }

    @Test
    void an_origin_that_no_browser_sends_is_wrong() {
        InvalidConfigurationException failure = catchThrowableOfType(
                InvalidConfigurationException.class,
                () -> from(Map.of(VisitorCounterConfig.ALLOWED_ORIGINS, "example.org")));

        assertThat(failure.problems())
                .containsExactly(
                        "VISITOR_COUNTER_ALLOWED_ORIGINS names the origin 'example.org': must be like"
                                + " https://www.example.org, https://*.example.org or http://localhost:8080, or * for any page");
    }

    @Test
    void code_goes_before_the_environment() {
        VisitorCounterConfig config = VisitorCounterConfig.builder()
                .environment(Map.of(
                        VisitorCounterConfig.CONNECTIONS_TABLE, "from-environment",
                        VisitorCounterConfig.COUNTERS_TABLE, "from-environment",
                        VisitorCounterConfig.STALE_CONNECTION_POLICY, "keep"))
                .connectionsTable("from-code")
                .counters(Set.of("blog"))
                .staleConnectionPolicy(StaleConnectionPolicy.DELETE_ON_GONE)
                .build();

        assertThat(config.connectionsTable()).isEqualTo("from-code");
        assertThat(config.countersTable()).isEqualTo("from-environment");
        assertThat(config.counters()).containsExactlyInAnyOrder("site", "blog");
        assertThat(config.staleConnectionPolicy()).isSameAs(StaleConnectionPolicy.DELETE_ON_GONE);
    }

    @Test
    void an_empty_variable_counts_as_unset() {
        assertThat(from(Map.of(VisitorCounterConfig.BROADCAST_FUNCTION, " ")).broadcastFunction())
                .isNull();
    }

    @Test
    void everything_that_is_wrong_is_reported_at_once() {
        InvalidConfigurationException failure =
                catchThrowableOfType(InvalidConfigurationException.class, () -> VisitorCounterConfig.builder()
                        .environment(Map.of(
                                VisitorCounterConfig.CALLBACK_URL, "wss://example.org",
                                VisitorCounterConfig.POST_CONCURRENCY, "lots",
                                VisitorCounterConfig.POST_TIMEOUT, "1",
                                VisitorCounterConfig.ALLOWED_COUNTERS, "ok,not ok",
                                VisitorCounterConfig.STALE_CONNECTION_POLICY, "maybe"))
                        .require(VisitorCounterConfig.BROADCAST_FUNCTION)
                        .build());

        assertThat(failure.problems())
                .containsExactlyInAnyOrder(
                        "VISITOR_COUNTER_BROADCAST_FUNCTION is not set",
                        "VISITOR_COUNTER_CALLBACK_URL is 'wss://example.org': must be the https address of the WebSocket"
                                + " API's stage (http for an emulator), for instance"
                                + " https://abcdef1234.execute-api.eu-central-1.amazonaws.com/prod",
                        "VISITOR_COUNTER_POST_CONCURRENCY is 'lots': must be a whole number from 1 to 4096",
                        "VISITOR_COUNTER_POST_TIMEOUT_MILLIS is '1': must be a whole number from 100 to 30000",
                        "VISITOR_COUNTER_ALLOWED_COUNTERS names the counter 'not ok': must be 1 to 100 letters, digits or"
                                + " . _ : / -",
                        "VISITOR_COUNTER_STALE_CONNECTION_POLICY is 'maybe': must be delete-on-gone or keep");
        assertThat(failure).hasMessageContaining("VISITOR_COUNTER_CALLBACK_URL");
    }

    @Test
    void a_required_setting_that_is_wrong_is_reported_once() {
        InvalidConfigurationException failure =
                catchThrowableOfType(InvalidConfigurationException.class, () -> VisitorCounterConfig.builder()
                        .environment(Map.of(VisitorCounterConfig.CALLBACK_URL, "nonsense"))
                        .require(VisitorCounterConfig.CALLBACK_URL)
                        .build());

        assertThat(failure.problems()).hasSize(1);
    }

    private static VisitorCounterConfig from(Map<String, String> environment) {
        return VisitorCounterConfig.builder().environment(environment).build();
    }
}
