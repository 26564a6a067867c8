package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.RoundedMessageFormat;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.delivery.FailedCall;
import io.github.visitorcounter.internal.broadcast.lease.BudgetUse;
import io.github.visitorcounter.internal.broadcast.lease.FollowUp;
import io.github.visitorcounter.internal.broadcast.lease.Lease;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore.AcquireRequest;
import io.github.visitorcounter.internal.count.AllowedCounters;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.count.LiveLimits;
import io.github.visitorcounter.internal.count.VisitRules;
import io.github.visitorcounter.internal.reconcile.ConnectionProbe.Answer;
import io.github.visitorcounter.internal.reconcile.ConnectionProbe.State;
import io.github.visitorcounter.internal.testing.InMemoryLeaseStore;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.InMemoryWakeUps;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.reconcile.ReconcileReport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

class ReconcilerTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final Duration UNUSED_AFTER = Duration.ofDays(28);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final ManualTimeSource time = new ManualTimeSource();
    private final InMemoryStore store = new InMemoryStore(time, 10);
    private final InMemoryLeaseStore leases = new InMemoryLeaseStore();
    private final InMemoryWakeUps wakeUps = new InMemoryWakeUps();
    private final Set<String> closed = new HashSet<>();
    private final List<String> probed = new ArrayList<>();
    private final Instant start = time.now();

    private final List<FailedCall> failures = new ArrayList<>();
    private MessageFormat format = MessageFormat.JSON;
    private Reconciler.Limits limits = Reconciler.Limits.STANDARD;
    private int probes = 100;
    private boolean watchers;
    private CountingMode countingMode = CountingMode.CONNECTIONS;
    private ReconcileStore everything = store;
    private Executor scanners = Runnable::run;

    @Test
    void correct_counters_cause_no_writes() {
        connect("home", 12);
        markBroadcast("home");
        advance(Duration.ofMinutes(5));

        ReconcileReport report = reconcile();

        assertThat(report)
                .isEqualTo(new ReconcileReport(
                        1, 1, time.now(), 12, 0, 12, 0, 0, Map.of(), 0, List.of(), 0, Duration.ZERO, true));
        assertThat(count("home")).isEqualTo(new VisitorCount("home", 12, 12, 12, start));
    }

    @Test
    void expired_connections_are_removed() {
        connect("home", 250);
        connect("news", 3);
        advance(Connection.LIFETIME);
        store.addConnection(Connection.opened("young=", "home", time.now()), LATER);

        ReconcileReport report = reconcile();

        assertThat(report.expired()).isEqualTo(253);
        assertThat(report.drifts()).isEmpty();
        assertThat(count("home").live()).isEqualTo(1);
        assertThat(count("news").live()).isZero();
        assertThat(store.find("home-7=", LATER)).isNull();
    }

    @Nested
    class Probes {

        @Test
        void connections_with_410_get_a_wake_up() {
            connect("home", 4);
            connect("news", 2);
            closed.addAll(List.of("home-1=", "news-0="));
            advance(Duration.ofMinutes(1));

            ReconcileReport report = reconcile();

            assertThat(report.probed()).isEqualTo(6);
            assertThat(report.suspects()).isEqualTo(2);
            assertThat(count("home").live()).isEqualTo(4);
            assertThat(wakeUps.takeFollowUps())
                    .flatExtracting(FollowUp::suspects)
                    .extracting(Connection::connectionId)
                    .containsExactlyInAnyOrder("home-1=", "news-0=");
        }

        @Test
        void failed_probes_are_counted_and_change_nothing() {
            connect("home", 3);
            advance(Duration.ofMinutes(1));

            FailedCall denied = new FailedCall("GetConnection", 403, "ForbiddenException", "Forbidden", "the test");
            ReconcileReport report =
                    reconcile(connectionId -> CompletableFuture.completedFuture(new Answer(State.UNKNOWN, denied)));

            assertThat(failures).containsOnly(denied);
            assertThat(report.unanswered()).isEqualTo(3);
            assertThat(report.suspects()).isZero();
            assertThat(count("home").live()).isEqualTo(3);
        }

        @Test
        void only_the_oldest_connections_are_probed() {
            for (int i = 0; i < 60; i++) {
                store.addConnection(Connection.opened("c" + i + "=", "home", start.plusSeconds((i * 7) % 60)), LATER);
            }
            advance(Duration.ofMinutes(5));
            probes = 3;

            reconcile();

            // 0, 43 and 26 seconds times seven are 0, 1 and 2 more than whole minutes.
            assertThat(probed).containsExactlyInAnyOrder("c0=", "c43=", "c26=");
        }

        @Test
        void connection_in_its_handshake_is_not_probed() {
            connect("home", 1);
            closed.add("home-0=");
            advance(GRACE);

            assertThat(reconcile().probed()).isZero();
            assertThat(count("home").live()).isEqualTo(1);

            advance(Duration.ofMillis(1));
            assertThat(reconcile().suspects()).isEqualTo(1);
        }
    }

    @Nested
    class Repairs {

        @Test
        void rows_removed_by_hand_are_subtracted() {
            connect("home", 10);
            connect("news", 5);
            store.loseConnection("home-3=");
            store.loseConnection("home-4=");

            ReconcileReport report = reconcile();

            assertThat(report.drifts()).isEqualTo(Map.of("home", 2L));
            assertThat(report.uncertain()).isZero();
            assertThat(count("home"))
                    .isEqualTo(new VisitorCount("home", 8, 10, time.now().toEpochMilli() * 1_000, time.now()));
            assertThat(count("news").version()).isEqualTo(5);
        }

        @Test
        void edited_counter_is_repaired() {
            connect("home", 10);
            store.edit(new VisitorCount("home", 3, 10, 10, start));

            assertThat(reconcile().drifts()).isEqualTo(Map.of("home", -7L));
            assertThat(count("home").live()).isEqualTo(10);
        }

        @Test
        void counter_without_connections_is_repaired_to_zero() {
            store.edit(new VisitorCount("home", 3, 10, 10, start));

            assertThat(reconcile().drifts()).isEqualTo(Map.of("home", 3L));
            assertThat(count("home").live()).isZero();
        }

        @Test
        void lost_counter_starts_with_the_current_connections() {
            connect("home", 7);
            store.edit(new VisitorCount("home", 7, 300, 981, start));
            store.loseCount("home");

            assertThat(reconcile().drifts()).isEqualTo(Map.of("home", -7L));
            assertThat(count("home"))
                    .isEqualTo(new VisitorCount("home", 7, 7, time.now().toEpochMilli() * 1_000, time.now()));
        }

        @Test
        void rows_without_a_valid_counter_create_none() {
            store.addConnection(Connection.opened("odd=", "lease#home", start), LATER);

            store.loseCount("lease#home");

            assertThat(reconcile().drifts()).isEmpty();
            assertThat(count("lease#home")).isEqualTo(VisitorCount.none("lease#home"));
        }

        @Test
        void tabs_of_a_visitor_count_once_in_visitor_mode() {
            for (int tab = 0; tab < 3; tab++) {
                store.addConnection(Connection.opened("ada-" + tab + "=", "home", start, "ada"), LATER);
            }
            store.addConnection(Connection.opened("bob=", "home", start, "bob"), LATER);
            store.addConnection(Connection.opened("nameless-1=", "home", start), LATER);
            store.addConnection(Connection.opened("nameless-2=", "home", start), LATER);
            store.edit(new VisitorCount("home", 9, 6, 6, start));
            countingMode = CountingMode.VISITORS;

            assertThat(reconcile().drifts()).isEqualTo(Map.of("home", 5L));
            assertThat(count("home").live()).isEqualTo(4);
        }

        @Test
        void visitor_with_an_expired_connection_counts_once() {
            Duration window = Duration.ofMinutes(30);
            InMemoryStore visitors = store.under(new VisitRules(window, CountingMode.VISITORS));
            visitors.addConnection(Connection.opened("stale=", "home", start, "ada"), LATER);
            advance(Connection.LIFETIME.plus(window));
            visitors.addConnection(Connection.opened("back=", "home", time.now(), "ada"), LATER);
            assertThat(count("home").live()).isEqualTo(2);
            countingMode = CountingMode.VISITORS;

            ReconcileReport report = reconcile();

            assertThat(report.expired()).isEqualTo(1);
            assertThat(report.drifts()).isEmpty();
            assertThat(count("home").live()).isEqualTo(1);
        }
    }

    @Nested
    class Scans {

        @Test
        void segments_are_scanned_concurrently() {
            connect("home", 200);
            store.loseConnection("home-3=");
            ExecutorService threads = Executors.newFixedThreadPool(4);
            scanners = threads;

            ReconcileReport report = reconcile();
            threads.shutdown();

            assertThat(report.connections()).isEqualTo(199);
            assertThat(count("home").live()).isEqualTo(199);
        }

        @Test
        void incomplete_scan_repairs_nothing_and_is_reported() {
            connect("home", 300);
            store.loseConnection("home-3=");
            everything = new SlowStore(store, time, Duration.ofSeconds(3));

            ReconcileReport report = reconcile();

            assertThat(report.complete()).isFalse();
            assertThat(report.connections()).isBetween(1L, 298L);
            assertThat(count("home").live()).isEqualTo(300);
            assertThat(report.elapsed()).isLessThanOrEqualTo(Duration.ofSeconds(60));
        }

        @Test
        void short_runs_eventually_remove_all_expired_connections() {
            for (int i = 0; i < 40; i++) {
                store.addConnection(
                        Connection.opened("old-" + i + "=", "home", start.minus(Connection.LIFETIME)), LATER);
            }
            connect("home", 400);
            everything = new SlowStore(store, time, Duration.ofSeconds(3));

            int runs = 0;
            while (count("home").live() > 400 && runs < 100) {
                assertThat(reconcile().complete()).isFalse();
                runs++;
            }

            assertThat(runs).isBetween(2, 99);
        }
    }

    @Nested
    class Rebroadcasts {

        @Test
        void broadcast_of_a_dead_holder_is_restarted() {
            connect("home", 2);
            acquire("home");

            advance(Duration.ofSeconds(20));
            assertThat(reconcile().restarted()).isEmpty();

            advance(Duration.ofSeconds(5));
            assertThat(reconcile().restarted()).containsExactly("home");
            assertThat(wakeUps.isPending("home")).isTrue();
        }

        @Test
        void count_that_pages_cannot_tell_from_the_one_they_were_sent_is_not_missed() {
            format = RoundedMessageFormat.instance();
            connect("home", 30);
            markBroadcast("home");
            store.addConnection(Connection.opened("added=", "home", start), LATER);
            advance(Duration.ofMinutes(9));
            assertThat(reconcile().restarted()).isEmpty();
            assertThat(wakeUps.takeRecords()).isEmpty();

            leases.leaveToNextPass("home", LATER);

            assertThat(reconcile().restarted()).containsExactly("home");
        }

        /** The record of the new connection may have been lost, and nothing else would send it a number. */
        @Test
        void count_that_pages_cannot_tell_from_the_one_they_were_sent_is_sent_when_the_last_broadcast_is_old() {
            format = RoundedMessageFormat.instance();
            connect("home", 30);
            markBroadcast("home");
            store.addConnection(Connection.opened("added=", "home", start), LATER);
            advance(Duration.ofMinutes(10));

            assertThat(reconcile().restarted()).isEmpty();

            assertThat(wakeUps.takeRecords()).containsExactly("home");
        }

        @Test
        void missed_broadcast_is_restarted_after_the_grace() {
            connect("home", 2);
            markBroadcast("home");
            store.addConnection(Connection.opened("late=", "home", start), LATER);

            assertThat(reconcile().restarted()).isEmpty();
            advance(MissedBroadcasts.BROADCAST_GRACE);
            assertThat(reconcile().restarted()).containsExactly("home");
        }

        @Test
        void pending_wake_up_is_not_requested_again() {
            connect("home", 1);
            advance(Duration.ofMinutes(1));
            wakeUps.request("home", time.now(), LATER);

            assertThat(reconcile().restarted()).isEmpty();
            advance(Duration.ofMinutes(1));
            assertThat(reconcile().restarted()).containsExactly("home");
        }

        @Test
        void counter_without_connections_needs_no_broadcast() {
            connect("home", 1);
            store.removeConnections(List.of("home-0="), Change.DISCONNECT, start, LATER);
            advance(Duration.ofMinutes(1));

            assertThat(reconcile().restarted()).isEmpty();
        }

        @Test
        void watchers_receive_the_count_of_a_counter_without_connections() {
            watchers = true;
            connect("home", 1);
            store.removeConnections(List.of("home-0="), Change.DISCONNECT, start, LATER);
            advance(Duration.ofMinutes(1));

            assertThat(reconcile().restarted()).containsExactly("home");
        }
    }

    /** A site counter counts the connections of all counters. */
    @Nested
    class SiteCounter {

        @ParameterizedTest
        @EnumSource
        void expected_count_follows_from_the_rows_that_name_it(CountingMode mode) {
            countingMode = mode;
            visit("a", "page:1", "v", "site");
            visit("b", "page:2", "v", "site");
            visit("c", "page:2", "w", "site");
            visit("d", "site", "v", "site");
            visit("opened-before", "page:1", "x", null);
            store.addConnection(
                    Connection.opened("e", "page:1", start, "y")
                            .withSiteCounter("site")
                            .watching(),
                    LATER);
            VisitorCount correct = count("site");
            assertThat(correct.live()).isEqualTo(mode == CountingMode.CONNECTIONS ? 4 : 2);

            assertThat(reconcile().drifts()).isEmpty();
            assertThat(count("site")).isEqualTo(correct);

            drift("site", 7);
            drift("page:1", -2);

            assertThat(reconcile().drifts()).isEqualTo(Map.of("site", 7L, "page:1", -2L));
            assertThat(count("site").live()).isEqualTo(correct.live());
        }

        @Test
        void lost_row_is_written_again() {
            visit("a", "page:1", "v", "site");
            visit("b", "page:2", "v", "site");
            visit("c", "page:2", "w", "site");
            countingMode = CountingMode.VISITS;
            store.loseCount("site");

            assertThat(reconcile().drifts()).isEqualTo(Map.of("site", -2L));
            assertThat(count("site").live()).isEqualTo(2);
        }

        @Test
        void expired_connection_is_removed_from_both_counters() {
            visit("a", "page:1", "v", "site");
            visit("b", "page:2", "w", "site");
            store.addConnection(Connection.opened("e", "page:1", start, "y").watching(), LATER);
            advance(Duration.ofHours(3));

            assertThat(reconcile().expired()).isEqualTo(3);
            assertThat(count("site").live()).isZero();
            assertThat(count("page:1").live()).isZero();
            assertThat(store.find("e", LATER)).isNull();
        }

        @Test
        void watchers_are_probed_like_other_connections() {
            probes = 10;
            store.addConnection(Connection.opened("e=", "home", start, "y").watching(), LATER);
            closed.add("e=");
            advance(Duration.ofMinutes(1));

            assertThat(reconcile().suspects()).isEqualTo(1);
        }

        private void visit(String connectionId, String counterId, String visit, @Nullable String site) {
            store.under(new VisitRules(Duration.ofMinutes(30), countingMode))
                    .addConnection(
                            Connection.opened(connectionId, counterId, start, visit)
                                    .withSiteCounter(site),
                            LATER);
        }

        private void drift(String counterId, int by) {
            VisitorCount count = count(counterId);
            store.edit(
                    new VisitorCount(counterId, count.live() + by, count.total(), count.version(), count.updatedAt()));
        }
    }

    @Nested
    class RemovalOfUnusedCounters {

        @Test
        void unused_counter_of_a_wildcard_is_removed() {
            connect("page:old", 2);
            store.removeConnections(List.of("page:old-0=", "page:old-1="), Change.DISCONNECT, start, LATER);
            advance(UNUSED_AFTER.minusMillis(1));

            assertThat(reconcile().removedCounters()).isZero();
            advance(Duration.ofMillis(1));
            assertThat(reconcile().removedCounters()).isEqualTo(1);

            assertThat(count("page:old")).isEqualTo(VisitorCount.none("page:old"));
            assertThat(reconcile().counters()).isZero();
        }

        @ParameterizedTest
        @ValueSource(strings = {"home", "never-allowed"})
        void named_or_disallowed_counter_keeps_its_total(String counterId) {
            connect(counterId, 1);
            store.removeConnections(List.of(counterId + "-0="), Change.DISCONNECT, start, LATER);
            advance(Duration.ofDays(3_650));

            assertThat(reconcile().removedCounters()).isZero();
            assertThat(count(counterId).total()).isEqualTo(1);
        }

        @Test
        void counter_with_a_connection_is_not_removed() {
            store.addConnection(
                    new Connection("open=", "page:open", start, start.plusSeconds(1L << 40), null, null, false), LATER);
            store.edit(new VisitorCount("page:open", 0, 1, 1, start));
            advance(UNUSED_AFTER);

            assertThat(reconcile().removedCounters()).isZero();
            assertThat(count("page:open").live()).isEqualTo(1);
        }

        @Test
        void counter_used_during_removal_is_kept() {
            connect("page:a", 1);
            store.removeConnections(List.of("page:a-0="), Change.DISCONNECT, start, LATER);
            advance(UNUSED_AFTER);
            CounterState read = store.readCounters(List.of("page:a"), LATER).get("page:a");
            store.addConnection(Connection.opened("back=", "page:a", time.now()), LATER);

            assertThat(store.removeUnused(read, start, time.now(), LATER)).isFalse();
            assertThat(count("page:a").total()).isEqualTo(2);
        }
    }

    @Nested
    class Batches {

        @Test
        void next_run_continues_an_incomplete_run() {
            IntStream.range(0, 40).forEach(i -> connect("page:" + i, 2));
            IntStream.range(0, 40).forEach(i -> store.loseConnection("page:" + i + "-1="));
            limits = new Reconciler.Limits(10, 100, 1_000);
            // A batch takes one read of counters and a scan of sixteen segments, which is repeated after repairs. A
            // minute
            // is enough for three scans: two of the first batch and one of the second; then one of the second and two
            // of
            // the third.
            everything = new SlowStore(store, time, Duration.ofSeconds(1));

            List<ReconcileReport> reports = new ArrayList<>();
            do {
                reports.add(reconcile());
            } while (!reports.get(reports.size() - 1).complete());

            assertThat(reports).hasSize(3);
            assertThat(reports).extracting(ReconcileReport::cycleCounters).containsExactly(10L, 30L, 40L);
            assertThat(reports).extracting(ReconcileReport::cycleStart).containsOnly(start);
            assertThat(reports).extracting(report -> report.drifts().size()).containsExactly(20, 10, 10);
            IntStream.range(0, 40)
                    .forEach(i -> assertThat(count("page:" + i).live()).isEqualTo(1));
            Instant next = time.now();
            assertThat(reconcile().cycleStart()).isEqualTo(next);
        }

        @Test
        void memory_is_limited_to_a_batch_and_a_page() {
            IntStream.range(0, 100).forEach(i -> connect("page:" + i, 1));
            limits = new Reconciler.Limits(20, 5, 1_000);
            AtomicInteger max = new AtomicInteger();
            everything = new SlowStore(store, time, Duration.ZERO) {
                @Override
                public Map<String, CounterState> readCounters(Collection<String> counterIds, Deadline deadline) {
                    max.accumulateAndGet(counterIds.size(), Math::max);
                    return super.readCounters(counterIds, deadline);
                }
            };

            ReconcileReport report = reconcile();

            assertThat(report.complete()).isTrue();
            assertThat(report.counters()).isEqualTo(100);
            assertThat(report.connections()).isEqualTo(100);
            assertThat(max.get()).isBetween(20, 29);
        }

        @Test
        void lost_counters_are_found_with_several_batches() {
            IntStream.range(0, 30).forEach(i -> connect("page:" + i, 2));
            List.of("page:3", "page:17", "page:29").forEach(store::loseCount);
            limits = new Reconciler.Limits(10, 100, 1_000);

            assertThat(reconcile().drifts()).isEqualTo(Map.of("page:3", -2L, "page:17", -2L, "page:29", -2L));
        }

        @Test
        void each_run_repairs_some_of_many_lost_counters() {
            IntStream.range(0, 60).forEach(i -> connect("page:" + i, 1));
            IntStream.range(0, 60).forEach(i -> store.loseCount("page:" + i));
            limits = new Reconciler.Limits(100, 3, 1_000);

            int runs = 1;
            while (!reconcile().complete() && runs < 60) {
                runs++;
            }

            assertThat(runs).isBetween(2, 30);
            IntStream.range(0, 60)
                    .forEach(i -> assertThat(count("page:" + i).live()).isEqualTo(1));
        }

        @Test
        void visits_beyond_memory_are_counted_in_several_scans() {
            countingMode = CountingMode.VISITS;
            CounterStore visits = store.under(new VisitRules(Duration.ofMinutes(30), countingMode));
            IntStream.range(0, 90)
                    .forEach(i -> visits.addConnection(
                            Connection.opened("c" + i + "=", "home", start, "visit-" + i % 45), LATER));
            store.edit(new VisitorCount("home", 50, 45, 90, start));
            limits = new Reconciler.Limits(100, 100, 10);

            ReconcileReport report = reconcile();

            assertThat(report.drifts()).isEqualTo(Map.of("home", 5L));
            assertThat(report.uncertain()).isZero();
            assertThat(report.connections()).isEqualTo(90);
            assertThat(count("home").live()).isEqualTo(45);
        }
    }

    private void connect(String counterId, int number) {
        for (int i = 0; i < number; i++) {
            store.addConnection(Connection.opened(counterId + "-" + i + "=", counterId, start), LATER);
        }
    }

    /** Marks the newest version as broadcast, not by the counter's first pass, which is no proof of what pages show. */
    private void markBroadcast(String counterId) {
        for (int pass = 0; pass < 2; pass++) {
            acquire(counterId);
            leases.release(counterId, "holder", count(counterId).version(), LATER);
        }
    }

    private void acquire(String counterId) {
        Lease seen = leases.read(counterId, LATER);
        leases.acquire(
                counterId,
                new AcquireRequest(
                        "holder",
                        seen,
                        count(counterId),
                        new BudgetUse(time.now(), 100, time.now(), 1, 0),
                        time.now(),
                        time.now().plusSeconds(15)),
                LATER);
    }

    private void advance(Duration duration) {
        time.sleep(duration);
    }

    private VisitorCount count(String counterId) {
        return store.read(counterId, LATER);
    }

    private ReconcileReport reconcile() {
        return reconcile(this::probe);
    }

    private CompletionStage<Answer> probe(String connectionId) {
        probed.add(connectionId);
        return CompletableFuture.completedFuture(closed.contains(connectionId) ? Answer.GONE : Answer.OPEN);
    }

    private ReconcileReport reconcile(ConnectionProbe probe) {
        Reconciler.Ports ports = new Reconciler.Ports(
                everything,
                store.under(new VisitRules(Duration.ofMinutes(30), countingMode)),
                leases,
                wakeUps,
                probe,
                time,
                scanners);
        Reconciler.Settings settings = new Reconciler.Settings(
                probes,
                GRACE,
                countingMode,
                new LiveLimits(0, "site"),
                watchers,
                new AllowedCounters(Set.of("home", "page:*")),
                UNUSED_AFTER,
                format,
                limits);
        return new Reconciler(settings, ports)
                .reconcile(failures::add, new Deadline(time.now().plusSeconds(60)));
    }
}
