package io.github.visitorcounter.embeddedstack.control;

import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class CallCountsTest {

    private final MovableClock clock = new MovableClock();
    private final CallCounts counts = new CallCounts(clock, Prices.US_EAST_1);

    @Test
    void connections_count_their_minutes_while_they_are_still_open() {
        counts.connectionAccepted();
        clock.advance(Duration.ofMinutes(1));
        counts.connectionAccepted();
        counts.connectionRejected();
        clock.advance(Duration.ofMinutes(2));
        counts.connectionClosed(Duration.ofMinutes(2));
        clock.advance(Duration.ofMinutes(4));

        Stats.Connections connections = counts.stats().connections();
        assertThat(connections.open()).isEqualTo(1);
        assertThat(connections.accepted()).isEqualTo(2);
        assertThat(connections.rejected()).isEqualTo(1);
        assertThat(connections.minutes()).isCloseTo(2 + 7, within(0.001));
    }

    @Test
    void messages_are_billed_in_steps_of_32_kilobytes() {
        counts.clientMessage(0);
        counts.clientMessage(32 * 1024);
        counts.clientMessage(32 * 1024 + 1);

        assertThat(counts.stats().messages()).isEqualTo(new Stats.Messages(3, 4));
    }

    @Test
    void posts_are_counted_by_status_and_only_delivered_ones_are_billed() {
        counts.post(200, 100);
        counts.post(200, 40_000);
        counts.post(410, 100);
        counts.post(429, 100);
        counts.post(500, 100);
        counts.post(0, 100);

        assertThat(counts.stats().posts())
                .isEqualTo(new Stats.Posts(2, 1, 1, 2, 3, Map.of(0, 1L, 200, 2L, 410, 1L, 429, 1L, 500, 1L)));
    }

    @Test
    void invocations_and_dynamodb_calls_are_counted_by_name() {
        counts.invocation("connect", false, Duration.ofMillis(30), 512);
        counts.invocation("connect", true, Duration.ofMillis(10), 512);
        counts.invocation("broadcast", false, Duration.ofMillis(5), 1024);
        counts.throttled("connect");
        counts.dynamoDbCall("TransactWriteItems", 0, 4);
        counts.dynamoDbCall("TransactWriteItems", 0, 4);
        counts.dynamoDbConflict("VisitorCount");
        counts.dynamoDbConflict("VisitorCount");
        counts.dynamoDbCall("Scan", 0.5, 0);

        Stats stats = counts.stats();
        assertThat(stats.invocations())
                .isEqualTo(Map.of(
                        "connect", new Stats.Invocations(2, 1, 40, 1), "broadcast", new Stats.Invocations(1, 0, 5, 0)));
        assertThat(stats.dynamodb())
                .isEqualTo(new Stats.DynamoDb(
                        Map.of("TransactWriteItems", 2L, "Scan", 1L), 0.5, 8, Map.of("VisitorCount", 2L)));
    }

    @Test
    void the_estimated_cost_adds_up_what_aws_charges_for() {
        for (int i = 0; i < 1_000; i++) {
            counts.post(200, 67);
        }
        counts.connectionAccepted();
        clock.advance(Duration.ofMinutes(1_000));
        for (int i = 0; i < 1_000; i++) {
            counts.invocation("f", false, Duration.ofSeconds(1), 1024);
        }
        counts.dynamoDbCall("Scan", 1_000, 0);
        counts.dynamoDbCall("PutItem", 0, 1_000);

        Stats.EstimatedCost cost = counts.stats().estimatedCost();
        assertThat(cost.messages()).isCloseTo(0.001, within(1e-9));
        assertThat(cost.connectionMinutes()).isCloseTo(0.00025, within(1e-9));
        assertThat(cost.lambdaRequests()).isCloseTo(0.0002, within(1e-9));
        assertThat(cost.lambdaCompute()).isCloseTo(0.0133334, within(1e-9));
        assertThat(cost.dynamodbReads()).isCloseTo(0.000125, within(1e-9));
        assertThat(cost.dynamodbWrites()).isCloseTo(0.000625, within(1e-9));
        assertThat(cost.total()).isCloseTo(0.0155334, within(1e-9));
    }

    private static final class MovableClock extends Clock {

        private Instant now = Instant.parse("2026-11-24T00:00:00Z");

        void advance(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
