package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.connection.ConnectionPage;
import io.github.visitorcounter.internal.count.AllowedCounters;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.LiveLimits;
import io.github.visitorcounter.internal.count.VisitRules;
import io.github.visitorcounter.internal.testing.InMemoryLeaseStore;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.InMemoryWakeUps;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.reconcile.ReconcileReport;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A model of a counter, of connections for even seeds and of visitors for odd ones. Visitors connect and disconnect
 * between any two calls of a reconciler, at random but determined by the seed. At each call the reconciler may be
 * interrupted, or overtaken by another one.
 */
final class ReconcileModel {

    static final String COUNTER = "site";
    static final Deadline LATER = new Deadline(Instant.MAX);

    /** Thrown where a reconciler is interrupted. */
    static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final ManualTimeSource time;
    private final CountingMode countingMode;
    private final InMemoryStore store;
    private final InMemoryLeaseStore leases = new InMemoryLeaseStore();
    private final Random random;
    private final List<Connection> open = new ArrayList<>();
    private final List<String> counters;
    private Reconciler.Limits limits = Reconciler.Limits.STANDARD;
    private Duration callDuration = Duration.ZERO;
    private boolean busy;
    private double interruptedRatio;
    private double overtakenRatio;
    private int connects;

    ReconcileModel(long seed) {
        this(seed, 1);
    }

    /** Creates a model whose visitors are divided among so many counters. */
    ReconcileModel(long seed, int number) {
        random = new Random(seed);
        time = new ManualTimeSource(random::nextDouble);
        counters = IntStream.range(0, number)
                .mapToObj(i -> i == 0 ? COUNTER : "page:" + i)
                .toList();
        countingMode = seed % 2 == 0 ? CountingMode.CONNECTIONS : CountingMode.VISITORS;
        store = new InMemoryStore(time, 3).under(new VisitRules(Duration.ofMinutes(30), countingMode));
        int visitors = random.nextInt(25);
        for (int i = 0; i < visitors; i++) {
            connect();
        }
    }

    void busy(boolean concurrentChanges) {
        busy = concurrentChanges;
    }

    /** Limits the memory, and lets each call take so long that a run has no time for all counters. */
    void slow(Reconciler.Limits inMemory, Duration perCall) {
        limits = inMemory;
        callDuration = perCall;
    }

    void interruptedAt(double ratioOfCalls) {
        interruptedRatio = ratioOfCalls;
    }

    void overtakenAt(double ratioOfCalls) {
        overtakenRatio = ratioOfCalls;
    }

    /** Makes the counter wrong by up to a maximum. */
    void addDrift(int max) {
        for (String counterId : counters) {
            long wrongBy = random.nextInt(-max, max + 1);
            VisitorCount count = store.read(counterId, LATER);
            store.edit(new VisitorCount(
                    counterId, count.live() + wrongBy, count.total(), count.version(), count.updatedAt()));
        }
    }

    void loseCounter() {
        store.loseCount(counters.get(random.nextInt(counters.size())));
    }

    /** Returns the drift of the counter. */
    long drift() {
        return drift(COUNTER);
    }

    private long drift(String counterId) {
        return store.readCounters(List.of(counterId), LATER)
                        .get(counterId)
                        .count()
                        .live()
                - expected(counterId);
    }

    /** Returns the drift of each counter. */
    List<Long> drifts() {
        return counters.stream().map(this::drift).toList();
    }

    private long expected(String counterId) {
        List<Connection> connections = open.stream()
                .filter(connection -> connection.counterId().equals(counterId))
                .toList();
        return countingMode == CountingMode.CONNECTIONS
                ? connections.size()
                : connections.stream().map(Connection::visit).distinct().count();
    }

    long repairs() {
        return store.readCounters(List.of(COUNTER), LATER).get(COUNTER).repairs();
    }

    VisitorCount count() {
        return store.read(COUNTER, LATER);
    }

    ReconcileReport reconcile() {
        Reconciler.Settings settings = new Reconciler.Settings(
                0,
                Duration.ofSeconds(10),
                countingMode,
                new LiveLimits(0, null),
                false,
                new AllowedCounters(Set.of(COUNTER, "page:*")),
                Duration.ZERO,
                MessageFormat.JSON,
                limits);
        Reconciler.Ports ports = new Reconciler.Ports(
                new Interleaved(), store, leases, new InMemoryWakeUps(), ConnectionProbe.NONE, time, Runnable::run);
        return new Reconciler(settings, ports)
                .reconcile(FailureLog.NONE, new Deadline(time.now().plusSeconds(60)));
    }

    /** A wrong reconciler: sets the counter to the number of rows of a scan. */
    void reconcileNaively() {
        long seen = 0;
        ReconcileStore interleaved = new Interleaved();
        ReconcileStore.Part part = new ReconcileStore.Part(0, 1, null);
        for (boolean more = true; more; ) {
            ConnectionPage page = interleaved.readConnections(part, LATER);
            seen += page.connections().size();
            more = page.next() != null;
            part = more ? part.from(page.next()) : part;
        }
        VisitorCount count = count();
        store.edit(new VisitorCount(COUNTER, seen, count.total(), count.version() + 1, time.now()));
    }

    private void connect() {
        // Not in order of time: a scan may or may not have passed the position of a new connection.
        String id = Integer.toString(random.nextInt(1_000_000), 36) + "-" + connects++;
        Connection connection = Connection.opened(
                id, counters.get(random.nextInt(counters.size())), time.now(), "visitor-" + random.nextInt(15));
        store.addConnection(connection, LATER);
        open.add(connection);
    }

    private void disconnect(int number, Change change) {
        List<String> removed = new ArrayList<>();
        for (int i = 0; i < number && !open.isEmpty(); i++) {
            removed.add(open.remove(random.nextInt(open.size())).connectionId());
        }
        store.removeConnections(removed, change, time.now(), LATER);
    }

    private void interleave() {
        time.sleep(callDuration);
        for (int i = busy ? random.nextInt(3) : 0; i > 0; i--) {
            switch (random.nextInt(7)) {
                case 0, 1, 2 -> connect();
                case 3, 4, 5 -> disconnect(1, Change.DISCONNECT);
                default -> disconnect(1 + random.nextInt(4), Change.PRUNE);
            }
        }
        if (random.nextDouble() < interruptedRatio) {
            throw new Interrupted();
        }
        if (random.nextDouble() < overtakenRatio) {
            double ratio = overtakenRatio;
            overtakenRatio = 0;
            reconcile();
            overtakenRatio = ratio;
        }
    }

    /** The store, with events between any two calls. */
    private final class Interleaved extends ForwardingReconcileStore {

        Interleaved() {
            super(store);
        }

        @Override
        public ConnectionPage readConnections(Part part, Deadline deadline) {
            interleave();
            return super.readConnections(part, deadline);
        }

        @Override
        public CounterPage readCounters(@Nullable String cursor, Deadline deadline) {
            interleave();
            return super.readCounters(cursor, deadline);
        }

        @Override
        public Map<String, CounterState> readCounters(Collection<String> counterIds, Deadline deadline) {
            interleave();
            return super.readCounters(counterIds, deadline);
        }

        @Override
        public boolean repair(Repair repair, Deadline deadline) {
            interleave();
            boolean done = super.repair(repair, deadline);
            // The answer is lost.
            interleave();
            return done;
        }

        @Override
        public boolean removeUnused(CounterState state, Instant unusedSince, Instant at, Deadline deadline) {
            interleave();
            return super.removeUnused(state, unusedSince, at, deadline);
        }

        @Override
        public void saveProgress(ReconcileProgress progress, Deadline deadline) {
            interleave();
            super.saveProgress(progress, deadline);
        }

        @Override
        public void clearProgress(Deadline deadline) {
            interleave();
            super.clearProgress(deadline);
        }
    }
}
