package io.github.visitorcounter.simulation;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.connection.NewCounterLimiter;
import io.github.visitorcounter.internal.dynamodb.DynamoDbNewCounterLimiter;
import io.github.visitorcounter.internal.dynamodb.SimulatedAdapters;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.time.Deadline;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests the limit of new counters on DynamoDB in memory. */
class NewCounterLimiterTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final int LIMIT = 3;

    private final ManualTimeSource time = new ManualTimeSource();
    private final MemoryDynamoDb tables = MemoryDynamoDb.withTables(time::now, MemoryDynamoDb.NO_LISTENER);
    private final List<String> calls = new ArrayList<>();
    private final NewCounterLimiter limiter = limiter();

    @Test
    void new_counters_are_limited_per_minute() {
        assertThat(mayUse(limiter, 10)).isEqualTo(LIMIT);

        time.sleep(NewCounterLimiter.WINDOW);
        assertThat(mayUse(limiter, 10)).isEqualTo(LIMIT);
    }

    @Test
    void instances_share_the_limit() {
        assertThat(mayUse(limiter, 2) + mayUse(limiter(), 10)).isEqualTo(LIMIT);
    }

    @Test
    void existing_counter_is_always_allowed_and_read_once() {
        new SimulatedAdapters(tables, null, time, 10)
                .counters(VisitorCounterConfig.builder().build())
                .addConnection(Connection.opened("c=", "page:old", time.now()), LATER);
        mayUse(limiter, 10);
        calls.clear();

        for (int i = 0; i < 10; i++) {
            assertThat(limiter.mayUse("page:old", LIMIT, time.now())).isTrue();
        }

        assertThat(calls).containsExactly("getItem");
    }

    @Test
    void instance_writes_once_in_a_full_minute() {
        mayUse(limiter(), LIMIT);
        calls.clear();

        mayUse(limiter, 10);

        assertThat(calls).filteredOn("updateItem"::equals).hasSize(1);
        assertThat(calls).filteredOn("getItem"::equals).hasSize(10);
    }

    @Test
    void its_rows_expire() {
        mayUse(limiter, 1);

        assertThat(tables.items(MemoryDynamoDb.COUNTS)).hasSize(1).allSatisfy((key, row) -> {
            assertThat(key).startsWith("newCounters#");
            assertThat(row).doesNotContainKey("lastChange");
            assertThat(Long.parseLong(row.get("expiresAt").n()))
                    .isBetween(time.now().getEpochSecond(), time.now().getEpochSecond() + 60);
        });
    }

    @Test
    void dynamodb_failure_is_thrown_to_the_caller() {
        DynamoDbClient down = client(() -> {
            throw InternalServerErrorException.builder().statusCode(500).build();
        });

        assertThatThrownBy(() ->
                        new DynamoDbNewCounterLimiter(down, MemoryDynamoDb.COUNTS).mayUse("page:1", LIMIT, time.now()))
                .isInstanceOf(ServiceUnavailableException.class);
    }

    private long mayUse(NewCounterLimiter some, int number) {
        return IntStream.range(0, number)
                .filter(i -> some.mayUse("page:" + i, LIMIT, time.now()))
                .count();
    }

    private NewCounterLimiter limiter() {
        return new DynamoDbNewCounterLimiter(client(() -> {}), MemoryDynamoDb.COUNTS);
    }

    private DynamoDbClient client(Runnable before) {
        return (DynamoDbClient) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DynamoDbClient.class}, (proxy, method, arguments) -> {
                    if (arguments[0] instanceof java.util.function.Consumer<?>) {
                        return java.lang.reflect.InvocationHandler.invokeDefault(proxy, method, arguments);
                    }
                    calls.add(method.getName());
                    before.run();
                    try {
                        return method.invoke(tables, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }
}
