package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.connection.ConnectionPage;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.Shards;
import io.github.visitorcounter.internal.count.StoreFixture;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** The contract of every {@link ReconcileStore}. */
public abstract class ReconcileStoreContract extends StoreFixture {

    /** Returns the store, on the same tables as the other stores; it reads pages of ten rows. */
    protected abstract ReconcileStore everything();

    @Test
    void segments_contain_each_connection_once() {
        List<String> expected = IntStream.range(0, 35).mapToObj(i -> "v" + i).toList();
        expected.forEach(this::connect);
        Instant longAgo = now.minusSeconds(9_000);
        Connection old = new Connection(id("old"), counterId, longAgo, longAgo.plusSeconds(60), null, null, false);
        Connection elsewhere = Connection.opened(id("elsewhere"), counterId + "-other", now);
        counters().addConnection(old, deadline());
        counters().addConnection(elsewhere, deadline());

        List<Connection> all =
                new ArrayList<>(expected.stream().map(this::connection).toList());
        all.addAll(List.of(old, elsewhere));
        assertThat(allConnections(1)).containsExactlyInAnyOrderElementsOf(all);
        assertThat(allConnections(4)).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void all_counters_are_found_with_their_last_change() {
        List<String> names =
                IntStream.range(0, 25).mapToObj(i -> counterId + "-" + i).toList();
        names.forEach(name -> counters().addConnection(Connection.opened(id(name), name, now), deadline()));
        counters().removeConnections(List.of(id(names.get(0))), Change.PRUNE, now, deadline());

        Map<String, CounterState> found = allCounters();

        assertThat(found).containsKeys(names.toArray(String[]::new));
        assertThat(found.get(names.get(0)))
                .isEqualTo(state(new VisitorCount(names.get(0), 0, 1, version(2), now), 0, Change.PRUNE));
        assertThat(found.get(names.get(2)).lastChange()).isEqualTo(Change.CONNECT);
    }

    @Test
    void counters_without_a_row_are_read_as_zero() {
        List<String> names =
                IntStream.range(0, 120).mapToObj(i -> counterId + "-" + i).toList();
        counters().addConnection(Connection.opened(id("a"), names.get(119), now), deadline());

        Map<String, CounterState> read = everything().readCounters(names, deadline());

        assertThat(read).hasSize(120).containsEntry(names.get(0), CounterState.none(names.get(0)));
        assertThat(read.get(names.get(119)).count()).isEqualTo(new VisitorCount(names.get(119), 1, 1, version(1), now));
    }

    @Test
    void repair_subtracts_drift_and_keeps_later_changes() {
        IntStream.range(0, 3).forEach(i -> connect("v" + i));
        CounterState measured = state();
        connect("meanwhile");

        assertThat(everything().repair(new Repair(measured, 2, now.plusSeconds(5)), deadline()))
                .isTrue();

        assertThat(state())
                .isEqualTo(state(
                        new VisitorCount(counterId, 2, 4, version(now.plusSeconds(5)) + 1, now.plusSeconds(5)),
                        1,
                        Change.RECONCILE));
    }

    @Test
    void drift_measured_twice_is_repaired_once() {
        IntStream.range(0, 5).forEach(i -> connect("v" + i));
        CounterState measured = state();
        Repair repair = new Repair(measured, 2, now.plusSeconds(5));
        everything().repair(repair, deadline());

        // Repeated because the answer was lost: without tokens it returns false.
        everything().repair(repair, deadline());
        assertThat(everything().repair(new Repair(measured, 2, now.plusSeconds(6)), deadline()))
                .isFalse();
        assertThat(count().live()).isEqualTo(3);

        assertThat(everything().repair(new Repair(state(), -1, now.plusSeconds(7)), deadline()))
                .isTrue();
        assertThat(count().live()).isEqualTo(4);
        assertThat(state().repairs()).isEqualTo(2);
    }

    @Test
    void repair_may_exceed_the_current_live() {
        connect("a");
        connect("b");
        CounterState measured = state();
        disconnect(counters(), now, "a", "b");

        assertThat(everything().repair(new Repair(measured, 1, now), deadline()))
                .isTrue();

        assertThat(state().count().live()).isEqualTo(-1);
        assertThat(count().live()).isZero();
    }

    @Test
    void lost_counter_continues_above_all_sent_versions() {
        assertThat(everything().repair(new Repair(CounterState.none(counterId), -7, now), deadline()))
                .isTrue();

        assertThat(count()).isEqualTo(new VisitorCount(counterId, 7, 7, version(now), now));
    }

    @Test
    void unused_counter_is_removed_and_starts_again() {
        connect("a");
        disconnect(counters(), now, "a");
        CounterState unused = state();

        assertThat(everything().removeUnused(unused, now, now.plusSeconds(9), deadline()))
                .isTrue();
        assertThat(count()).isEqualTo(VisitorCount.none(counterId));
        assertThat(everything().removeUnused(unused, now, now.plusSeconds(9), deadline()))
                .isFalse();

        connect("b");
        assertThat(count().total()).isEqualTo(1);
        assertThat(count().live()).isEqualTo(1);
    }

    @Test
    void counter_changed_since_it_was_read_is_kept() {
        connect("a");
        disconnect(counters(), now, "a");
        CounterState unused = state();
        connect("b");
        disconnect(counters(), now, "b");

        assertThat(everything().removeUnused(unused, now, now.plusSeconds(9), deadline()))
                .isFalse();
        assertThat(count().total()).isEqualTo(2);
    }

    @Test
    void progress_is_kept_until_the_end() {
        everything().clearProgress(deadline());
        assertThat(everything().readProgress(deadline())).isNull();

        everything().saveProgress(new ReconcileProgress(counterId, 50_000, now), deadline());
        assertThat(everything().readProgress(deadline())).isEqualTo(new ReconcileProgress(counterId, 50_000, now));

        everything().clearProgress(deadline());
        assertThat(everything().readProgress(deadline())).isNull();
    }

    private static CounterState state(VisitorCount count, long repairs, Change lastChange) {
        return new CounterState(count, repairs, lastChange, Shards.HOME_ONLY, null);
    }

    private CounterState state() {
        return everything().readCounters(List.of(counterId), deadline()).get(counterId);
    }

    private List<Connection> allConnections(int totalSegments) {
        List<Connection> all = new ArrayList<>();
        for (int segment = 0; segment < totalSegments; segment++) {
            ReconcileStore.Part part = new ReconcileStore.Part(segment, totalSegments, null);
            for (boolean more = true; more; ) {
                ConnectionPage page = everything().readConnections(part, deadline());
                page.connections().stream()
                        .filter(connection -> connection.counterId().startsWith(counterId))
                        .forEach(all::add);
                more = page.next() != null;
                part = more ? part.from(page.next()) : part;
            }
        }
        return all;
    }

    private Map<String, CounterState> allCounters() {
        Map<String, CounterState> all = new HashMap<>();
        String cursor = null;
        do {
            CounterPage page = everything().readCounters(cursor, deadline());
            page.counters().forEach(state -> all.put(state.count().counterId(), state));
            cursor = page.next();
        } while (cursor != null);
        return all;
    }

    /** Returns the version after a repair at that time, if the version before was lower. */
    private static long version(Instant at) {
        return at.toEpochMilli() * 1_000;
    }
}
