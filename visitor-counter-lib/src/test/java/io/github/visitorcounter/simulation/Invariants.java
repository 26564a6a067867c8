package io.github.visitorcounter.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.count.CounterKeys;
import io.github.visitorcounter.simulation.Socket.State;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Observes a simulation run and checks the promises G1 to G9. */
final class Invariants implements MemoryDynamoDb.Listener {

    private static final String LEASE = "lease#";

    /** Four weeks, in microseconds. */
    private static final long LONG_UNUSED = 28L * 24 * 3_600 * 1_000_000;

    /** The count of a counter at one version. */
    private record Count(long live, long total) {}

    /** A pass under a lease. */
    private record Pass(Invocation invocation, String holder) {}

    /** The observed history of a counter. */
    private static final class CounterTrace {
        private final Map<Long, Set<Count>> history = new HashMap<>();
        private final Map<Long, Long> changedAt = new HashMap<>();
        private final Set<String> counted = new HashSet<>();
        private final Set<String> visits = new HashSet<>();
        private final Map<String, Integer> open = new HashMap<>();
        private final List<Long> delivered = new ArrayList<>();
        private final Set<Invocation> withoutLease = new HashSet<>();
        private final RowSums sums = new RowSums();
        private boolean changed;
        private long lastChangeAt;
        private long removedAtVersion;
        private long version;
        private long live;
        private long total;
        private long rows;
        private long maxRows;
        private long audience;
        private long maxAudience;
        private long countedAgain;
        private @Nullable Pass pass;

        void addToAudience(int connections) {
            audience += connections;
            maxAudience = Math.max(maxAudience, audience);
        }

        long openVisits() {
            return open.values().stream().filter(connections -> connections > 0).count();
        }
    }

    private final SimulatedWorld world;
    private final VisitorBehaviour behaviour;
    private final Map<String, CounterTrace> counters = new HashMap<>();

    /** The counters in which each connection was counted when its row was written; none if it only watches. */
    private final Map<String, List<String>> countedIn = new HashMap<>();

    /** Whether every deployment has a site counter, so that every page receives its count. */
    private boolean alwaysSite = true;

    private boolean everSite;
    private Gateway gateway;
    private @Nullable CounterStream stream;
    private final List<String> discarded = new ArrayList<>();
    private boolean followUpsDiscarded;
    private boolean damaged;
    private long damagedAt;
    private boolean editing;
    private boolean visitsHaveEnded;
    private int deaths;
    private int maxPerSecond;

    Invariants(SimulatedWorld world, VisitorBehaviour behaviour) {
        this.world = world;
        this.behaviour = behaviour;
    }

    void watch(Gateway aGateway, CounterStream aStream) {
        this.gateway = aGateway;
        this.stream = aStream;
    }

    private CounterTrace counter(String counterId) {
        return counters.computeIfAbsent(counterId, id -> new CounterTrace());
    }

    void deployed(Deployment deployment) {
        maxPerSecond = Math.max(maxPerSecond, deployment.broadcastMessagesPerSecond());
        alwaysSite &= deployment.site();
        everSite |= deployment.site();
    }

    /** Records an event that AWS discarded: its effect is missing until the next change or reconcile. */
    void discarded(String what) {
        world.log(() -> "GIVEN UP: " + what);
        discarded.add(what);
    }

    /** Records a discarded follow-up, which even the reconcile does not restore. */
    void discardedFollowUp(String what) {
        discarded(what);
        followUpsDiscarded = true;
    }

    /**
     * A discarded follow-up contains connections that only the next change reaches; the same holds for a connect's
     * record if pages lag.
     */
    void discarded(List<CounterStream.StreamRecord> records, String what) {
        boolean isFollowUp = records.stream()
                .anyMatch(record -> record.json().at("/dynamodb/NewImage").has("until"));
        if (isFollowUp) {
            discardedFollowUp(what);
        } else {
            discarded(what);
        }
    }

    boolean hasDiscardedFollowUps() {
        return followUpsDiscarded;
    }

    /** Records that an operator edited or restored the tables: counts may be wrong until they are repaired. */
    void damaged() {
        damaged = true;
        damagedAt = world.scheduler().now();
        world.log(() -> "DAMAGE");
    }

    /** Records that all visits have ended: a reused visit id starts a new visit. */
    void visitsHaveEnded() {
        visitsHaveEnded = true;
    }

    /** Suspends checks during an edit. */
    void editing(boolean now) {
        editing = now;
    }

    /** A duplicate invocation is not retried: if it fails, changes that other invocations left to it may be lost. */
    void repeated(Invocation.Answer answer) {
        if (!answer.isOk()) {
            discarded("changes left to a duplicate invocation");
        }
    }

    boolean hasDiscarded() {
        return !discarded.isEmpty();
    }

    void died() {
        deaths++;
    }

    void ended(Invocation invocation) {
        counters.values().forEach(counter -> {
            if (counter.pass != null && counter.pass.invocation() == invocation) {
                counter.pass = null;
            }
        });
    }

    void departureFailed(Socket socket) {
        discarded("the broadcast of the disconnect of " + socket.connectionId());
    }

    // G1, G2: counting.

    void accepted(Socket socket) {
        List<String> counted = countedIn.get(socket.connectionId());
        if (counted == null) {
            world.violation("G1", socket.connectionId() + " was accepted without a row");
        } else if (socket.onlyWatches() != counted.isEmpty()) {
            world.violation("G1", socket.connectionId() + " was counted in " + counted);
        } else if (!socket.onlyWatches() && alwaysSite && !counted.contains(Deployment.SITE)) {
            world.violation("G1", socket.connectionId() + " was not counted in the site");
        }
        counted.stream()
                .filter(counterId -> !counter(counterId).counted.contains(socket.connectionId()))
                .forEach(counterId -> world.violation("G1", socket.connectionId() + " was accepted and not counted"));
    }

    @Override
    public void changed(
            String table,
            String key,
            @Nullable Map<String, AttributeValue> before,
            @Nullable Map<String, AttributeValue> after) {
        if (table.equals(MemoryDynamoDb.CONNECTIONS)) {
            connectionChanged(key, before, after);
        } else if (key.startsWith(LEASE)) {
            leaseChanged(counter(key.substring(LEASE.length())), before, after);
        } else if (CounterKeys.counterOf(key) != null) {
            countChanged(CounterKeys.counterOf(key), key, after);
        }
        if (table.equals(MemoryDynamoDb.COUNTS) && after != null) {
            stream.changed(key, before, after);
        }
    }

    private void connectionChanged(
            String key, @Nullable Map<String, AttributeValue> before, @Nullable Map<String, AttributeValue> after) {
        Map<String, AttributeValue> row = after == null ? before : after;
        // Connections with a visit id are counted together, the others separately.
        String visit = row.containsKey("visit") ? row.get("visit").s() : key;
        List<String> counterIds = countersOf(row);
        for (String counterId : counterIds) {
            CounterTrace counter = counter(counterId);
            counter.open.merge(visit, after == null ? -1 : 1, Integer::sum);
            if (before == null) {
                counter.visits.add(visit);
                counter.rows++;
                counter.maxRows = Math.max(counter.maxRows, counter.rows);
                if (!counter.counted.add(key) && !editing) {
                    countedAgain(counter, key, row.containsKey("visit"));
                }
            } else if (after == null) {
                counter.rows--;
            }
        }
        if (before == null || after == null) {
            Set<String> receives = new HashSet<>(Set.of(row.get("counterId").s()));
            if (everSite) {
                receives.add(Deployment.SITE);
            }
            receives.forEach(counterId -> counter(counterId).addToAudience(before == null ? 1 : -1));
        }
        if (before == null) {
            countedIn.put(key, counterIds);
        } else if (after == null) {
            removed(gateway.sockets().get(key));
        }
        world.log(() -> (before == null ? "row of " + key : "no row of " + key + " any more"));
    }

    private static List<String> countersOf(Map<String, AttributeValue> row) {
        if (row.containsKey("onlyWatches")) {
            return List.of();
        }
        String counterId = row.get("counterId").s();
        return row.containsKey("siteCounter")
                ? List.of(counterId, row.get("siteCounter").s())
                : List.of(counterId);
    }

    /** The counters whose counts a page receives: its own, and that of the site. */
    List<String> shownBy(Socket socket) {
        return alwaysSite && !socket.counterId().equals(Deployment.SITE)
                ? List.of(socket.counterId(), Deployment.SITE)
                : List.of(socket.counterId());
    }

    /**
     * The transaction's token prevents that a connect event that is repeated after the disconnect counts again. If the
     * visit changed meanwhile, the transaction differs: then there is a stale connection until a post finds it.
     */
    private void countedAgain(CounterTrace counter, String connectionId, boolean hasVisit) {
        counter.countedAgain++;
        if (!hasVisit && !damaged) {
            world.violation("G1", connectionId + " was counted in a second time");
        }
    }

    /** G7: no connection is removed that is open or may still open. */
    private void removed(Socket socket) {
        if (!editing && socket.state() != State.CLOSED) {
            world.violation("G7", socket.connectionId() + " was removed in state " + socket.state());
        }
    }

    private void countChanged(String counterId, String key, @Nullable Map<String, AttributeValue> after) {
        CounterTrace counter = counter(counterId);
        counter.sums.changed(key, after);
        if (after == null && CounterKeys.parseShard(key) == null && !damaged) {
            counterRemoved(counterId, counter);
            return;
        }
        if (!damaged
                && after != null
                && "RECONCILE".equals(after.get("lastChange").s())) {
            world.violation("G8", counterId + " was repaired although it was correct");
        }
        counter.changed = true;
        world.log(() -> key + ": " + text(after));
    }

    /** The reconcile may remove an unused counter. Later versions must be above all that pages have received. */
    private void counterRemoved(String counterId, CounterTrace counter) {
        long unused = world.scheduler().now() - counter.lastChangeAt;
        if (counter.rows > 0 || counter.live != 0 || unused < LONG_UNUSED) {
            world.violation(
                    "G1", counterId + " was removed with " + counter.rows + " connections, unused for " + unused);
        }
        world.log(() -> counterId + " is removed");
        counter.removedAtVersion = counter.version;
        counter.version = 0;
        counter.total = 0;
        counter.visits.clear();
        counter.counted.clear();
        counter.countedAgain = 0;
        counter.changed = false;
    }

    /** G9: counters that only a wildcard admits are removed when unused. */
    void onlyRemainingCounterIs(String named) {
        counters.forEach((counterId, counter) -> {
            if (!counterId.equals(named) && counter.version != 0) {
                world.violation("G9", counterId + " is unused for a month and was not removed");
            }
        });
    }

    /** A transaction may change several rows of a counter: it is checked after all of them have changed. */
    private void countChanged(String counterId, CounterTrace counter) {
        counter.changed = false;
        long version = counter.sums.version();
        long before = counter.version;
        counter.live = counter.sums.live();
        counter.total = counter.sums.total();
        counter.version = version;
        Count count = new Count(counter.live, counter.total);
        Set<Count> known = counter.history.computeIfAbsent(version, any -> new HashSet<>());
        known.add(count);
        if (!damaged && version <= counter.removedAtVersion) {
            world.violation(
                    "G4", "version " + version + " of a counter that was removed at " + counter.removedAtVersion);
        }
        counter.lastChangeAt = world.scheduler().now();
        if (!damaged && before != 0 && version != before && version != before + 1) {
            world.violation("G4", "version " + version + " after " + before);
        }
        if (!damaged && known.size() > 1) {
            world.violation("G4", "version " + version + " is one of " + known);
        }
        counter.changedAt.putIfAbsent(version, world.scheduler().now());
        world.log(() -> counterId + " is at version " + version + ": " + count + " on " + counter.sums.shards());
    }

    @Override
    public void committed() {
        counters.forEach((counterId, counter) -> {
            if (counter.changed) {
                countChanged(counterId, counter);
            }
        });
        if (!damaged) {
            countsAreExact();
        }
    }

    private void countsAreExact() {
        counters.forEach((counterId, counter) -> {
            long expected = behaviour.countingMode() == CountingMode.CONNECTIONS ? counter.rows : counter.openVisits();
            if (counter.live != expected) {
                world.violation("G1/G2", counterId + " has live " + counter.live + ", expected " + expected);
            }
            boolean visitsEnd =
                    visitsHaveEnded || behaviour.visitTimeout().compareTo(VisitorBehaviour.LONG_TIMEOUT) < 0;
            if (counter.total < counter.visits.size()
                    || counter.total
                            > (visitsEnd ? counter.counted.size() + counter.countedAgain : counter.visits.size())) {
                world.violation(
                        "G1",
                        counterId + " has total " + counter.total + ", but there were " + counter.visits.size()
                                + " visits of " + counter.counted.size() + " connections");
            }
        });
    }

    // G5: one pass at a time, within the rate.

    private void leaseChanged(
            CounterTrace counter,
            @Nullable Map<String, AttributeValue> before,
            @Nullable Map<String, AttributeValue> after) {
        world.log(() -> "lease: " + text(after));
        if (after == null && !editing) {
            leaseRemoved(counter);
            return;
        }
        if (editing) {
            counter.pass = null;
            return;
        }
        Invocation invocation = world.invocation();
        String holder = holder(after);
        if (holder != null && holder(before) != null && !holder.equals(holder(before))) {
            changeHolder(counter, before, holder);
        }
        long sincePass = number(after, "lastPassAt") - number(before, "lastPassAt");
        Pass pass = counter.pass;
        if (sincePass != 0) {
            beginPass(counter, invocation, holder, sincePass);
        } else if (pass != null && pass.holder().equals(holder(before)) && holder == null) {
            counter.pass = null;
        } else if (number(after, "budgetUsedUntilMicros") > number(before, "budgetUsedUntilMicros")) {
            // From here on it sends to named connections, which needs no lease.
            counter.withoutLease.remove(invocation);
        }
    }

    /** A lease is only removed with its unused counter. */
    private void leaseRemoved(CounterTrace counter) {
        if (!damaged && counter.pass != null && !counter.pass.invocation().isOver()) {
            world.violation(
                    "G5",
                    "a lease is removed while " + counter.pass.invocation().name() + " is at a pass");
        }
        counter.pass = null;
    }

    /** A lease may be taken over only after it has expired. */
    private void changeHolder(CounterTrace counter, Map<String, AttributeValue> before, String holder) {
        if (number(before, "leasedUntil") > world.now().toEpochMilli()) {
            world.violation("G5", holder + " takes the lease of " + holder(before) + ", which has not expired");
        }
        if (counter.pass != null) {
            counter.withoutLease.add(counter.pass.invocation());
        }
        counter.pass = null;
    }

    private void beginPass(CounterTrace counter, Invocation invocation, String holder, long sincePass) {
        Pass other = counter.pass;
        if (other != null
                && other.invocation() != invocation
                && !other.invocation().isOver()
                && !other.holder().equals(holder)) {
            world.violation(
                    "G5",
                    invocation.name() + " begins a pass while "
                            + other.invocation().name() + " is at one");
        }
        // The lease keeps whole milliseconds.
        if (sincePass < invocation.deployment().minBroadcastInterval().toMillis() - 1) {
            world.violation("G5", invocation.name() + " begins a pass " + sincePass + " ms after the one before");
        }
        counter.withoutLease.remove(invocation);
        counter.pass = new Pass(invocation, holder);
    }

    void posts(Invocation invocation, String connectionId, JsonNode message) {
        String counterId = message.path("counter").asText();
        world.log(() -> invocation.name() + " posts " + counterId + " to " + connectionId);
        if (counter(counterId).withoutLease.contains(invocation)) {
            world.violation("G5", invocation.name() + " continues posting after losing its lease");
        }
    }

    private static @Nullable String holder(@Nullable Map<String, AttributeValue> lease) {
        AttributeValue holder = lease == null ? null : lease.get("holder");
        return holder == null ? null : holder.s();
    }

    // G4, G9: messages.

    void delivered(Socket socket, VisitorCount message) {
        counter(message.counterId()).delivered.add(world.scheduler().now());
        answered(socket, message);
    }

    void answered(Socket socket, VisitorCount message) {
        String counterId = message.counterId();
        CounterTrace counter = counter(counterId);
        long version = message.version();
        world.log(() -> socket.connectionId() + " gets " + message);
        if (!counterId.equals(socket.counterId()) && !(everSite && counterId.equals(Deployment.SITE))) {
            world.violation("G4", socket.connectionId() + " receives another counter: " + message);
        }
        boolean wasTrue = message.equals(VisitorCount.none(counterId))
                || counter.history.getOrDefault(version, Set.of()).stream()
                        .anyMatch(count -> message.equals(formatted(counterId, count, version)));
        // Rows are read one after another: while they change, a sum may never have been true.
        boolean mayBeMixed =
                counter.sums.hadShards() && version <= counter.version && isPossibleTotal(message, counter);
        if (message.live() < 0 || !(wasTrue || (mayBeMixed && version < counter.version) || damaged)) {
            world.violation("G4", message + " was never true");
        }
    }

    /** Returns the count as a message contains it. */
    private VisitorCount formatted(String counterId, Count count, long version) {
        return Json.count(
                behaviour.format().format(new VisitorCount(counterId, count.live(), count.total(), version, null)));
    }

    private boolean isPossibleTotal(VisitorCount message, CounterTrace counter) {
        return !behaviour.seesExactNumbers() || message.total() <= counter.total;
    }

    private static long number(@Nullable Map<String, AttributeValue> item, String name) {
        AttributeValue value = item == null ? null : item.get(name);
        return value == null ? 0 : Long.parseLong(value.n());
    }

    private static String text(@Nullable Map<String, AttributeValue> item) {
        StringBuilder text = new StringBuilder();
        if (item != null) {
            item.forEach((name, value) -> text.append(name)
                    .append('=')
                    .append(value.n() == null ? value.s() : value.n())
                    .append(' '));
        }
        return text.toString();
    }

    /** G3: every reachable page shows the newest counts, or those that the message format does not tell from them. */
    void reachablePagesAreCurrent() {
        for (Socket socket : gateway.sockets().values()) {
            if (socket.isReachable()) {
                shownBy(socket).forEach(counterId -> isCurrent(socket, counterId));
            }
        }
    }

    private void isCurrent(Socket socket, String counterId) {
        CounterTrace counter = counter(counterId);
        if (damaged && counter.version == 0) {
            // The row was deleted while only watchers were left: there is no newest count (docs/testing.md).
            return;
        }
        VisitorCount newest = new VisitorCount(counterId, counter.live, counter.total, counter.version, null);
        Predicate<VisitorCount> isSame = shown -> !behaviour.format().isChange(shown, newest);
        boolean hasReceived =
                counter.version == 0 || !socket.received(counterId).isEmpty();
        // A counter that was lost starts again; pages accept it only after they have reconnected.
        if (!(hasReceived && isSame.test(socket.shown(counterId)))
                && !(damaged && socket.hasReceived(counterId, isSame, damagedAt))) {
            world.violation(
                    "G3", socket.connectionId() + " shows " + socket.shown(counterId) + ", the newest is " + newest);
        }
    }

    /** G8: only open connections are counted. */
    void liveMatchesOpenConnections() {
        counters.forEach((counterId, counter) -> {
            List<Socket> open = gateway.sockets().values().stream()
                    .filter(socket -> socket.state() == State.OPEN
                            && countedIn.get(socket.connectionId()).contains(counterId))
                    .toList();
            long expected = behaviour.countingMode() == CountingMode.CONNECTIONS
                    ? open.size()
                    : open.stream().map(this::countedWith).distinct().count();
            if (counter.live != expected) {
                world.violation("G8", counterId + " has live " + counter.live + ", expected " + expected);
            }
        });
    }

    private String countedWith(Socket socket) {
        String visitor = behaviour.countingMode() == CountingMode.VISITORS ? socket.visitor() : null;
        String visit = visitor == null ? socket.visit() : visitor;
        return visit == null ? socket.connectionId() : visit;
    }

    /**
     * G9: no period of one or five minutes has more messages than the budget and a full bucket allow. A broadcast to an
     * audience larger than the bucket is sent when the bucket is full, and later connections are charged afterwards. So
     * are uncounted connections, until a pass has found them. Messages that are repeated after a crash are not charged
     * again.
     */
    void messagesStayWithinBudget(boolean calm) {
        counters.forEach((counterId, counter) -> {
            counter.delivered.sort(null);
            long bucket = 60L * maxPerSecond;
            long uncounted = counter.maxAudience > counter.maxRows ? counter.maxAudience : 0;
            long beyond = Math.max(0, counter.maxAudience - bucket) + counter.maxAudience / 10 + 10 + uncounted;
            long repeated = calm ? 0 : counter.maxAudience * (3 + 3L * deaths);
            for (int minutes : List.of(1, 5)) {
                long max = bucket * minutes + bucket + beyond + repeated;
                long sent = maxWithin(minutes * 60_000_000L, counter.delivered);
                if (sent > max) {
                    world.violation("G9", counterId + " sent " + sent + " messages in " + minutes + " min, of " + max);
                }
            }
        });
    }

    private static int maxWithin(long micros, List<Long> times) {
        int max = 0;
        int from = 0;
        for (int to = 0; to < times.size(); to++) {
            while (times.get(to) - times.get(from) >= micros) {
                from++;
            }
            max = Math.max(max, to - from + 1);
        }
        return max;
    }

    /** G5: the messages of many concurrent connects are proportional to their number. */
    void crowdCostIsProportional() {
        counters.forEach((counterId, counter) -> {
            int max = 12 * counter.counted.size() + 100;
            if (counter.delivered.size() > max) {
                world.violation(
                        "G5", counter.counted.size() + " visitors cost " + counter.delivered.size() + " messages");
            }
        });
    }

    /** G6: every page receives a change in time, whatever other connections do. */
    void changesAreReceivedWithin(long micros) {
        for (Socket socket : gateway.sockets().values()) {
            CounterTrace counter = counter(socket.counterId());
            counter.changedAt.forEach((version, at) -> {
                long since = Math.max(at, socket.openedAt());
                boolean wasThere = socket.openedAt() != Long.MAX_VALUE && socket.closedAt() > since + micros;
                boolean wasReceived = socket.received(socket.counterId()).stream()
                        .anyMatch(one -> one.version() >= version && one.at() <= since + micros);
                if (wasThere && !socket.isBad() && !wasReceived) {
                    world.violation("G6", socket.connectionId() + " had not received version " + version + " in time");
                }
            });
        }
    }
}
