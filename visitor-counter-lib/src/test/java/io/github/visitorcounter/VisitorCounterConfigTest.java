package io.github.visitorcounter;

import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy.Decision;
import io.github.visitorcounter.count.CountingMode;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class VisitorCounterConfigTest {

    @Nested
    class Values {

        @ParameterizedTest
        @MethodSource("io.github.visitorcounter.Setting#all")
        void are_the_defaults_when_nobody_sets_them(Setting<?> setting) {
            if (!setting.equals(Setting.ALLOWED_COUNTERS)) {
                assertThat((Object) from(Map.of()).find(setting)).isEqualTo(setting.defaultValue());
            }
        }

        @Test
        void of_the_environment_go_before_the_defaults() {
            VisitorCounterConfig config = from(Map.of(
                    "VISITOR_COUNTER_CONNECTIONS_TABLE", "Connections",
                    "VISITOR_COUNTER_CALLBACK_URL", " https://example.org/prod ",
                    "VISITOR_COUNTER_POST_CONCURRENCY", "64",
                    "VISITOR_COUNTER_POST_TIMEOUT_MILLIS", "500",
                    "VISITOR_COUNTER_VISIT_TIMEOUT_SECONDS", "60",
                    "VISITOR_COUNTER_COUNTING_MODE", "visitors",
                    "VISITOR_COUNTER_DISCONNECT_DEBOUNCE", "false",
                    "VISITOR_COUNTER_ALLOWED_ORIGINS", "https://example.org, https://*.example.org"));

            assertThat(config.get(Setting.CONNECTIONS_TABLE)).isEqualTo("Connections");
            assertThat(config.get(Setting.CALLBACK_URL)).isEqualTo(URI.create("https://example.org/prod"));
            assertThat(config.get(Setting.POST_CONCURRENCY)).isEqualTo(64);
            assertThat(config.get(Setting.POST_TIMEOUT)).isEqualTo(Duration.ofMillis(500));
            assertThat(config.get(Setting.VISIT_TIMEOUT)).isEqualTo(Duration.ofMinutes(1));
            assertThat(config.get(Setting.COUNTING_MODE)).isEqualTo(CountingMode.VISITORS);
            assertThat(config.get(Setting.DISCONNECT_DEBOUNCE)).isFalse();
            assertThat(config.get(Setting.ALLOWED_ORIGINS))
                    .containsExactlyInAnyOrder("https://example.org", "https://*.example.org");
        }

        @Test
        void of_code_go_before_the_environment() {
            VisitorCounterConfig config = VisitorCounterConfig.builder()
                    .environment(Map.of(
                            Setting.CONNECTIONS_TABLE.variable(), "from-environment",
                            Setting.COUNTERS_TABLE.variable(), "counters-from-environment"))
                    .set(Setting.CONNECTIONS_TABLE, "from-code")
                    .build();

            assertThat(config.get(Setting.CONNECTIONS_TABLE)).isEqualTo("from-code");
            assertThat(config.get(Setting.COUNTERS_TABLE)).isEqualTo("counters-from-environment");
        }

        @Test
        void of_the_environment_are_not_judged_when_code_sets_them() {
            VisitorCounterConfig config = VisitorCounterConfig.builder()
                    .environment(Map.of(
                            Setting.CALLBACK_URL.variable(), "nonsense",
                            Setting.STALE_CONNECTION_POLICY.variable(), "nonsense"))
                    .set(Setting.CALLBACK_URL, URI.create("https://example.org"))
                    .set(Setting.STALE_CONNECTION_POLICY, StaleConnectionPolicy.KEEP)
                    .build();

            assertThat(config.get(Setting.CALLBACK_URL)).isEqualTo(URI.create("https://example.org"));
            assertThat(config.get(Setting.STALE_CONNECTION_POLICY)).isSameAs(StaleConnectionPolicy.KEEP);
        }

        @Test
        void of_the_policy_may_be_anything_that_code_says() {
            StaleConnectionPolicy own = stale -> Decision.KEEP;

            VisitorCounterConfig config = VisitorCounterConfig.builder()
                    .set(Setting.STALE_CONNECTION_POLICY, own)
                    .build();

            assertThat(config.get(Setting.STALE_CONNECTION_POLICY)).isSameAs(own);
        }

        @Test
        void that_are_empty_count_as_unset() {
            assertThat(from(Map.of(Setting.BROADCAST_FUNCTION.variable(), " ")).find(Setting.BROADCAST_FUNCTION))
                    .isEmpty();
            assertThat(from(Map.of(Setting.POST_CONCURRENCY.variable(), "")).get(Setting.POST_CONCURRENCY))
                    .isEqualTo(256);
        }

        @Test
        void without_a_default_are_missed_when_they_are_needed() {
            assertThatExceptionOfType(InvalidConfigurationException.class)
                    .isThrownBy(() -> from(Map.of()).get(Setting.ALLOWED_ORIGINS))
                    .withMessageContaining(
                            "VISITOR_COUNTER_ALLOWED_ORIGINS is not set: must be origins as browsers send them");
        }
    }

    @Nested
    class Counters {

        @Test
        void always_include_the_default_counter() {
            assertThat(from(Map.of()).get(Setting.ALLOWED_COUNTERS)).containsExactly("site");
            assertThat(from(Map.of(
                                    Setting.DEFAULT_COUNTER.variable(), "home",
                                    Setting.ALLOWED_COUNTERS.variable(), "blog,page:*"))
                            .get(Setting.ALLOWED_COUNTERS))
                    .containsExactlyInAnyOrder("home", "blog", "page:*");
        }
    }

    @Nested
    class Problems {

        @Test
        void are_reported_all_at_once() {
            VisitorCounterConfig.Builder builder = VisitorCounterConfig.builder()
                    .environment(Map.of(
                            Setting.CALLBACK_URL.variable(),
                            "wss://example.org",
                            Setting.POST_CONCURRENCY.variable(),
                            "lots",
                            Setting.ALLOWED_COUNTERS.variable(),
                            "ok,not ok",
                            "VISITOR_COUNTER_MAX_LIFE",
                            "7"))
                    .set(Setting.VISIT_TIMEOUT, Duration.ofMillis(500))
                    .set(Setting.CONNECTIONS_TABLE, "Same")
                    .set(Setting.COUNTERS_TABLE, "Same")
                    .require(Setting.BROADCAST_FUNCTION);

            assertThat(problems(builder))
                    .extracting(problem -> problem.substring(0, problem.indexOf(' ')))
                    .containsExactlyInAnyOrder(
                            "VISITOR_COUNTER_CALLBACK_URL",
                            "VISITOR_COUNTER_POST_CONCURRENCY",
                            "VISITOR_COUNTER_ALLOWED_COUNTERS",
                            "VISITOR_COUNTER_MAX_LIFE",
                            "VISITOR_COUNTER_VISIT_TIMEOUT_SECONDS",
                            "VISITOR_COUNTER_CONNECTIONS_TABLE",
                            "VISITOR_COUNTER_BROADCAST_FUNCTION");
            assertThatExceptionOfType(InvalidConfigurationException.class)
                    .isThrownBy(builder::build)
                    .withMessageContaining("VISITOR_COUNTER_CALLBACK_URL");
        }

        @Test
        void of_a_required_setting_are_reported_once() {
            assertThat(problems(VisitorCounterConfig.builder()
                            .environment(Map.of(Setting.CALLBACK_URL.variable(), "nonsense"))
                            .require(Setting.CALLBACK_URL)))
                    .hasSize(1);
        }

        @Test
        void include_a_table_for_both() {
            assertThat(problems(VisitorCounterConfig.builder()
                            .environment(Map.of(Setting.CONNECTIONS_TABLE.variable(), "VisitorCount"))))
                    .containsExactly("VISITOR_COUNTER_CONNECTIONS_TABLE and VISITOR_COUNTER_COUNTERS_TABLE are both"
                            + " 'VisitorCount': must be two tables");
        }

        @ParameterizedTest
        @CsvSource({
            "VISITOR_COUNTER_MAX_LIFE, VISITOR_COUNTER_MAX_LIVE",
            "VISITOR_COUNTER_ALLOWED_ORIGIN, VISITOR_COUNTER_ALLOWED_ORIGINS",
            "VISITOR_COUNTER_VISIT_TIMEOUT, VISITOR_COUNTER_VISIT_TIMEOUT_SECONDS",
            "VISITOR_COUNTER_BROADCAST_MESSAGE_PER_SECOND, VISITOR_COUNTER_BROADCAST_MESSAGES_PER_SECOND",
            "visitor_counter_max_live, VISITOR_COUNTER_MAX_LIVE"
        })
        void of_unknown_variables_name_the_nearest(String given, String nearest) {
            assertThat(problems(VisitorCounterConfig.builder().environment(Map.of(given, "1"))))
                    .containsExactly(given + " is not a setting of the visitor counter: did you mean " + nearest
                            + "? docs/settings.md lists all; other variables must not begin with VISITOR_COUNTER_");
        }

        @Test
        void are_not_made_of_other_variables() {
            assertThat(from(Map.of("AWS_REGION", "eu-central-1", "VISITORS", "many"))
                            .get(Setting.MAX_LIVE))
                    .isZero();
        }

        private static List<String> problems(VisitorCounterConfig.Builder builder) {
            return catchThrowableOfType(InvalidConfigurationException.class, builder::build)
                    .problems();
        }
    }

    private static VisitorCounterConfig from(Map<String, String> environment) {
        return VisitorCounterConfig.builder().environment(environment).build();
    }
}
