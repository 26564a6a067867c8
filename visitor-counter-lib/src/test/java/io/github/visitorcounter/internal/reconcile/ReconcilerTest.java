package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.delivery.FailedCall;
import io.github.visitorcounter.internal.broadcast.lease.BudgetUse;
import io.github.visitorcounter.internal.broadcast.lease.FollowUp;
import io.github.visitorcounter.internal.broadcast.lease.Lease;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore.AcquireRequest;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.MaxLive;
import io.github.visitorcounter.internal.count.VisitRules;
import io.github.visitorcounter.internal.reconcile.ConnectionProbe.Answer;
import io.github.visitorcounter.internal.reconcile.ConnectionProbe.State;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.reconcile.ReconcileReport;
import io.github.visitorcounter.testing.InMemoryLeaseStore;
import io.github.visitorcounter.testing.InMemoryStore;
import io.github.visitorcounter.testing.InMemoryWakeUps;
import io.github.visitorcounter.testing.ManualTimeSource;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import static org.assertj.core.api.Assertions.assertThat;

class ReconcilerTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final ManualTimeSource time = new ManualTimeSource();
    private final InMemoryStore store = new InMemoryStore(time, 10);
    private final InMemoryLeaseStore leases = new InMemoryLeaseStore();
    private final InMemoryWakeUps wakeUps = new InMemoryWakeUps();
    private final Set<String> closed = new HashSet<>();
    private final List<String> asked = new ArrayList<>();
    private final Instant start = time.now();

    private final List<FailedCall> failures = new ArrayList<>();
    private int probes = 100;
    private CountingMode countingMode = CountingMode.CONNECTIONS;
    private ReconcileStore everything = store;
    private Executor scanners = Runnable::run;

    @Test
    void where_all_is_right_nothing_is_written() {
        arrive("home", 12);
        told("home");
        wait(Duration.ofMinutes(5));

        ReconcileReport report = reconcile();

        assertThat(report)
                .isEqualTo(new ReconcileReport(1, 12, 0, 12, 0, 0, Map.of(), 0, List.of(), Duration.ZERO, true));
        assertThat(count("home")).isEqualTo(new VisitorCount("home", 12, 12, 12, start));
    }

    @Test
    void expired_connections_are_counted_out() {
        arrive("home", 250);
        arrive("news", 3);
        wait(Connection.LIFETIME);
        store.addConnection(Connection.opened("young=", "home", time.now()), LATER);

        ReconcileReport report = reconcile();

        assertThat(report.expired()).isEqualTo(253);
        assertThat(report.drifts()).isEmpty();
        assertThat(count("home").live()).isEqualTo(1);
        assertThat(count("news").live()).isZero();
        assertThat(store.find("home-7=", LATER)).isNull();
    }

    @Test
    void connections_that_answer_410_are_left_to_a_wake_up() {
        arrive("home", 4);
        arrive("news", 2);
        closed.addAll(List.of("home-1=", "news-0="));
        wait(Duration.ofMinutes(1));

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
    void probes_that_fail_are_counted_and_change_nothing() {
        arrive("home", 3);
        wait(Duration.ofMinutes(1));

        FailedCall denied = new FailedCall("GetConnection", 403, "ForbiddenException", "Forbidden", "the test");
        ReconcileReport report =
                reconcile(connectionId -> CompletableFuture.completedFuture(new Answer(State.UNKNOWN, denied)));

        assertThat(failures).containsOnly(denied);
        assertThat(report.unanswered()).isEqualTo(3);
        assertThat(report.suspects()).isZero();
        assertThat(count("home").live()).isEqualTo(3);
    }

    @Test
    void only_the_oldest_are_asked_about() {
        for (int i = 0; i < 60; i++) {
            store.addConnection(Connection.opened("c" + i + "=", "home", start.plusSeconds((i * 7) % 60)), LATER);
        }
        wait(Duration.ofMinutes(5));
        probes = 3;

        reconcile();

        // 0, 43 and 26 seconds times seven are 0, 1 and 2 more than whole minutes.
        assertThat(asked).containsExactlyInAnyOrder("c0=", "c43=", "c26=");
    }

    @Test
    void a_connection_in_its_handshake_is_not_asked_about() {
        arrive("home", 1);
        closed.add("home-0=");
        wait(GRACE);

        assertThat(reconcile().probed()).isZero();
        assertThat(count("home").live()).isEqualTo(1);

        wait(Duration.ofMillis(1));
        assertThat(reconcile().suspects()).isEqualTo(1);
    }

    @Test
    void rows_that_were_removed_behind_the_counters_back_are_taken_from_it() {
        arrive("home", 10);
        arrive("news", 5);
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
    void a_counter_that_was_edited_is_set_right() {
        arrive("home", 10);
        store.edit(new VisitorCount("home", 3, 10, 10, start));

        assertThat(reconcile().drifts()).isEqualTo(Map.of("home", -7L));
        assertThat(count("home").live()).isEqualTo(10);
    }

    @Test
    void a_counter_that_shows_somebody_although_nobody_is_here_is_set_to_zero() {
        store.edit(new VisitorCount("home", 3, 10, 10, start));

        assertThat(reconcile().drifts()).isEqualTo(Map.of("home", 3L));
        assertThat(count("home").live()).isZero();
    }

    @Test
    void a_lost_counter_begins_again_with_those_who_are_here_and_a_version_that_pages_believe() {
        arrive("home", 7);
        store.edit(new VisitorCount("home", 7, 300, 981, start));
        store.loseCount("home");

        assertThat(reconcile().drifts()).isEqualTo(Map.of("home", -7L));
        assertThat(count("home"))
                .isEqualTo(new VisitorCount("home", 7, 7, time.now().toEpochMilli() * 1_000, time.now()));
    }

    @Test
    void rows_that_name_no_counter_make_none() {
        store.addConnection(Connection.opened("odd=", "lease#home", start), LATER);

        store.loseCount("lease#home");

        assertThat(reconcile().drifts()).isEmpty();
        assertThat(count("lease#home")).isEqualTo(VisitorCount.none("lease#home"));
    }

    @Test
    void in_visitor_mode_the_tabs_of_a_visitor_are_one() {
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
    void a_visitor_who_comes_back_while_an_expired_connection_is_still_there_is_one() {
        Duration window = Duration.ofMinutes(30);
        InMemoryStore visitors = store.under(new VisitRules(window, CountingMode.VISITORS));
        visitors.addConnection(Connection.opened("ghost=", "home", start, "ada"), LATER);
        wait(Connection.LIFETIME.plus(window));
        visitors.addConnection(Connection.opened("back=", "home", time.now(), "ada"), LATER);
        assertThat(count("home").live()).isEqualTo(2);
        countingMode = CountingMode.VISITORS;

        ReconcileReport report = reconcile();

        assertThat(report.expired()).isEqualTo(1);
        assertThat(report.drifts()).isEmpty();
        assertThat(count("home").live()).isEqualTo(1);
    }

    @Test
    void segments_are_scanned_at_the_same_time() {
        arrive("home", 200);
        store.loseConnection("home-3=");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        scanners = threads;

        ReconcileReport report = reconcile();
        threads.shutdown();

        assertThat(report.connections()).isEqualTo(199);
        assertThat(count("home").live()).isEqualTo(199);
    }

    @Test
    void without_time_for_all_connections_nothing_is_repaired_and_the_report_says_so() {
        arrive("home", 300);
        store.loseConnection("home-3=");
        everything = new SlowStore(store, time, Duration.ofSeconds(3));

        ReconcileReport report = reconcile();

        assertThat(report.complete()).isFalse();
        assertThat(report.connections()).isBetween(1L, 298L);
        assertThat(count("home").live()).isEqualTo(300);
        assertThat(report.elapsed()).isLessThanOrEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void with_little_time_each_run_begins_somewhere_else_and_in_the_end_all_expired_are_gone() {
        for (int i = 0; i < 40; i++) {
            store.addConnection(Connection.opened("old-" + i + "=", "home", start.minus(Connection.LIFETIME)), LATER);
        }
        arrive("home", 400);
        everything = new SlowStore(store, time, Duration.ofSeconds(3));

        int runs = 0;
        while (count("home").live() > 400 && runs < 100) {
            assertThat(reconcile().complete()).isFalse();
            runs++;
        }

        assertThat(runs).isBetween(2, 99);
    }

    @Test
    void broadcast_whose_holder_died_is_started_again() {
        arrive("home", 2);
        acquire("home");

        wait(Duration.ofSeconds(20));
        assertThat(reconcile().restarted()).isEmpty();

        wait(Duration.ofSeconds(5));
        assertThat(reconcile().restarted()).containsExactly("home");
        assertThat(wakeUps.isPending("home")).isTrue();
    }

    @Test
    void change_without_a_broadcast_is_started_when_it_has_had_its_time() {
        arrive("home", 2);
        told("home");
        store.addConnection(Connection.opened("late=", "home", start), LATER);

        assertThat(reconcile().restarted()).isEmpty();
        wait(MissedBroadcasts.PATIENCE);
        assertThat(reconcile().restarted()).containsExactly("home");
    }

    @Test
    void wake_up_that_is_pending_is_not_requested_again() {
        arrive("home", 1);
        wait(Duration.ofMinutes(1));
        wakeUps.request("home", time.now(), LATER);

        assertThat(reconcile().restarted()).isEmpty();
        wait(Duration.ofMinutes(1));
        assertThat(reconcile().restarted()).containsExactly("home");
    }

    @Test
    void counter_without_connections_needs_no_broadcast() {
        arrive("home", 1);
        store.removeConnections(List.of("home-0="), Change.DISCONNECT, start, LATER);
        wait(Duration.ofMinutes(1));

        assertThat(reconcile().restarted()).isEmpty();
    }

    private void arrive(String counterId, int number) {
        for (int i = 0; i < number; i++) {
            store.addConnection(Connection.opened(counterId + "-" + i + "=", counterId, start), LATER);
        }
    }

    /** Everyone has heard the newest count. */
    private void told(String counterId) {
        long version = count(counterId).version();
        acquire(counterId);
        leases.release(counterId, "holder", version, LATER);
    }

    private void acquire(String counterId) {
        Lease seen = leases.read(counterId, LATER);
        leases.acquire(
                counterId,
                new AcquireRequest(
                        "holder",
                        seen,
                        new BudgetUse(time.now(), 100, time.now(), 1),
                        time.now(),
                        time.now().plusSeconds(15)),
                LATER);
    }

    private void wait(Duration duration) {
        time.sleep(duration);
    }

    private VisitorCount count(String counterId) {
        return store.read(counterId, LATER);
    }

    private ReconcileReport reconcile() {
        return reconcile(this::ask);
    }

    private CompletionStage<Answer> ask(String connectionId) {
        asked.add(connectionId);
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
        return new Reconciler(new Reconciler.Settings(probes, GRACE, countingMode, new MaxLive(0)), ports)
                .reconcile(failures::add, new Deadline(time.now().plusSeconds(60)));
    }
}
