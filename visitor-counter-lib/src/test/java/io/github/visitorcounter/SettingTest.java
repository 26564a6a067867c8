package io.github.visitorcounter;

import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.RoundedMessageFormat;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.reflect.Modifier;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SettingTest {

    private static final String EXECUTE_API = "https://abcdef1234.execute-api.eu-central-1.amazonaws.com";

    @Test
    void all_settings_are_constants_with_distinct_variables() {
        List<Object> constants = Arrays.stream(Setting.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .map(SettingTest::value)
                .toList();

        assertThat(List.<Object>copyOf(Setting.all())).hasSize(30).isEqualTo(constants);
        assertThat(Setting.all().stream().map(Setting::variable))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("VISITOR_COUNTER_[A-Z0-9_]+"));
    }

    @ParameterizedTest
    @MethodSource("io.github.visitorcounter.Setting#all")
    <T> void every_default_is_allowed_and_reads_as_it_is_written(Setting<T> setting) {
        setting.defaultValue().ifPresent(value -> assertThat(setting.parse(setting.format(value)))
                .isEqualTo(value));
    }

    @Nested
    class Numbers {

        @ParameterizedTest
        @ValueSource(strings = {"1", "4096", " 256 "})
        void within_the_limits_are_allowed(String text) {
            assertThat(Setting.POST_CONCURRENCY.parse(text)).isEqualTo(Integer.parseInt(text.strip()));
        }

        @ParameterizedTest
        @ValueSource(strings = {"0", "4097", "lots", "1.5", "99999999999999999999", ""})
        void beyond_the_limits_are_not(String text) {
            wrong(Setting.POST_CONCURRENCY, text, "must be a whole number from 1 to 4096");
        }

        @Test
        void are_checked_when_code_sets_them() {
            assertThat(Setting.POST_CONCURRENCY.format(64)).isEqualTo("64");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Setting.POST_CONCURRENCY.format(5_000))
                    .withMessage("VISITOR_COUNTER_POST_CONCURRENCY is '5000': must be a whole number from 1 to 4096");
        }
    }

    @Nested
    class Durations {

        @Test
        void have_the_unit_of_their_variable() {
            assertThat(Setting.VISIT_TIMEOUT.parse("90")).isEqualTo(Duration.ofSeconds(90));
            assertThat(Setting.VISIT_TIMEOUT.format(Duration.ofMinutes(2))).isEqualTo("120");
            assertThat(Setting.POST_TIMEOUT.parse("500")).isEqualTo(Duration.ofMillis(500));
            assertThat(Setting.POST_TIMEOUT.format(Duration.ofSeconds(2))).isEqualTo("2000");
        }

        @Test
        void are_whole_units() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Setting.VISIT_TIMEOUT.format(Duration.ofMillis(500)))
                    .withMessage(
                            "VISITOR_COUNTER_VISIT_TIMEOUT_SECONDS is 'PT0.5S': must be a whole number of seconds from"
                                    + " 0 to 86400");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Setting.POST_TIMEOUT.format(Duration.ofNanos(1_500_000_001)))
                    .withMessageContaining("must be a whole number of milliseconds from 100 to 30000");
        }
    }

    @Nested
    class Choices {

        @Test
        void are_read_by_their_names() {
            assertThat(Setting.STALE_CONNECTION_POLICY.parse("keep")).isSameAs(StaleConnectionPolicy.KEEP);
            assertThat(Setting.MESSAGE_FORMAT.parse("rounded")).isInstanceOf(RoundedMessageFormat.class);
            assertThat(Setting.MESSAGE_FORMAT.parse("count")).isSameAs(MessageFormat.COUNT);
            assertThat(Setting.DISCONNECT_DEBOUNCE.parse("false")).isFalse();
            assertThat(Setting.MAX_COUNTER_SHARDS.parse("512")).isEqualTo(512);
        }

        @Test
        void have_no_other_names() {
            wrong(Setting.STALE_CONNECTION_POLICY, "maybe", "must be delete-on-gone or keep");
            wrong(Setting.MESSAGE_FORMAT, "compact", "must be exact, rounded or count");
            wrong(Setting.DISCONNECT_DEBOUNCE, "yes", "must be true or false");
            wrong(Setting.MAX_COUNTER_SHARDS, "16", "must be 1, 8, 64 or 512");
            wrong(Setting.COUNTING_MODE, "people", "must be connections, visits or visitors");
        }
    }

    @Nested
    class Tables {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "ConnectionIDs",
                    "a_b-c.d",
                    "arn:aws:dynamodb:eu-central-1:123456789012:table/ConnectionIDs",
                    "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/x.y"
                })
        void have_a_name_or_an_arn(String text) {
            assertThat(Setting.CONNECTIONS_TABLE.parse(text)).isEqualTo(text);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "ab",
                    "my table",
                    "table/x",
                    "${ConnectionIDs}",
                    "arn:aws:dynamodb:eu-central-1:123456789012:ConnectionIDs",
                    "arn:aws:dynamodb:eu-central-1:123456789012:table/ConnectionIDs/index/byCounter"
                })
        void have_no_impossible_name(String text) {
            wrong(
                    Setting.CONNECTIONS_TABLE,
                    text,
                    "must be a table's name (3 to 255 letters, digits and _ . -) or its ARN");
        }
    }

    @Nested
    class Names {

        @Test
        void of_functions_have_no_spaces() {
            String arn = "arn:aws:lambda:eu-central-1:123456789012:function:broadcast:live";
            assertThat(Setting.BROADCAST_FUNCTION.parse(arn)).isEqualTo(arn);
            wrong(Setting.BROADCAST_FUNCTION, "the broadcast function", "must be a function's name or ARN");
        }

        @Test
        void of_namespaces_are_not_those_of_aws() {
            assertThat(Setting.METRICS_NAMESPACE.parse("VisitorCounter/my-stack"))
                    .isEqualTo("VisitorCounter/my-stack");
            wrong(Setting.METRICS_NAMESPACE, "AWS/Lambda", "not beginning with : or AWS/");
        }
    }

    @Nested
    class CallbackUrls {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    EXECUTE_API + "/prod",
                    EXECUTE_API + "/prod/",
                    "https://counter.example.org",
                    "https://counter.example.org/visitors",
                    "http://localhost:3001/local"
                })
        void are_of_a_stage_or_a_custom_domain(String text) {
            assertThat(Setting.CALLBACK_URL.parse(text)).isEqualTo(URI.create(text));
        }

        @ParameterizedTest
        @CsvSource({
            EXECUTE_API + ", 'The path is the name of the stage, for instance /prod'",
            EXECUTE_API + "/, 'The path is the name of the stage, for instance /prod'",
            EXECUTE_API + "/prod/more, 'The path is the name of the stage, for instance /prod'",
            EXECUTE_API + "/prod/@connections, 'Leave out /@connections and what follows it'",
            EXECUTE_API + "/prod/%40connections/abc, 'Leave out /@connections and what follows it'",
            "https://counter.example.org/@connections/, 'Leave out /@connections and what follows it'",
            "wss://counter.example.org, 'Pages connect to wss://; write https:// here'",
            "https://counter.example.org/?stage=prod, 'Leave out user, query and fragment'",
            "counter.example.org, ''",
            "https://, 'Expected authority'",
            "https://my api/prod, 'Illegal character'",
        })
        void of_another_kind_are_rejected_with_advice(String text, String advice) {
            wrong(Setting.CALLBACK_URL, text, advice);
        }
    }

    @Nested
    class Lists {

        @Test
        void are_separated_by_commas() {
            assertThat(Setting.ALLOWED_COUNTERS.parse("blog, page:*")).containsExactlyInAnyOrder("blog", "page:*");
            assertThat(Setting.ALLOWED_COUNTERS.format(new LinkedHashSet<>(List.of("site", "blog"))))
                    .isEqualTo("site,blog");
        }

        @Test
        void name_every_wrong_entry() {
            wrong(Setting.ALLOWED_COUNTERS, "ok,not ok,a*b", "'not ok' is invalid; 'a*b' is invalid");
            wrong(Setting.ALLOWED_COUNTERS, "ok,", "'' is invalid");
        }

        @Test
        void do_not_divide_what_code_sets() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Setting.ALLOWED_COUNTERS.format(Set.of("blog,shop")))
                    .withMessageStartingWith("VISITOR_COUNTER_ALLOWED_COUNTERS is '[blog,shop]': must be ids");
        }

        @Test
        void of_origins_say_what_a_browser_sends() {
            wrong(
                    Setting.ALLOWED_ORIGINS,
                    "https://www.example.org:443,https://example.org",
                    "'https://www.example.org:443' never matches, write 'https://www.example.org'");
        }
    }

    private static void wrong(Setting<?> setting, String text, String expected) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setting.parse(text))
                .withMessageStartingWith(setting.variable() + " is '" + text + "': must be ")
                .withMessageContaining(expected);
    }

    private static Object value(java.lang.reflect.Field field) {
        try {
            return field.get(null);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
