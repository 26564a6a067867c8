package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.count.VisitRules;
import io.github.visitorcounter.internal.time.Deadline;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The stores on Amazon's DynamoDB Local, with injected faults. */
@Tag("slow")
class DynamoDbLocalStoreIT extends DynamoDbStoreContract {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    @Override
    protected DynamoDbClient client() {
        return TABLES.client();
    }

    @Test
    void count_is_exact_after_conflicts_and_throttling() {
        TABLES.faults(Faults.builder()
                .dynamodbThrottleRatio(0.3)
                .dynamodbConflictRatio(0.3)
                .build());
        Deadline deadline = new Deadline(Instant.now().plusSeconds(60));

        for (int i = 0; i < 20; i++) {
            counters().addConnection(Connection.opened("faulty-" + i + "=", "faulty", Instant.now()), deadline);
        }
        for (int i = 0; i < 10; i++) {
            counters().removeConnections(List.of("faulty-" + i + "="), Change.DISCONNECT, Instant.now(), deadline);
        }

        assertThat(counters().read("faulty", deadline)).satisfies(count -> {
            assertThat(count.live()).isEqualTo(10);
            assertThat(count.total()).isEqualTo(20);
            assertThat(count.version() % 1_000).isEqualTo(30);
        });
    }

    @Test
    void concurrent_tabs_are_counted_exactly_despite_faults() throws Exception {
        TABLES.faults(Faults.builder()
                .dynamodbThrottleRatio(0.2)
                .dynamodbConflictRatio(0.2)
                .build());
        CounterStore counters = counters(new VisitRules(Duration.ofMinutes(30), CountingMode.VISITORS));
        Deadline deadline = new Deadline(Instant.now().plusSeconds(60));
        Instant now = Instant.now();
        ExecutorService browsers = Executors.newFixedThreadPool(4);
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            Connection tab = Connection.opened("tab-" + i + "=", "tabs", now, "visitor-" + i % 3);
            boolean disconnects = i % 3 != 0 || i > 12;
            done.add(browsers.submit(() -> {
                counters.addConnection(tab, deadline);
                counters.addConnection(tab, deadline);
                if (disconnects) {
                    counters.removeConnections(List.of(tab.connectionId()), Change.PRUNE, now, deadline);
                    counters.removeConnections(List.of(tab.connectionId()), Change.DISCONNECT, now, deadline);
                }
            }));
        }
        for (Future<?> tab : done) {
            tab.get(60, TimeUnit.SECONDS);
        }
        browsers.shutdown();
        TABLES.faults(Faults.NONE);

        assertThat(counters.read("tabs", deadline).total()).isEqualTo(3);
        assertThat(counters.read("tabs", deadline).live()).isEqualTo(1);
        assertThat(visit("tabs", "visitor-0").open()).isEqualTo(5);
        assertThat(visit("tabs", "visitor-1").open()).isZero();
    }

    @Test
    void timed_out_calls_are_retried_until_the_deadline() {
        TABLES.faults(Faults.builder().dynamodbLatencyMillis(600).build());
        try (DynamoDbClient clientWithTimeout = TABLES.newClient(Duration.ofMillis(200))) {
            CounterStore counters = new DynamoDbCounterStore(
                    clientWithTimeout, VisitorCounterConfig.builder().build());
            Deadline soon = new Deadline(Instant.now().plusSeconds(1));

            assertThatThrownBy(() -> counters.read("slow", soon))
                    .isInstanceOf(ServiceUnavailableException.class)
                    .hasMessageContaining("Reading a counter of VisitorCount failed");
        }
    }

    @Test
    void connect_fails_without_a_write_after_the_deadline() {
        TABLES.faults(Faults.builder().dynamodbConflictRatio(1).build());
        Deadline soon = new Deadline(Instant.now().plusMillis(200));
        Connection connection = Connection.opened("late=", "late", Instant.now());

        assertThatThrownBy(() -> counters().addConnection(connection, soon))
                .isInstanceOf(ServiceUnavailableException.class)
                .hasMessageContaining("Counting in VisitorCount failed");

        TABLES.faults(Faults.NONE);
        assertThat(connections().find("late=", new Deadline(Instant.now().plusSeconds(9))))
                .isNull();
    }
}
