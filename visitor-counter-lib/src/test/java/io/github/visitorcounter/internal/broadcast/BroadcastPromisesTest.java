package io.github.visitorcounter.internal.broadcast;

import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.BroadcastReport.Outcome;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.Answer;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.broadcast.delivery.PostOutcome;
import io.github.visitorcounter.internal.broadcast.lease.BroadcastTrigger;
import io.github.visitorcounter.internal.broadcast.lease.BudgetUse;
import io.github.visitorcounter.internal.broadcast.lease.FollowUp;
import io.github.visitorcounter.internal.broadcast.lease.Lease;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore.AcquireRequest;
import io.github.visitorcounter.internal.broadcast.lease.WaitAllowance;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.testing.FakePoster;
import io.github.visitorcounter.internal.testing.InMemoryLeaseStore;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.InMemoryWakeUps;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.time.Deadline;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Promises that hold for every broadcast. */
class BroadcastPromisesTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final PostOutcome[] FAULTS = {
        PostOutcome.GONE, FakePoster.THROTTLED, FakePoster.UNAVAILABLE, FakePoster.REJECTED, PostOutcome.DELIVERED
    };

    private final ManualTimeSource time = new ManualTimeSource();
    private final InMemoryStore store = new InMemoryStore(time, 50);
    private final InMemoryLeaseStore leases = new InMemoryLeaseStore();
    private final InMemoryWakeUps wakeUps = new InMemoryWakeUps();
    private final FakePoster gateway = new FakePoster();

    /** G11. */
    @Test
    void no_invocation_waits_over_a_quarter_second() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            String counterId = "seed-" + seed;
            int audience = random.nextInt(40);
            IntStream.range(0, audience).forEach(i -> {
                connect(counterId + "-" + i, counterId, Duration.ofSeconds(random.nextInt(20)));
                gateway.script(counterId + "-" + i, faults(random));
            });
            BroadcastTrigger first = BroadcastTrigger.stream(counterId, "first", List.of(), 1);
            Broadcaster broadcaster = broadcaster(store, 1 + random.nextInt(1_000), random.nextInt(1_000));
            int concurrency = random.nextInt(4);
            for (BroadcastTrigger trigger : List.of(first, followingTrigger(counterId, random))) {
                int before = time.waits().size();
                Broadcaster.Invocation invocation = broadcaster.invocation(
                        MessageFormat.JSON,
                        StaleConnectionPolicy.DELETE_ON_GONE,
                        throttled(concurrency),
                        FailureLog.NONE,
                        LATER);
                invocation.broadcast(trigger);
                invocation.broadcast(BroadcastTrigger.invocation(counterId, "second-of-batch"));

                Duration waited = time.waits().subList(before, time.waits().size()).stream()
                        .reduce(Duration.ZERO, Duration::plus);
                assertThat(waited).as("seed %d", seed).isLessThanOrEqualTo(WaitAllowance.MAX_WAIT);
                time.sleep(Duration.ofMillis(random.nextInt(1_500)));
                connect(counterId + "-late-" + trigger.identity(), counterId, Duration.ZERO);
            }
        }
    }

    private PostOutcome[] faults(Random random) {
        return Stream.generate(() -> FAULTS[random.nextInt(FAULTS.length)])
                .limit(random.nextInt(8))
                .toArray(PostOutcome[]::new);
    }

    private BroadcastTrigger followingTrigger(String counterId, Random random) {
        return random.nextBoolean()
                ? BroadcastTrigger.disconnects(counterId, "following")
                : BroadcastTrigger.wakeUp(counterId, "following", List.of(), true, wakeUps.takeFollowUps());
    }

    private static SegmentInvoker throttled(int concurrency) {
        return concurrency == 0
                ? SegmentInvoker.NONE
                : (request, timeout) ->
                        CompletableFuture.completedFuture(new Answer.Throttled(FakePoster.THROTTLED.failure()));
    }

    @Test
    void wake_up_is_cleared_before_the_count_is_read() {
        connect("a");
        wakeUps.request("site", time.now(), LATER);
        List<Boolean> pendingAtRead = new ArrayList<>();
        Broadcaster broadcaster =
                broadcaster(new CallbackStore(() -> pendingAtRead.add(wakeUps.isPending("site"))), 100, 10);

        invocation(broadcaster, LATER).broadcast(BroadcastTrigger.wakeUp("site", "wake", List.of(), true, List.of()));

        assertThat(pendingAtRead).isNotEmpty().containsOnly(false);
    }

    /** The count of a busy counter has several rows, and most of its triggers find a pending wake-up. */
    @Test
    void pending_wake_up_saves_reading_the_count() {
        IntStream.range(0, 10).forEach(i -> connect("c" + i));
        AtomicInteger reads = new AtomicInteger();
        Broadcaster broadcaster = broadcaster(new CallbackStore(reads::incrementAndGet), 1, 250);
        invocation(broadcaster, LATER).broadcast(BroadcastTrigger.stream("site", "first", List.of(), 1));
        wakeUps.request("site", time.now(), LATER);
        reads.set(0);

        BroadcastReport connect =
                invocation(broadcaster, LATER).broadcast(BroadcastTrigger.stream("site", "second", List.of(), 1));
        BroadcastReport disconnect =
                invocation(broadcaster, LATER).broadcast(BroadcastTrigger.disconnects("site", "third"));

        assertThat(connect.outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(disconnect.outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(reads).hasValue(0);
    }

    @Test
    void follow_up_does_not_clear_the_pending_wake_up() {
        Connection a = connect("a");
        wakeUps.request("site", time.now(), LATER);
        FollowUp left =
                new FollowUp("site", 1, List.of(a), List.of(), null, time.now().plusSeconds(60), 0);

        invocation(broadcaster(store, 100, 10), LATER)
                .broadcast(BroadcastTrigger.wakeUp("site", "wake", List.of(), false, List.of(left)));

        assertThat(wakeUps.isPending("site")).isTrue();
    }

    @Test
    void rejected_trigger_writes_nothing() {
        connect("a");
        hold("somebody");
        Lease before = leases.read("site", LATER);

        BroadcastReport report = invocation(broadcaster(store, 100, 10), LATER)
                .broadcast(BroadcastTrigger.stream("site", "rejected", List.of(), 1));

        assertThat(report.outcome()).isEqualTo(Outcome.LEASE_HELD);
        assertThat(leases.read("site", LATER)).isEqualTo(before);
        assertThat(wakeUps.takeRecords()).isEmpty();
        assertThat(wakeUps.takeFollowUps()).isEmpty();
        assertThat(gateway.order()).isEmpty();
    }

    @Test
    void disconnects_send_and_charge_nothing() {
        connect("a");
        connect("b");
        store.removeConnections(List.of("b"), Change.DISCONNECT, time.now(), LATER);

        BroadcastReport report = invocation(broadcaster(store, 100, 10), LATER)
                .broadcast(BroadcastTrigger.invocation("site", "request"));

        assertThat(report.outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(gateway.order()).isEmpty();
        assertThat(leases.read("site", LATER)).isEqualTo(Lease.NEW);
        assertThat(wakeUps.takeRecords()).containsExactly("site");
    }

    /** The counter's row was deleted, so the newest version is lower than the sent one. */
    @Test
    void lower_version_of_a_deleted_counter_is_sent() {
        hold("before");
        leases.release("site", "before", 900, LATER);
        connect("a");

        BroadcastReport report = invocation(broadcaster(store, 100, 10), LATER)
                .broadcast(BroadcastTrigger.stream("site", "after", List.of(), 1));

        assertThat(report.version()).isEqualTo(1);
        assertThat(gateway.received("a")).hasSize(1);
        assertThat(leases.read("site", LATER).sentVersion()).isEqualTo(1);
    }

    /** H17: while the version of the deleted counter is sent, a change with a lower version happens. */
    @Test
    void counter_deleted_during_a_pass_is_sent_again() {
        connect("a");
        store.edit(new VisitorCount("site", 1, 900, 900, time.now()));
        Broadcaster broadcaster = broadcaster(store, 1_000, 0);
        List<BroadcastReport> rejected = new ArrayList<>();
        gateway.hang("a");
        time.duringTheNextSleep(() -> {
            store.loseCount("site");
            connect("b");
            rejected.add(invocation(broadcaster, LATER)
                    .broadcast(BroadcastTrigger.stream("site", "rejected", List.of(), 1)));
            gateway.release();
        });

        BroadcastReport report =
                invocation(broadcaster, LATER).broadcast(BroadcastTrigger.stream("site", "holder", List.of(), 1));

        assertThat(rejected).extracting(BroadcastReport::outcome).containsExactly(Outcome.LEASE_HELD);
        assertThat(report.version()).isEqualTo(1);
        assertThat(gateway.received("b")).isNotEmpty().last().asString().contains("\"version\":1}");
    }

    @Test
    void pass_does_not_begin_with_little_time_left() {
        connect("a");
        Deadline deadline = new Deadline(time.now().plusSeconds(30));
        Instant late = time.now().plusSeconds(21);
        Broadcaster broadcaster =
                broadcaster(new CallbackStore(() -> time.sleep(Duration.between(time.now(), late))), 100, 10);

        BroadcastReport report =
                invocation(broadcaster, deadline).broadcast(BroadcastTrigger.stream("site", "late", List.of(), 1));

        assertThat(report.outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(gateway.order()).isEmpty();
        assertThat(leases.read("site", LATER)).isEqualTo(Lease.NEW);
        assertThat(wakeUps.takeRecords()).containsExactly("site");
    }

    private Broadcaster broadcaster(CounterStore counters, int budget, int intervalMillis) {
        return new Broadcaster(
                new Broadcaster.Settings(8, GRACE, budget, Duration.ofMillis(intervalMillis), true, 10, false),
                new Broadcaster.Ports(store, counters, leases, wakeUps, gateway, time, Runnable::run));
    }

    private static Broadcaster.Invocation invocation(Broadcaster broadcaster, Deadline deadline) {
        return broadcaster.invocation(
                MessageFormat.JSON,
                StaleConnectionPolicy.DELETE_ON_GONE,
                SegmentInvoker.NONE,
                FailureLog.NONE,
                deadline);
    }

    private void hold(String holder) {
        Instant now = time.now();
        leases.acquire(
                "site",
                new AcquireRequest(
                        holder,
                        leases.read("site", LATER),
                        store.read("site", LATER),
                        new BudgetUse(now, 100, now, 1, 0),
                        now,
                        now.plusSeconds(15)),
                LATER);
    }

    private Connection connect(String connectionId) {
        return connect(connectionId, "site", Duration.ofMinutes(1));
    }

    private Connection connect(String connectionId, String counterId, Duration ago) {
        Connection connection =
                Connection.opened(connectionId, counterId, time.now().minus(ago));
        store.addConnection(connection, LATER);
        gateway.open(connectionId);
        return connection;
    }

    /** Runs an action before each read of the count. */
    private final class CallbackStore implements CounterStore {

        private final Runnable before;

        CallbackStore(Runnable before) {
            this.before = before;
        }

        @Override
        public VisitorCount read(String counterId, Deadline deadline) {
            before.run();
            return store.read(counterId, deadline);
        }

        @Override
        public void addConnection(Connection connection, Deadline deadline) {
            store.addConnection(connection, deadline);
        }

        @Override
        public List<Connection> removeConnections(
                Collection<String> connectionIds, Change change, Instant at, Deadline deadline) {
            return store.removeConnections(connectionIds, change, at, deadline);
        }
    }
}
