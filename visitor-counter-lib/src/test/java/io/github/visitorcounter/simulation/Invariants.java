package io.github.visitorcounter.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.visitorcounter.count.CountingMode;
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

/** Watches a world, and knows what must be true of it: the promises G1 to G9. */
final class Invariants implements MemoryDynamoDb.Listener {

    private static final String LEASE = "lease#";

    /** Four weeks, in microseconds. */
    private static final long LONG_UNUSED = 28L * 24 * 3_600 * 1_000_000;

    /** What a counter says at one version. */
    private record Count(long live, long total) {}

    /** A pass under a lease. */
    private record Pass(Invocation invocation, String holder) {}

    /** What is known of a counter. */
    private static final class Account {
        private final Map<Long, Set<Count>> history = new HashMap<>();
        private final Map<Long, Long> changedAt = new HashMap<>();
        private final Set<String> counted = new HashSet<>();
        private final Set<String> visits = new HashSet<>();
        private final Map<String, Integer> open = new HashMap<>();
        private final List<Long> delivered = new ArrayList<>();
        private final Set<Invocation> dispossessed = new HashSet<>();
        private final RowSums sums = new RowSums();
        private boolean changed;
        private long lastChangeAt;
        private long removedAtVersion;
        private long version;
        private long live;
        private long total;
        private long rows;
        private long mostRows;
        private long countedAgain;
        private @Nullable Pass pass;

        long openVisits() {
            return open.values().stream().filter(connections -> connections > 0).count();
        }
    }

    private final SimulatedWorld world;
    private final VisitorBehaviour habits;
    private final Map<String, Account> accounts = new HashMap<>();
    private Gateway gateway;
    private @Nullable CounterStream stream;
    private final List<String> givenUp = new ArrayList<>();
    private boolean stragglersGivenUp;
    private boolean damaged;
    private long damagedAt;
    private boolean editing;
    private boolean visitsHaveEnded;
    private int deaths;
    private int mostPerSecond;

    Invariants(SimulatedWorld world, VisitorBehaviour habits) {
        this.world = world;
        this.habits = habits;
    }

    void watch(Gateway aGateway, CounterStream aStream) {
        this.gateway = aGateway;
        this.stream = aStream;
    }

    private Account account(String counterId) {
        return accounts.computeIfAbsent(counterId, id -> new Account());
    }

    void deployed(Deployment deployment) {
        mostPerSecond = Math.max(mostPerSecond, deployment.broadcastMessagesPerSecond());
    }

    /** What is lost until the next change or the reconcile, because AWS gave it up. */
    void gaveUp(String what) {
        world.log(() -> "GIVEN UP: " + what);
        givenUp.add(what);
    }

    /** Stragglers were told by nobody: not even the reconcile knows of them. */
    void gaveUpStragglers(String what) {
        gaveUp(what);
        stragglersGivenUp = true;
    }

    /** A lost follow-up has named connections that only the next change reaches; so has the record of a connect, where pages lag. */
    void gaveUp(List<CounterStream.StreamRecord> records, String what) {
        boolean isFollowUp = records.stream()
                .anyMatch(record -> record.json().at("/dynamodb/NewImage").has("until"));
        if (isFollowUp) {
            gaveUpStragglers(what);
        } else {
            gaveUp(what);
        }
    }

    boolean hasGivenUpStragglers() {
        return stragglersGivenUp;
    }

    /** Somebody edits the tables, or restores them: from now on, counts are wrong until they are healed. */
    void damaged() {
        damaged = true;
        damagedAt = world.scheduler().now();
        world.log(() -> "DAMAGE");
    }

    /** So much time has passed that a visit whose id comes again is another one. */
    void visitsHaveEnded() {
        visitsHaveEnded = true;
    }

    /** The edit itself is nobody's change. */
    void editing(boolean now) {
        editing = now;
    }

    /** An invocation that only repeats another is not tried again: when it dies, so may what was left to it meanwhile. */
    void repeated(Invocation.Answer answer) {
        if (!answer.isOk()) {
            gaveUp("what was left to a repeated invocation");
        }
    }

    boolean hasGivenUp() {
        return !givenUp.isEmpty();
    }

    void died() {
        deaths++;
    }

    void ended(Invocation invocation) {
        accounts.values().forEach(account -> {
            if (account.pass != null && account.pass.invocation() == invocation) {
                account.pass = null;
            }
        });
    }

    void departureFailed(Socket socket) {
        gaveUp("the announcement of the departure of " + socket.connectionId());
    }

    // G1, G2: what is counted.

    void accepted(Socket socket) {
        if (!account(socket.counterId()).counted.contains(socket.connectionId())) {
            world.violation("G1", socket.connectionId() + " was accepted and not counted");
        }
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
            leaseChanged(account(key.substring(LEASE.length())), before, after);
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
        Account account = account(row.get("counterId").s());
        // Who says to what it belongs is counted together with the others; who doesn't, by itself.
        String visit = row.containsKey("visit") ? row.get("visit").s() : key;
        account.open.merge(visit, after == null ? -1 : 1, Integer::sum);
        if (before == null) {
            account.visits.add(visit);
            account.rows++;
            account.mostRows = Math.max(account.mostRows, account.rows);
            if (!account.counted.add(key) && !editing) {
                countedAgain(account, key, row.containsKey("visit"));
            }
        } else if (after == null) {
            account.rows--;
            removed(gateway.sockets().get(key));
        }
        world.log(() -> (before == null ? "row of " + key : "no row of " + key + " any more"));
    }

    /**
     * DynamoDB's memory of the transaction keeps an event that is repeated after the departure from counting again. Where the
     * visit has changed meanwhile it is another transaction: then there is a ghost, until a post meets it.
     */
    private void countedAgain(Account account, String connectionId, boolean hasVisit) {
        account.countedAgain++;
        if (!hasVisit && !damaged) {
            world.violation("G1", connectionId + " was counted in a second time");
        }
    }

    /** G7: nobody is removed whose connection is, or may become, open. */
    private void removed(Socket socket) {
        if (!editing && socket.state() != State.CLOSED) {
            world.violation("G7", socket.connectionId() + " was removed in state " + socket.state());
        }
    }

    private void countChanged(String counterId, String key, @Nullable Map<String, AttributeValue> after) {
        Account account = account(counterId);
        account.sums.changed(key, after);
        if (after == null && CounterKeys.parseShard(key) == null && !damaged) {
            counterRemoved(counterId, account);
            return;
        }
        if (!damaged
                && after != null
                && "RECONCILE".equals(after.get("lastChange").s())) {
            world.violation("G8", counterId + " was repaired, and was right");
        }
        account.changed = true;
        world.log(() -> key + ": " + text(after));
    }

    /** The reconcile may remove a counter that nobody has used for weeks. What pages were sent of it stays below what comes. */
    private void counterRemoved(String counterId, Account account) {
        long unused = world.scheduler().now() - account.lastChangeAt;
        if (account.rows > 0 || account.live != 0 || unused < LONG_UNUSED) {
            world.violation(
                    "G1", counterId + " was removed with " + account.rows + " connections, unused for " + unused);
        }
        world.log(() -> counterId + " is removed");
        account.removedAtVersion = account.version;
        account.version = 0;
        account.total = 0;
        account.visits.clear();
        account.counted.clear();
        account.countedAgain = 0;
        account.changed = false;
    }

    /** G9: what strangers opened does not stay for ever. */
    void onlyThisCounterIsLeft(String named) {
        accounts.forEach((counterId, account) -> {
            if (!counterId.equals(named) && account.version != 0) {
                world.violation("G9", counterId + " has not been used for a month and is still there");
            }
        });
    }

    /** A transaction may change several rows of a counter: it is looked at when all of them have changed. */
    private void countChanged(String counterId, Account account) {
        account.changed = false;
        long version = account.sums.version();
        long before = account.version;
        account.live = account.sums.live();
        account.total = account.sums.total();
        account.version = version;
        Count count = new Count(account.live, account.total);
        Set<Count> known = account.history.computeIfAbsent(version, any -> new HashSet<>());
        known.add(count);
        if (!damaged && version <= account.removedAtVersion) {
            world.violation(
                    "G4", "version " + version + " of a counter that was removed at " + account.removedAtVersion);
        }
        account.lastChangeAt = world.scheduler().now();
        if (!damaged && before != 0 && version != before && version != before + 1) {
            world.violation("G4", "version " + version + " after " + before);
        }
        if (!damaged && known.size() > 1) {
            world.violation("G4", "version " + version + " is one of " + known);
        }
        account.changedAt.putIfAbsent(version, world.scheduler().now());
        world.log(() -> counterId + " is at version " + version + ": " + count + " on " + account.sums.shards());
    }

    @Override
    public void committed() {
        accounts.forEach((counterId, account) -> {
            if (account.changed) {
                countChanged(counterId, account);
            }
        });
        if (!damaged) {
            countsAreExact();
        }
    }

    private void countsAreExact() {
        accounts.forEach((counterId, account) -> {
            long there = habits.countingMode() == CountingMode.CONNECTIONS ? account.rows : account.openVisits();
            if (account.live != there) {
                world.violation("G1/G2", counterId + " says " + account.live + ", and there are " + there);
            }
            boolean visitsEnd = visitsHaveEnded || habits.visitTimeout().compareTo(VisitorBehaviour.LONG_WINDOW) < 0;
            if (account.total < account.visits.size()
                    || account.total
                            > (visitsEnd ? account.counted.size() + account.countedAgain : account.visits.size())) {
                world.violation(
                        "G1",
                        counterId + " says " + account.total + " came, but it were " + account.visits.size()
                                + " visits of " + account.counted.size() + " connections");
            }
        });
    }

    // G5: one pass at a time, at the pace.

    private void leaseChanged(
            Account account,
            @Nullable Map<String, AttributeValue> before,
            @Nullable Map<String, AttributeValue> after) {
        world.log(() -> "lease: " + text(after));
        if (after == null && !editing) {
            leaseRemoved(account);
            return;
        }
        if (editing) {
            account.pass = null;
            return;
        }
        Invocation invocation = world.invocation();
        String holder = holder(after);
        if (holder != null && holder(before) != null && !holder.equals(holder(before))) {
            changeHolder(account, before, holder);
        }
        long sincePass = number(after, "lastPassAt") - number(before, "lastPassAt");
        Pass pass = account.pass;
        if (sincePass != 0) {
            beginPass(account, invocation, holder, sincePass);
        } else if (pass != null && pass.holder().equals(holder(before)) && holder == null) {
            account.pass = null;
        } else if (number(after, "budgetUsedUntilMicros") > number(before, "budgetUsedUntilMicros")) {
            // From here on it sends by name, which needs no lease.
            account.dispossessed.remove(invocation);
        }
    }

    /** With its counter: nobody broadcasts a counter that is unused. */
    private void leaseRemoved(Account account) {
        if (!damaged && account.pass != null && !account.pass.invocation().isOver()) {
            world.violation(
                    "G5",
                    "a lease is removed while " + account.pass.invocation().name() + " is at a pass");
        }
        account.pass = null;
    }

    /** A lease changes hands when it has expired. */
    private void changeHolder(Account account, Map<String, AttributeValue> before, String holder) {
        if (number(before, "leasedUntil") > world.now().toEpochMilli()) {
            world.violation("G5", holder + " takes the lease of " + holder(before) + ", which has not expired");
        }
        if (account.pass != null) {
            account.dispossessed.add(account.pass.invocation());
        }
        account.pass = null;
    }

    private void beginPass(Account account, Invocation invocation, String holder, long sincePass) {
        Pass other = account.pass;
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
        account.dispossessed.remove(invocation);
        account.pass = new Pass(invocation, holder);
    }

    void posts(Invocation invocation, String connectionId) {
        world.log(() -> invocation.name() + " posts to " + connectionId);
        String counterId = gateway.sockets().get(connectionId).counterId();
        if (account(counterId).dispossessed.contains(invocation)) {
            world.violation("G5", invocation.name() + " goes on posting although it has lost its lease");
        }
    }

    private static @Nullable String holder(@Nullable Map<String, AttributeValue> lease) {
        AttributeValue holder = lease == null ? null : lease.get("holder");
        return holder == null ? null : holder.s();
    }

    // G4, G9: what is said.

    void delivered(Socket socket, JsonNode message) {
        account(socket.counterId()).delivered.add(world.scheduler().now());
        answered(socket, message);
    }

    void answered(Socket socket, JsonNode message) {
        Account account = account(socket.counterId());
        long version = message.path("version").asLong(-1);
        Count said =
                new Count(message.path("live").asLong(-1), message.path("total").asLong(-1));
        world.log(() -> socket.connectionId() + " gets version " + version + ": " + said);
        if (!message.path("counter").asText().equals(socket.counterId())) {
            world.violation("G4", socket.connectionId() + " hears of another counter: " + message);
        }
        boolean wasTrue = account.history.getOrDefault(version, Set.of()).contains(said);
        // Rows are read one after the other: while they change, a sum may be one that was never true at one moment.
        boolean mayBeMixed = account.sums.hadShards() && version <= account.version && said.total() <= account.total;
        if (said.live() < 0 || !(wasTrue || (mayBeMixed && version < account.version) || damaged)) {
            world.violation("G4", message + " was never true");
        }
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

    /** G3: everyone who can be reached knows the newest count. */
    void everyoneKnows() {
        for (Socket socket : gateway.sockets().values()) {
            long newest = account(socket.counterId()).version;
            // A counter that was lost starts again; pages believe it only after they have connected again.
            boolean knows = socket.shown() == newest || (damaged && socket.hasHeard(newest, damagedAt));
            if (socket.isReachable() && !knows) {
                world.violation(
                        "G3", socket.connectionId() + " shows version " + socket.shown() + ", the newest is " + newest);
                return;
            }
        }
    }

    /** G8: nobody is counted who is not there. */
    void nobodyIsCountedWhoIsNotThere() {
        accounts.forEach((counterId, account) -> {
            List<Socket> open = gateway.sockets().values().stream()
                    .filter(socket -> socket.counterId().equals(counterId) && socket.state() == State.OPEN)
                    .toList();
            long there = habits.countingMode() == CountingMode.CONNECTIONS
                    ? open.size()
                    : open.stream().map(this::countedWith).distinct().count();
            if (account.live != there) {
                world.violation("G8", counterId + " says " + account.live + ", and " + there + " are there");
            }
        });
    }

    private String countedWith(Socket socket) {
        String visitor = habits.countingMode() == CountingMode.VISITORS ? socket.visitor() : null;
        String visit = visitor == null ? socket.visit() : visitor;
        return visit == null ? socket.connectionId() : visit;
    }

    /**
     * G9: no minute, nor five, have more messages than the budget and a full bucket allow. An audience larger than the bucket
     * is told when the bucket is full, and who came since it was counted is charged afterwards. What is repeated after a
     * function's death is not charged again.
     */
    void noMinuteIsTooExpensive(boolean calm) {
        accounts.forEach((counterId, account) -> {
            account.delivered.sort(null);
            long bucket = 60L * mostPerSecond;
            long beyond = Math.max(0, account.mostRows - bucket) + account.mostRows / 10 + 10;
            long repeated = calm ? 0 : account.mostRows * (3 + 3L * deaths);
            for (int minutes : List.of(1, 5)) {
                long most = bucket * minutes + bucket + beyond + repeated;
                long sent = mostWithin(minutes * 60_000_000L, account.delivered);
                if (sent > most) {
                    world.violation("G9", counterId + " sent " + sent + " messages in " + minutes + " min, of " + most);
                }
            }
        });
    }

    private static int mostWithin(long micros, List<Long> times) {
        int most = 0;
        int from = 0;
        for (int to = 0; to < times.size(); to++) {
            while (times.get(to) - times.get(from) >= micros) {
                from++;
            }
            most = Math.max(most, to - from + 1);
        }
        return most;
    }

    /** G5: a crowd that comes at once costs messages in proportion to its size. */
    void aCrowdIsCheap() {
        accounts.forEach((counterId, account) -> {
            int most = 12 * account.counted.size() + 100;
            if (account.delivered.size() > most) {
                world.violation(
                        "G5", account.counted.size() + " visitors cost " + account.delivered.size() + " messages");
            }
        });
    }

    /** G6: everyone hears of a change soon, whatever another connection does. */
    void everyoneHearsWithin(long micros) {
        for (Socket socket : gateway.sockets().values()) {
            Account account = account(socket.counterId());
            account.changedAt.forEach((version, at) -> {
                long since = Math.max(at, socket.openedAt());
                boolean wasThere = socket.openedAt() != Long.MAX_VALUE && socket.closedAt() > since + micros;
                boolean heard = socket.received().stream()
                        .anyMatch(one -> one.version() >= version && one.at() <= since + micros);
                if (wasThere && !socket.isBad() && !heard) {
                    world.violation("G6", socket.connectionId() + " had not heard of version " + version + " in time");
                }
            });
        }
    }
}
