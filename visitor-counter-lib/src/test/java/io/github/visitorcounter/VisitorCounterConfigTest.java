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

        assertThat(config.get(Setting.CONNECTIONS_TABLE)).isEqualTo("ConnectionIDs");
        assertThat(config.get(Setting.COUNTERS_TABLE)).isEqualTo("VisitorCount");
        assertThat(config.get(Setting.DEFAULT_COUNTER)).isEqualTo("site");
        assertThat(config.get(Setting.ALLOWED_COUNTERS)).containsExactly("site");
        assertThat(config.find(Setting.BROADCAST_FUNCTION)).isEmpty();
        assertThat(config.find(Setting.CALLBACK_URL)).isEmpty();
        assertThat(config.get(Setting.POST_CONCURRENCY)).isEqualTo(256);
        assertThat(config.get(Setting.POST_TIMEOUT)).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.get(Setting.HANDSHAKE_GRACE)).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.get(Setting.MAX_COUNTER_SHARDS)).isEqualTo(64);
        assertThat(config.get(Setting.BROADCAST_MESSAGES_PER_SECOND)).isEqualTo(100);
        assertThat(config.get(Setting.MIN_BROADCAST_INTERVAL)).isEqualTo(Duration.ofMillis(250));
        assertThat(config.get(Setting.FAN_OUT_THRESHOLD)).isEqualTo(2_000);
        assertThat(config.get(Setting.STALE_CONNECTION_POLICY)).isSameAs(StaleConnectionPolicy.DELETE_ON_GONE);
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

        assertThat(config.get(Setting.CONNECTIONS_TABLE)).isEqualTo("c");
        assertThat(config.get(Setting.COUNTERS_TABLE)).isEqualTo("n");
        assertThat(config.get(Setting.DEFAULT_COUNTER)).isEqualTo("home");
        assertThat(config.get(Setting.ALLOWED_COUNTERS)).containsExactlyInAnyOrder("home", "blog", "shop");
        assertThat(config.get(Setting.BROADCAST_FUNCTION)).isEqualTo("broadcast:live");
        assertThat(config.get(Setting.CALLBACK_URL)).isEqualTo(URI.create("https://example.org/prod"));
        assertThat(config.get(Setting.POST_CONCURRENCY)).isEqualTo(64);
        assertThat(config.get(Setting.POST_TIMEOUT)).isEqualTo(Duration.ofMillis(500));
        assertThat(config.get(Setting.HANDSHAKE_GRACE)).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.get(Setting.STALE_CONNECTION_POLICY)).isSameAs(StaleConnectionPolicy.KEEP);
    }

    @Test
    void the_pace_is_set_by_the_environment() {
        VisitorCounterConfig config = from(Map.of(
                "VISITOR_COUNTER_BROADCAST_MESSAGES_PER_SECOND", "20",
                "VISITOR_COUNTER_MIN_BROADCAST_INTERVAL_MILLIS", "1000",
                "VISITOR_COUNTER_FAN_OUT_THRESHOLD", "500"));

        assertThat(config.get(Setting.BROADCAST_MESSAGES_PER_SECOND)).isEqualTo(20);
        assertThat(config.get(Setting.MIN_BROADCAST_INTERVAL)).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.get(Setting.FAN_OUT_THRESHOLD)).isEqualTo(500);
    }

    @Test
    void without_settings_visits_last_and_the_door_is_shut() {
        VisitorCounterConfig config = from(Map.of());

        assertThat(config.get(Setting.VISIT_TIMEOUT)).isEqualTo(Duration.ofMinutes(30));
        assertThat(config.get(Setting.COUNTING_MODE)).isEqualTo(CountingMode.VISITS);
        assertThat(config.get(Setting.DISCONNECT_DEBOUNCE)).isTrue();
        assertThat(config.find(Setting.ALLOWED_ORIGINS)).isEmpty();
        assertThat(config.find(Setting.COUNTER_INDEX)).isEmpty();
        assertThat(config.get(Setting.CONNECTS_PER_IP)).isZero();
        assertThat(config.get(Setting.NEW_COUNTERS_PER_MINUTE)).isEqualTo(60);
        assertThat(config.get(Setting.UNUSED_COUNTER_DAYS)).isEqualTo(28);
        assertThat(config.get(Setting.MAX_LIVE)).isZero();
        assertThat(config.get(Setting.CLIENT_MESSAGES_PER_MINUTE)).isEqualTo(60);
        assertThat(config.get(Setting.RECONCILE_PROBES)).isEqualTo(100);
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
        assertThat(config.get(Setting.COUNTER_INDEX)).isEqualTo("byCounter");
        assertThat(config.get(Setting.VISIT_TIMEOUT)).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.get(Setting.COUNTING_MODE)).isEqualTo(CountingMode.VISITORS);
        assertThat(config.get(Setting.DISCONNECT_DEBOUNCE)).isFalse();
        assertThat(config.get(Setting.ALLOWED_ORIGINS))
                .containsExactlyInAnyOrder("https://example.org", "https://*.example.org");
        assertThat(config.get(Setting.CONNECTS_PER_IP)).isEqualTo(50);
        assertThat(config.get(Setting.MAX_LIVE)).isEqualTo(10_000);
        assertThat(config.get(Setting.CLIENT_MESSAGES_PER_MINUTE)).isEqualTo(10);
        assertThat(config.get(Setting.RECONCILE_PROBES)).isEqualTo(5);
    }

    @Test
    void an_origin_that_no_browser_sends_is_wrong() {
        InvalidConfigurationException failure = catchThrowableOfType(
                InvalidConfigurationException.class,
                () -> from(Map.of(Setting.ALLOWED_ORIGINS.variable(), "example.org")));

        assertThat(failure.problems())
                .containsExactly(
                        "VISITOR_COUNTER_ALLOWED_ORIGINS names the origin 'example.org': must be like"
                                + " https://www.example.org, https://*.example.org or http://localhost:8080, or * for any page");
    }

    @Test
    void code_goes_before_the_environment() {
        VisitorCounterConfig config = VisitorCounterConfig.builder()
                .environment(Map.of(
                        Setting.CONNECTIONS_TABLE.variable(), "from-environment",
                        Setting.COUNTERS_TABLE.variable(), "from-environment",
                        Setting.STALE_CONNECTION_POLICY.variable(), "keep"))
                .set(Setting.CONNECTIONS_TABLE, "from-code")
                .set(Setting.ALLOWED_COUNTERS, Set.of("blog"))
                .set(Setting.STALE_CONNECTION_POLICY, StaleConnectionPolicy.DELETE_ON_GONE)
                .build();

        assertThat(config.get(Setting.CONNECTIONS_TABLE)).isEqualTo("from-code");
        assertThat(config.get(Setting.COUNTERS_TABLE)).isEqualTo("from-environment");
        assertThat(config.get(Setting.ALLOWED_COUNTERS)).containsExactlyInAnyOrder("site", "blog");
        assertThat(config.get(Setting.STALE_CONNECTION_POLICY)).isSameAs(StaleConnectionPolicy.DELETE_ON_GONE);
    }

    @Test
    void an_empty_variable_counts_as_unset() {
        assertThat(from(Map.of(Setting.BROADCAST_FUNCTION.variable(), " ")).find(Setting.BROADCAST_FUNCTION))
                .isEmpty();
    }

    @Test
    void everything_that_is_wrong_is_reported_at_once() {
        InvalidConfigurationException failure =
                catchThrowableOfType(InvalidConfigurationException.class, () -> VisitorCounterConfig.builder()
                        .environment(Map.of(
                                Setting.CALLBACK_URL.variable(), "wss://example.org",
                                Setting.POST_CONCURRENCY.variable(), "lots",
                                Setting.POST_TIMEOUT.variable(), "1",
                                Setting.ALLOWED_COUNTERS.variable(), "ok,not ok",
                                Setting.STALE_CONNECTION_POLICY.variable(), "maybe"))
                        .require(Setting.BROADCAST_FUNCTION)
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
                        .environment(Map.of(Setting.CALLBACK_URL.variable(), "nonsense"))
                        .require(Setting.CALLBACK_URL)
                        .build());

        assertThat(failure.problems()).hasSize(1);
    }

    private static VisitorCounterConfig from(Map<String, String> environment) {
        return VisitorCounterConfig.builder().environment(environment).build();
    }
}
