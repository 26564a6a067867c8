package io.github.visitorcounter.examples.cdk;

import io.github.visitorcounter.broadcast.RoundedMessageFormat;
import io.github.visitorcounter.count.CountingMode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awscdk.RemovalPolicy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The settings in the CDK's context. */
class VisitorCounterAppTest {

    /** What the CDK itself puts into the context. */
    private static final Map<String, Object> OF_THE_CDK = Map.of(
            "aws:cdk:enable-path-metadata", true,
            "@aws-cdk/core:newStyleStackSynthesis", true,
            "acknowledged-issue-numbers", List.of(19179));

    @TempDir
    private static Path folder;

    @BeforeAll
    static void assume_node() throws Exception {
        assumeTrue(Tools.nodeRuns(), "Node.js is not installed, and the CDK can't do without it");
    }

    @Test
    void without_settings_there_are_the_defaults() {
        VisitorCounterProps props = props(OF_THE_CDK);
        assertThat(props.broadcastMessagesPerSecond()).isEqualTo(100);
        assertThat(props.page()).isPresent();
        assertThat(props.httpCount()).isFalse();
    }

    @Test
    void settings_reach_what_they_are_for() {
        VisitorCounterProps props = props(Map.ofEntries(
                Map.entry("page", "none"),
                Map.entry("allowedOrigins", "https://www.example.org,https://*.example.com"),
                Map.entry("allowedCounters", "site,page:*"),
                Map.entry("countingMode", "visitors"),
                Map.entry("messageFormat", "rounded"),
                Map.entry("visitTimeoutSeconds", "600"),
                Map.entry("wakeUpWindowSeconds", 3),
                Map.entry("disconnectDebounce", "false"),
                Map.entry("wakeUpMemory", "512"),
                Map.entry("newCountersPerMinute", "600"),
                Map.entry("unusedCounterDays", "90"),
                Map.entry("connectsPerIp", "50"),
                Map.entry("maxLive", "1000"),
                Map.entry("broadcastMessagesPerSecond", 7),
                Map.entry("totals", "DESTROY"),
                Map.entry("logRetention", "ONE_MONTH"),
                Map.entry("connectConcurrency", "20"),
                Map.entry("broadcastConcurrency", "12"),
                Map.entry("httpCount", "cloudfront"),
                Map.entry("httpCountMaxAgeSeconds", "60"),
                Map.entry("httpCountConcurrency", "4"),
                Map.entry("tracing", true),
                Map.entry("alarmTopic", "arn:aws:sns:eu-west-1:123456789012:alarms"),
                Map.entry("socketDomain", "counter.example.com"),
                Map.entry("socketCertificate", "arn:aws:acm:eu-west-1:123456789012:certificate/1")));
        assertThat(props.page()).isEmpty();
        assertThat(props.allowedOrigins()).containsExactly("https://www.example.org", "https://*.example.com");
        assertThat(props.allowedCounters()).containsExactly("site", "page:*");
        assertThat(props.countingMode()).isEqualTo(CountingMode.VISITORS);
        assertThat(props.messageFormat()).isSameAs(RoundedMessageFormat.instance());
        assertThat(props.visitTimeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(props.wakeUpWindow()).isEqualTo(Duration.ofSeconds(3));
        assertThat(props.wakeUpMemoryMegabytes()).isEqualTo(512);
        assertThat(props.disconnectDebounce()).isFalse();
        assertThat(props.newCountersPerMinute()).isEqualTo(600);
        assertThat(props.unusedCounterDays()).isEqualTo(90);
        assertThat(props.broadcastMessagesPerSecond()).isEqualTo(7);
        assertThat(props.totals()).isEqualTo(RemovalPolicy.DESTROY);
        assertThat(props.connectConcurrency()).isEqualTo(20);
        assertThat(props.httpCount()).isTrue();
        assertThat(props.httpCountMaxAge()).isEqualTo(Duration.ofMinutes(1));
        assertThat(props.httpCountConcurrency()).isEqualTo(4);
        assertThat(props.tracing()).isTrue();
        assertThat(props.socketDomain())
                .contains(new SocketDomain("counter.example.com", "arn:aws:acm:eu-west-1:123456789012:certificate/1"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            broadcastMessagesPerSecond   | fifty     | broadcastMessagesPerSecond is not allowed: VISITOR_COUNTER_BROADCAST_MESSAGES_PER_SECOND is 'fifty': must be a whole number from 1 to 10000
            broadcastMessagesPerSecond   | 0         | is '0': must be a whole number from 1 to 10000
            wakeUpWindowSeconds | 1.5       | wakeUpWindowSeconds is '1.5'. Allowed: a whole number from 0 to 300
            totals              | KEEP      | totals is 'KEEP'. Allowed:
            countingMode          | people    | is 'people': must be connections, visits or visitors
            tracing             | yes       | tracing is 'yes'. Allowed:
            logRetention        | 14        | logRetention is '14'. Allowed: one_day,
            httpCount           | on        | httpCount is 'on'. Allowed:
            httpCountMaxAgeSeconds | 0      | is '0': must be a whole number of seconds from 1 to 3600
            httpCountConcurrency | -1       | httpCountConcurrency is '-1'. Allowed: a whole number from 0 to
            page                | off       | page is 'off'. Allowed:
            socketDomain        | x.example | socketDomain and socketCertificate need each other
            mesagesPerSecond    | 50        | There is no setting mesagesPerSecond. There are: alarmTopic, allowedCounters,
            broadcast-messages-per-second | 50 | There is no setting broadcast-messages-per-second. Did you mean broadcastMessagesPerSecond?
            allowedCounters     | site,b g  | separated by commas. 'b g' is invalid
            allowedCounters     | site,     | separated by commas. '' is invalid
            allowedOrigins      | www.x.org | separated by commas. 'www.x.org' never matches, write 'https://www.x.org'
            allowedOrigins      | https://x.org:443 | never matches, write 'https://x.org'
            wakeUpMemory        | 191       | wakeUpMemory is '191'. Allowed: a whole number from 192 to
            visitTimeoutSeconds | 86401     | is '86401': must be a whole number of seconds from 0 to 86400
            page                | none      | allowedOrigins is empty
            alarmTopic          | alarms    | alarmTopicArn has 'alarms'
            """)
    void a_wrong_setting_is_named_with_what_is_allowed(String key, String value, String message) {
        assertThatThrownBy(() -> props(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void everything_that_is_wrong_is_said_at_once() {
        assertThatThrownBy(
                        () -> props(Map.of("broadcastMessagesPerSecond", "fifty", "totals", "KEEP", "tracig", "true")))
                .hasMessageContainingAll("broadcastMessagesPerSecond is", "totals is", "There is no setting tracig");
    }

    private static VisitorCounterProps props(Map<String, Object> context) {
        return VisitorCounterApp.props(context, folder, folder);
    }
}
