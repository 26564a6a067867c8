package io.github.visitorcounter.count;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.connection.ConnectionPage;
import io.github.visitorcounter.connection.ConnectionStore;
import io.github.visitorcounter.connection.PageRequest;
import io.github.visitorcounter.reconcile.CounterPage;
import io.github.visitorcounter.reconcile.CounterState;
import io.github.visitorcounter.reconcile.ReconcileStore;
import io.github.visitorcounter.reconcile.Repair;
import io.github.visitorcounter.time.Deadline;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** What every pair of stores does. Each test has a counter of its own, so that one set of tables serves them all. */
public abstract class StoreContract {

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private String counterId;

    /** The store of connections; it reads pages of ten rows. */
    protected abstract ConnectionStore connections();

    protected abstract CounterStore counters();

    /** What reconciling reads and repairs; it reads pages of ten rows. */
    protected abstract ReconcileStore everything();

    /** Loses a counter's row. */
    protected abstract void loseCount(String counterId);

    @BeforeEach
    void nameTheCounter(TestInfo test) {
        counterId = getClass().getSimpleName() + "-"
                + test.getTestMethod().orElseThrow().getName().hashCode();
    }

    @Test
    void a_counter_that_nobody_came_to_is_zero_at_version_zero() {
        assertThat(count()).isEqualTo(VisitorCount.none(counterId));
    }

    @Test
    void an_arrival_counts_in_live_and_total_and_raises_the_version() {
        arrive("a");
        arrive("b");

        assertThat(count()).isEqualTo(new VisitorCount(counterId, 2, 2, 2, now));
    }

    @Test
    void an_arrival_that_is_repeated_counts_once() {
        arrive("a");
        arrive("a");

        assertThat(count()).isEqualTo(new VisitorCount(counterId, 1, 1, 1, now));
    }

    @Test
    void an_arrival_that_is_repeated_with_another_time_counts_once() {
        arrive("a");
        counters().arrive(Connection.opened(id("a"), counterId, now.plusSeconds(1)), deadline());

        assertThat(count().total()).isEqualTo(1);
        assertThat(count().live()).isEqualTo(1);
    }

    @Test
    void an_arrival_that_is_repeated_after_the_departure_counts_once() {
        arrive("a");
        leave("a");
        arrive("a");

        // DynamoDB remembers the arrival's token for ten minutes, a memory without tokens only as long as the row
        // exists.
        assertThat(count().total()).isLessThanOrEqualTo(2);
        assertThat(count().live()).isLessThanOrEqualTo(1);
    }

    @Test
    void a_departure_counts_out_of_live_but_not_of_total() {
        arrive("a");
        arrive("b");

        assertThat(leave("a")).isEqualTo(1);

        assertThat(count()).isEqualTo(new VisitorCount(counterId, 1, 2, 3, now.plusSeconds(60)));
    }

    @Test
    void a_departure_that_is_repeated_counts_once() {
        arrive("a");
        arrive("b");
        leave("a");
        leave("a");

        assertThat(count().live()).isEqualTo(1);
        assertThat(count().version()).isEqualTo(3);
    }

    @Test
    void a_departure_for_two_reasons_counts_once() {
        arrive("a");
        arrive("b");
        counters().leave(counterId, List.of(id("a")), Change.PRUNE, now.plusSeconds(1), deadline());
        counters().leave(counterId, List.of(id("a")), Change.DISCONNECT, now.plusSeconds(2), deadline());

        assertThat(count().live()).isEqualTo(1);
        assertThat(count().version()).isEqualTo(3);
    }

    @Test
    void a_departure_of_somebody_who_never_came_changes_nothing() {
        arrive("a");

        assertThat(leave("stranger")).isZero();

        assertThat(count()).isEqualTo(new VisitorCount(counterId, 1, 1, 1, now));
    }

    @Test
    void many_leave_together_and_those_who_had_left_are_not_counted_again() {
        IntStream.range(0, 120).forEach(i -> arrive("v" + i));
        leave("v3", "v110");

        String[] all = IntStream.range(0, 120).mapToObj(i -> "v" + i).toArray(String[]::new);

        assertThat(leave(all)).isEqualTo(118);
        assertThat(count().live()).isZero();
        assertThat(count().total()).isEqualTo(120);
        assertThat(audience(1)).isEmpty();
    }

    @Test
    void live_does_not_fall_below_zero_when_the_counter_was_lost() {
        arrive("a");
        arrive("b");
        arrive("c");
        loseCount(counterId);
        arrive("d");

        assertThat(leave("a", "b")).isEqualTo(2);
        assertThat(count().live()).isZero();

        assertThat(leave("c")).isEqualTo(1);
        assertThat(count().live()).isZero();
        assertThat(find("c")).isNull();
    }

    @Test
    void a_touched_counter_keeps_its_count_and_version() {
        arrive("a");
        counters().touch(counterId, now.plusSeconds(5), deadline());

        assertThat(count()).isEqualTo(new VisitorCount(counterId, 1, 1, 1, now.plusSeconds(5)));
    }

    @Test
    void a_counter_that_is_not_there_can_not_be_touched() {
        counters().touch(counterId, now, deadline());

        assertThat(count()).isEqualTo(VisitorCount.none(counterId));
    }

    @Test
    void a_connection_is_found_until_it_leaves() {
        arrive("a");
        assertThat(find("a")).isEqualTo(connection("a"));

        leave("a");
        assertThat(find("a")).isNull();
    }

    @Test
    void the_pages_of_a_counter_hold_each_of_its_connections_once() {
        List<String> expected = IntStream.range(0, 35).mapToObj(i -> "v" + i).toList();
        expected.forEach(this::arrive);
        counters().arrive(Connection.opened(id("elsewhere"), counterId + "-other", now), deadline());

        List<String> ids = expected.stream().map(this::id).toList();
        assertThat(audience(1)).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(audience(4)).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void expired_connections_are_in_no_page() {
        arrive("a");
        counters()
                .arrive(
                        new Connection(
                                id("old"),
                                counterId,
                                now.minusSeconds(9_000),
                                Instant.now().minusSeconds(2),
                                null),
                        deadline());

        assertThat(audience(1)).containsExactly(id("a"));
        assertThat(find("old")).isNotNull();
    }

    @Test
    void the_count_is_exact_when_many_come_and_go_at_once() throws Exception {
        ExecutorService visitors = Executors.newFixedThreadPool(8);
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String name = "v" + i;
            boolean leaves = i % 2 == 0;
            done.add(visitors.submit(() -> {
                arrive(name);
                arrive(name);
                if (leaves) {
                    leave(name);
                    leave(name);
                }
            }));
        }
        for (Future<?> visit : done) {
            visit.get(60, TimeUnit.SECONDS);
        }
        visitors.shutdown();

        assertThat(count().live()).isEqualTo(20);
        assertThat(count().total()).isEqualTo(40);
        assertThat(count().version()).isEqualTo(60);
    }

    @Test
    void the_segments_of_everything_hold_each_connection_once_and_expired_ones_too() {
        List<String> expected = IntStream.range(0, 35).mapToObj(i -> "v" + i).toList();
        expected.forEach(this::arrive);
        Instant longAgo = now.minusSeconds(9_000);
        Connection old = new Connection(id("old"), counterId, longAgo, longAgo.plusSeconds(60), null);
        Connection elsewhere = Connection.opened(id("elsewhere"), counterId + "-other", now);
        counters().arrive(old, deadline());
        counters().arrive(elsewhere, deadline());

        List<Connection> all = new ArrayList<>(expected.stream().map(this::connection).toList());
        all.addAll(List.of(old, elsewhere));
        assertThat(allConnections(1)).containsExactlyInAnyOrderElementsOf(all);
        assertThat(allConnections(4)).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void all_counters_are_found_with_why_they_changed_last() {
        List<String> names = IntStream.range(0, 25).mapToObj(i -> counterId + "-" + i).toList();
        names.forEach(name -> counters().arrive(Connection.opened(id(name), name, now), deadline()));
        counters().leave(names.get(0), List.of(id(names.get(0))), Change.PRUNE, now, deadline());
        counters().touch(names.get(1), now, deadline());

        Map<String, CounterState> found = allCounters();

        assertThat(found).containsKeys(names.toArray(String[]::new));
        assertThat(found.get(names.get(0)))
                .isEqualTo(new CounterState(new VisitorCount(names.get(0), 0, 1, 2, now), 0, Change.PRUNE));
        assertThat(found.get(names.get(1)).lastChange()).isEqualTo(Change.PACE);
        assertThat(found.get(names.get(2)).lastChange()).isEqualTo(Change.CONNECT);
    }

    @Test
    void some_counters_are_read_and_those_without_a_row_are_at_zero() {
        List<String> names =
                IntStream.range(0, 120).mapToObj(i -> counterId + "-" + i).toList();
        counters().arrive(Connection.opened(id("a"), names.get(119), now), deadline());

        Map<String, CounterState> read = everything().readCounters(names, deadline());

        assertThat(read).hasSize(120).containsEntry(names.get(0), CounterState.none(names.get(0)));
        assertThat(read.get(names.get(119)).count()).isEqualTo(new VisitorCount(names.get(119), 1, 1, 1, now));
    }

    @Test
    void a_repair_takes_the_drift_away_and_keeps_what_happened_since_it_was_measured() {
        IntStream.range(0, 3).forEach(i -> arrive("v" + i));
        CounterState measured = state();
        arrive("meanwhile");

        assertThat(everything().repair(new Repair(measured, 2, 0, now.plusSeconds(5)), deadline()))
                .isTrue();

        assertThat(state())
                .isEqualTo(new CounterState(
                        new VisitorCount(counterId, 2, 4, 5, now.plusSeconds(5)), 1, Change.RECONCILE));
    }

    @Test
    void a_drift_is_repaired_once_whoever_else_has_measured_it() {
        IntStream.range(0, 5).forEach(i -> arrive("v" + i));
        CounterState measured = state();
        Repair repair = new Repair(measured, 2, 0, now.plusSeconds(5));
        everything().repair(repair, deadline());

        // Again, because the answer was lost: a memory without tokens says no.
        everything().repair(repair, deadline());
        assertThat(everything().repair(new Repair(measured, 2, 0, now.plusSeconds(6)), deadline()))
                .isFalse();
        assertThat(count().live()).isEqualTo(3);

        assertThat(everything().repair(new Repair(state(), -1, 0, now.plusSeconds(7)), deadline()))
                .isTrue();
        assertThat(count().live()).isEqualTo(4);
        assertThat(state().repairs()).isEqualTo(2);
    }

    @Test
    void a_repair_does_not_take_a_counter_below_zero() {
        arrive("a");
        arrive("b");
        CounterState measured = state();
        leave("a");

        assertThat(everything().repair(new Repair(measured, 2, 0, now), deadline()))
                .isFalse();
        assertThat(count().live()).isEqualTo(1);
    }

    @Test
    void a_counter_without_a_row_gets_one_whose_version_goes_on() {
        assertThat(everything().repair(new Repair(CounterState.none(counterId), -7, 982, now), deadline()))
                .isTrue();

        assertThat(count()).isEqualTo(new VisitorCount(counterId, 7, 7, 982, now));
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

    private void arrive(String name) {
        counters().arrive(connection(name), deadline());
    }

    private int leave(String... names) {
        List<String> ids = List.of(names).stream().map(this::id).toList();
        return counters().leave(counterId, ids, Change.DISCONNECT, now.plusSeconds(60), deadline());
    }

    private Connection connection(String name) {
        return Connection.opened(id(name), counterId, now);
    }

    private Connection find(String name) {
        return connections().find(id(name), deadline());
    }

    private VisitorCount count() {
        return counters().read(counterId, deadline());
    }

    private List<String> audience(int totalSegments) {
        List<String> ids = new ArrayList<>();
        for (int segment = 0; segment < totalSegments; segment++) {
            PageRequest request = new PageRequest(counterId, segment, totalSegments, null);
            for (boolean more = true; more; ) {
                ConnectionPage page = connections().read(request, deadline());
                page.connections().forEach(connection -> ids.add(connection.connectionId()));
                more = page.next() != null;
                request = more ? request.from(page.next()) : request;
            }
        }
        return ids;
    }

    private String id(String name) {
        return counterId + "-" + name + "=";
    }

    private static Deadline deadline() {
        return new Deadline(Instant.now().plus(Duration.ofSeconds(30)));
    }
}
