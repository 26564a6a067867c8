package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.connection.ConnectionPage;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterKeys.ShardKey;
import io.github.visitorcounter.internal.count.MaxLive;
import io.github.visitorcounter.internal.count.VisitRules;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.reconcile.ReconcileReport;
import io.github.visitorcounter.testing.InMemoryLeaseStore;
import io.github.visitorcounter.testing.InMemoryStore;
import io.github.visitorcounter.testing.InMemoryWakeUps;
import io.github.visitorcounter.testing.ManualTimeSource;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A counter, of connections for even seeds and of visitors for odd ones, whose visitors come and go between any two calls of a reconciler, at random but the same for a seed; and it may be cut
 * off, or overtaken by another reconciler, at each of them.
 */
final class ReconcileModel implements ReconcileStore {

    static final String COUNTER = "site";
    static final Deadline LATER = new Deadline(Instant.MAX);

    /** Thrown where a reconciler is cut off. */
    static final class Cut extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final ManualTimeSource time;
    private final CountingMode countingMode;
    private final InMemoryStore store;
    private final InMemoryLeaseStore leases = new InMemoryLeaseStore();
    private final Random random;
    private final List<Connection> here = new ArrayList<>();
    private boolean busy;
    private double cutRatio;
    private double overtakenRatio;
    private int arrivals;

    ReconcileModel(long seed) {
        random = new Random(seed);
        time = new ManualTimeSource(random::nextDouble);
        countingMode = seed % 2 == 0 ? CountingMode.CONNECTIONS : CountingMode.VISITORS;
        store = new InMemoryStore(time, 3).under(new VisitRules(Duration.ofMinutes(30), countingMode));
        int visitors = random.nextInt(25);
        for (int i = 0; i < visitors; i++) {
            arrive();
        }
    }

    void busy(boolean comeAndGo) {
        busy = comeAndGo;
    }

    void cutAt(double ratioOfCalls) {
        cutRatio = ratioOfCalls;
    }

    void overtakenAt(double ratioOfCalls) {
        overtakenRatio = ratioOfCalls;
    }

    /** Makes the counter wrong by up to so many. */
    void spoil(int most) {
        long wrongBy = random.nextInt(-most, most + 1);
        VisitorCount count = count();
        store.edit(
                new VisitorCount(COUNTER, count.live() + wrongBy, count.total(), count.version(), count.updatedAt()));
    }

    void loseCounter() {
        store.loseCount(COUNTER);
    }

    /** How many too many the counter shows. */
    long drift() {
        return store.readCounters(List.of(COUNTER), LATER).get(COUNTER).count().live() - truth();
    }

    private long truth() {
        return countingMode == CountingMode.CONNECTIONS
                ? here.size()
                : here.stream().map(Connection::visit).distinct().count();
    }

    long repairs() {
        return store.readCounters(List.of(COUNTER), LATER).get(COUNTER).repairs();
    }

    VisitorCount count() {
        return store.read(COUNTER, LATER);
    }

    ReconcileReport reconcile() {
        Reconciler.Settings settings = new Reconciler.Settings(0, Duration.ofSeconds(10), countingMode, new MaxLive(0));
        Reconciler.Ports ports = new Reconciler.Ports(
                this, store, leases, new InMemoryWakeUps(), ConnectionProbe.NONE, time, Runnable::run);
        return new Reconciler(settings, ports)
                .reconcile(FailureLog.NONE, new Deadline(time.now().plusSeconds(60)));
    }

    /** What should not be done: sets the counter to the number of rows that a scan has seen. */
    void reconcileNaively() {
        long seen = 0;
        Part part = new Part(0, 1, null);
        for (boolean more = true; more; ) {
            ConnectionPage page = readConnections(part, LATER);
            seen += page.connections().size();
            more = page.next() != null;
            part = more ? part.from(page.next()) : part;
        }
        VisitorCount count = count();
        store.edit(new VisitorCount(COUNTER, seen, count.total(), count.version() + 1, time.now()));
    }

    private void arrive() {
        // Not in the order of time: a scan may or may not have passed by where a newcomer is.
        String id = Integer.toString(random.nextInt(1_000_000), 36) + "-" + arrivals++;
        Connection connection = Connection.opened(id, COUNTER, time.now(), "visitor-" + random.nextInt(15));
        store.addConnection(connection, LATER);
        here.add(connection);
    }

    private void leave(int number, Change change) {
        List<String> leaving = new ArrayList<>();
        for (int i = 0; i < number && !here.isEmpty(); i++) {
            leaving.add(here.remove(random.nextInt(here.size())).connectionId());
        }
        store.removeConnections(leaving, change, time.now(), LATER);
    }

    private void meanwhile() {
        for (int i = busy ? random.nextInt(3) : 0; i > 0; i--) {
            switch (random.nextInt(7)) {
                case 0, 1, 2 -> arrive();
                case 3, 4, 5 -> leave(1, Change.DISCONNECT);
                default -> leave(1 + random.nextInt(4), Change.PRUNE);
            }
        }
        if (random.nextDouble() < cutRatio) {
            throw new Cut();
        }
        if (random.nextDouble() < overtakenRatio) {
            double ratio = overtakenRatio;
            overtakenRatio = 0;
            reconcile();
            overtakenRatio = ratio;
        }
    }

    @Override
    public ConnectionPage readConnections(Part part, Deadline deadline) {
        meanwhile();
        return store.readConnections(part, deadline);
    }

    @Override
    public CounterPage readCounters(@Nullable String cursor, Deadline deadline) {
        meanwhile();
        return store.readCounters(cursor, deadline);
    }

    @Override
    public Map<String, CounterState> readCounters(Collection<String> counterIds, Deadline deadline) {
        meanwhile();
        return store.readCounters(counterIds, deadline);
    }

    @Override
    public boolean repair(Repair repair, Deadline deadline) {
        meanwhile();
        boolean done = store.repair(repair, deadline);
        // Or the answer is lost.
        meanwhile();
        return done;
    }

    @Override
    public void see(CounterState state, Instant at, Deadline deadline) {
        store.see(state, at, deadline);
    }

    @Override
    public void fold(String counterId, Instant at, Deadline deadline) {
        store.fold(counterId, at, deadline);
    }

    @Override
    public void closeStray(Collection<ShardKey> shards, Instant at, Deadline deadline) {
        store.closeStray(shards, at, deadline);
    }
}
