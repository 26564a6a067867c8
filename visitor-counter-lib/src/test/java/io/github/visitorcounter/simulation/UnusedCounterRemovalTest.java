package io.github.visitorcounter.simulation;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.lease.BudgetUse;
import io.github.visitorcounter.internal.broadcast.lease.Lease;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore.AcquireRequest;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore.Charge;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.dynamodb.SimulatedAdapters;
import io.github.visitorcounter.internal.reconcile.CounterState;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.time.Deadline;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests which rows of an unused counter are removed, and when it is kept. */
class UnusedCounterRemovalTest {

    private static final String COUNTER = "page:1";
    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final Duration UNUSED_AFTER = Duration.ofDays(28);

    private final ManualTimeSource time = new ManualTimeSource();
    private final MemoryDynamoDb tables = MemoryDynamoDb.withTables(time::now, MemoryDynamoDb.NO_LISTENER);
    private final SimulatedAdapters adapters = new SimulatedAdapters(tables, null, time, 10);
    private final CounterStore counters =
            adapters.counters(VisitorCounterConfig.builder().build());

    @Test
    void all_rows_are_removed() {
        comeAndGo(counters, 1);
        acquire();
        adapters.leases().release(COUNTER, "holder", 1, LATER);
        // A wake-up whose record was lost.
        adapters.wakeUps().request(COUNTER, time.now(), LATER);
        time.sleep(UNUSED_AFTER);

        assertThat(remove()).isTrue();

        assertThat(keysBut("visit#")).isEmpty();
    }

    @Test
    void writers_with_closed_shards_start_a_new_counter() {
        VisitorCounterConfig limited =
                VisitorCounterConfig.builder().set(Setting.MAX_LIVE, 8).build();
        CounterStore eightRows = adapters.counters(limited);
        comeAndGo(eightRows, 8);
        long before = counters.read(COUNTER, LATER).version();
        time.sleep(UNUSED_AFTER);

        assertThat(remove()).isTrue();

        assertThat(keysBut("visit#")).hasSize(7).allSatisfy(row -> assertThat(row)
                .startsWith("rows#"));
        IntStream.range(0, 8)
                .forEach(i -> eightRows.addConnection(Connection.opened("new" + i + "=", COUNTER, time.now()), LATER));
        assertThat(counters.read(COUNTER, LATER).live()).isEqualTo(8);
        assertThat(counters.read(COUNTER, LATER).total()).isEqualTo(8);
        assertThat(counters.read(COUNTER, LATER).version()).isGreaterThan(before);
    }

    @Test
    void counter_with_a_held_lease_is_kept() {
        comeAndGo(counters, 1);
        time.sleep(UNUSED_AFTER);
        acquire();

        assertThat(remove()).isFalse();
        assertThat(counters.read(COUNTER, LATER).total()).isEqualTo(1);
    }

    @Test
    void counter_with_a_charged_budget_is_kept() {
        comeAndGo(counters, 1);
        time.sleep(UNUSED_AFTER);
        Instant now = time.now();
        adapters.leases().charge(COUNTER, new Charge(now, 10_000_000, now.plusSeconds(60), false, true), LATER);

        assertThat(remove()).isFalse();
        time.sleep(Duration.ofSeconds(10));
        assertThat(remove()).isTrue();
    }

    @Test
    void counter_with_a_pending_wake_up_is_kept() {
        comeAndGo(counters, 1);
        time.sleep(UNUSED_AFTER);
        adapters.wakeUps().request(COUNTER, time.now(), LATER);

        assertThat(remove()).isFalse();
    }

    @Test
    void counter_edited_since_it_was_read_is_kept() {
        comeAndGo(counters, 1);
        time.sleep(UNUSED_AFTER);
        CounterState read = read();
        Map<String, AttributeValue> row =
                Expressions.copy(tables.items(MemoryDynamoDb.COUNTS).get(COUNTER));
        row.put("total", AttributeValue.fromN("1000"));
        tables.edit(MemoryDynamoDb.COUNTS, COUNTER, row);

        assertThat(remove(read)).isFalse();
        assertThat(counters.read(COUNTER, LATER).total()).isEqualTo(1_000);
    }

    private void comeAndGo(CounterStore store, int number) {
        List<String> ids =
                IntStream.range(0, number).mapToObj(i -> "c" + i + "=").toList();
        ids.forEach(id -> store.addConnection(Connection.opened(id, COUNTER, time.now()), LATER));
        store.removeConnections(ids, Change.DISCONNECT, time.now(), LATER);
    }

    private void acquire() {
        Lease seen = adapters.leases().read(COUNTER, LATER);
        adapters.leases()
                .acquire(
                        COUNTER,
                        new AcquireRequest(
                                "holder",
                                seen,
                                VisitorCount.none(COUNTER),
                                new BudgetUse(time.now(), 100, time.now(), 1, 0),
                                time.now(),
                                time.now().plusSeconds(15)),
                        LATER);
    }

    private CounterState read() {
        return adapters.reconcileStore().readCounters(List.of(COUNTER), LATER).get(COUNTER);
    }

    private boolean remove() {
        return remove(read());
    }

    private boolean remove(CounterState state) {
        return adapters.reconcileStore().removeUnused(state, time.now().minus(UNUSED_AFTER), time.now(), LATER);
    }

    private List<String> keysBut(String prefix) {
        return tables.items(MemoryDynamoDb.COUNTS).keySet().stream()
                .filter(key -> !key.startsWith(prefix))
                .toList();
    }
}
