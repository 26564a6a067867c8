package io.github.visitorcounter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.internal.connection.RejectionReason;
import io.github.visitorcounter.internal.dynamodb.SimulatedAdapters;
import io.github.visitorcounter.internal.ports.Metrics;
import io.github.visitorcounter.testing.Events;
import io.github.visitorcounter.testing.ManualTimeSource;
import io.github.visitorcounter.testing.TestContext;
import io.github.visitorcounter.testing.TestPorts;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/** Which part of a handshake's time attempts to count may use, and what is counted when none succeeds. */
class ConnectHandlerTimeTest {

    private static final Duration GRACE = Duration.ofSeconds(20);

    private final ManualTimeSource time = new ManualTimeSource();
    private final Instant start = time.now();
    private final List<Instant> attempts = new ArrayList<>();
    private final List<RejectionReason> rejections = new ArrayList<>();
    private boolean conflicts;

    private final VisitorCounterConfig config = VisitorCounterConfig.builder()
            .set(Setting.ALLOWED_ORIGINS, Set.of("*"))
            .set(Setting.ALLOWED_COUNTERS, Set.of("home"))
            .set(Setting.HANDSHAKE_GRACE, GRACE)
            .build();
    private final TestContext context = new TestContext();

    @Test
    void the_first_attempt_is_made_after_a_slow_cold_start_too() {
        assertThat(connect(Duration.ofSeconds(19)).get("statusCode").asInt()).isEqualTo(200);

        assertThat(attempts).hasSize(1);
        assertThat(rejections).isEmpty();
    }

    @Test
    void who_could_not_be_counted_at_the_first_attempt_is_rejected_when_there_is_no_time_for_another() {
        conflicts = true;

        assertThat(connect(Duration.ofSeconds(19)).get("statusCode").asInt()).isEqualTo(503);

        assertThat(attempts).hasSize(1);
        assertThat(rejections).containsExactly(RejectionReason.UNAVAILABLE);
    }

    @Test
    void attempts_are_repeated_for_half_of_the_grace_and_for_more_than_five_seconds() {
        conflicts = true;

        assertThat(connect(Duration.ZERO).get("statusCode").asInt()).isEqualTo(503);

        assertThat(rejections).containsExactly(RejectionReason.UNAVAILABLE);
        Duration last = Duration.between(start, attempts.get(attempts.size() - 1));
        assertThat(last).isGreaterThan(Duration.ofSeconds(5)).isLessThan(GRACE.dividedBy(2));
    }

    @Test
    void a_rejected_origin_is_counted_as_such() {
        ObjectNode event = event(Duration.ZERO);
        VisitorCounterConfig strict = VisitorCounterConfig.builder()
                .set(Setting.ALLOWED_ORIGINS, Set.of("https://example.org"))
                .build();

        Events.handle(handler(strict), event.toString(), context);

        assertThat(rejections).containsExactly(RejectionReason.ORIGIN);
    }

    private JsonNode connect(Duration ago) {
        return Events.handle(handler(config), event(ago).toString(), context);
    }

    private ConnectHandler handler(VisitorCounterConfig settings) {
        SimulatedAdapters aws = new SimulatedAdapters(dynamoDb(), null, time, 10);
        Metrics metrics = new Metrics() {
            @Override
            public void rejected(RejectionReason reason) {
                rejections.add(reason);
            }
        };
        return new ConnectHandler(
                settings,
                TestPorts.of(aws.counters(settings), time).withMetrics(metrics).ports());
    }

    private ObjectNode event(Duration ago) {
        ObjectNode event = Events.load("connect");
        event.withObject("/requestContext")
                .put("connectedAt", time.now().minus(ago).toEpochMilli());
        return event;
    }

    private DynamoDbClient dynamoDb() {
        return (DynamoDbClient) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DynamoDbClient.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getItem")) {
                        return GetItemResponse.builder().build();
                    }
                    if (method.getName().equals("updateItem")) {
                        throw TransactionConflictException.builder().build();
                    }
                    attempts.add(time.now());
                    if (conflicts) {
                        throw conflict();
                    }
                    return TransactWriteItemsResponse.builder().build();
                });
    }

    private static TransactionCanceledException conflict() {
        CancellationReason none = CancellationReason.builder().code("None").build();
        return TransactionCanceledException.builder()
                .message("Transaction cancelled")
                .cancellationReasons(
                        none,
                        none,
                        CancellationReason.builder().code("TransactionConflict").build())
                .build();
    }
}
