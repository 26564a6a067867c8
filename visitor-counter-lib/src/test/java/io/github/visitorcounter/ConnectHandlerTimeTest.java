package io.github.visitorcounter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.internal.connection.NewCounterLimiter;
import io.github.visitorcounter.internal.connection.RejectionReason;
import io.github.visitorcounter.internal.dynamodb.SimulatedAdapters;
import io.github.visitorcounter.internal.ports.Metrics;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.testing.TestContext;
import io.github.visitorcounter.internal.testing.TestPorts;
import io.github.visitorcounter.testing.Events;
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

/** Tests the time limit of attempts to count during a handshake, and the metrics of failures. */
class ConnectHandlerTimeTest {

    private static final Duration GRACE = Duration.ofSeconds(20);

    private final ManualTimeSource time = new ManualTimeSource();
    private final Instant start = time.now();
    private final List<Instant> attempts = new ArrayList<>();
    private final List<RejectionReason> rejections = new ArrayList<>();
    private NewCounterLimiter newCounters = NewCounterLimiter.NONE;
    private boolean conflicts;

    private final VisitorCounterConfig config = VisitorCounterConfig.builder()
            .set(Setting.ALLOWED_ORIGINS, Set.of("*"))
            .set(Setting.ALLOWED_COUNTERS, Set.of("home"))
            .set(Setting.HANDSHAKE_GRACE, GRACE)
            .build();
    private final TestContext context = new TestContext();

    @Test
    void first_attempt_is_made_after_a_slow_cold_start() {
        assertThat(connect(Duration.ofSeconds(19)).get("statusCode").asInt()).isEqualTo(200);

        assertThat(attempts).hasSize(1);
        assertThat(rejections).isEmpty();
    }

    @Test
    void connect_is_rejected_without_time_for_a_retry() {
        conflicts = true;

        assertThat(connect(Duration.ofSeconds(19)).get("statusCode").asInt()).isEqualTo(503);

        assertThat(attempts).hasSize(1);
        assertThat(rejections).containsExactly(RejectionReason.UNAVAILABLE);
    }

    @Test
    void attempts_are_retried_for_half_the_grace() {
        conflicts = true;

        assertThat(connect(Duration.ZERO).get("statusCode").asInt()).isEqualTo(503);

        assertThat(rejections).containsExactly(RejectionReason.UNAVAILABLE);
        Duration last = Duration.between(start, attempts.get(attempts.size() - 1));
        assertThat(last).isGreaterThan(Duration.ofSeconds(5)).isLessThan(GRACE.dividedBy(2));
    }

    @Test
    void rejected_origin_is_counted_in_the_metric() {
        ObjectNode event = event(Duration.ZERO);
        VisitorCounterConfig strict = VisitorCounterConfig.builder()
                .set(Setting.ALLOWED_ORIGINS, Set.of("https://example.org"))
                .build();

        Events.handle(handler(strict), event.toString(), context);

        assertThat(rejections).containsExactly(RejectionReason.ORIGIN);
    }

    @Test
    void connect_beyond_the_limit_of_new_counters_is_rejected() {
        newCounters = (counterId, limit, at) -> limit != 7;

        assertThat(connectTo("page:1", 7).get("statusCode").asInt()).isEqualTo(429);

        assertThat(attempts).isEmpty();
        assertThat(rejections).containsExactly(RejectionReason.NEW_COUNTERS);
        assertThat(context.log()).singleElement().asString().contains("VISITOR_COUNTER_NEW_COUNTERS_PER_MINUTE");
    }

    @Test
    void limiter_is_not_called_for_named_counters() {
        newCounters = (counterId, limit, at) -> {
            throw new AssertionError(counterId + " was looked up");
        };

        assertThat(connectTo("home", 7).get("statusCode").asInt()).isEqualTo(200);
        assertThat(connectTo("page:1", 0).get("statusCode").asInt()).isEqualTo(200);
    }

    @Test
    void failing_new_counter_limiter_is_logged_and_accepts() {
        newCounters = (counterId, limit, at) -> {
            throw new ServiceUnavailableException("on purpose", null);
        };

        assertThat(connectTo("page:1", 7).get("statusCode").asInt()).isEqualTo(200);

        assertThat(attempts).hasSize(1);
        assertThat(context.log()).anySatisfy(line -> assertThat(line).contains("on purpose"));
    }

    private JsonNode connectTo(String counterId, int newCountersPerMinute) {
        VisitorCounterConfig settings = VisitorCounterConfig.builder()
                .set(Setting.ALLOWED_ORIGINS, Set.of("*"))
                .set(Setting.ALLOWED_COUNTERS, Set.of("home", "page:*"))
                .set(Setting.NEW_COUNTERS_PER_MINUTE, newCountersPerMinute)
                .build();
        ObjectNode event = event(Duration.ZERO);
        event.putObject("queryStringParameters").put("counter", counterId);
        return Events.handle(handler(settings), event.toString(), context);
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
                TestPorts.of(aws.counters(settings), time)
                        .withMetrics(metrics)
                        .withNewCounterLimiter(newCounters)
                        .ports());
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
