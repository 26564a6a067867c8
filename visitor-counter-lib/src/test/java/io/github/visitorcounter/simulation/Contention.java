package io.github.visitorcounter.simulation;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Simulates conflicts of DynamoDB writes: transactions hold their items from prepare to commit, and an item takes 1,000
 * write units a second. Not thread-safe.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html">transactions</a>
 */
final class Contention {

    static final int PLAIN_UNITS = 1;

    /** A transaction writes each row twice, to prepare and to commit. Rows are smaller than 1 KB. */
    static final int TRANSACTIONAL_UNITS = 2;

    private static final int UNITS_PER_SECOND = 1_000;

    private record Written(long second, int units) {}

    private final Supplier<Instant> clock;
    private final Set<List<String>> held = new HashSet<>();
    private final Map<List<String>, Written> written = new HashMap<>();
    private long conflicts;
    private long units;

    Contention(Supplier<Instant> clock) {
        this.clock = clock;
    }

    void hold(String table, String key) {
        held.add(List.of(table, key));
    }

    void release(String table, String key) {
        held.remove(List.of(table, key));
    }

    /** Returns whether a transaction holds the item, and counts the conflict. */
    boolean meetsAnother(String table, String key) {
        boolean meets = held.contains(List.of(table, key));
        conflicts += meets ? 1 : 0;
        return meets;
    }

    /** Charges a write unless the item's limit per second is reached. */
    boolean mayWrite(String table, String key, int cost) {
        long second = clock.get().getEpochSecond();
        Written now = written.get(List.of(table, key));
        int before = now == null || now.second() < second ? 0 : now.units();
        if (before + cost > UNITS_PER_SECOND) {
            return false;
        }
        written.put(List.of(table, key), new Written(second, before + cost));
        units += cost;
        return true;
    }

    /** Returns the number of conflicts. */
    long conflicts() {
        return conflicts;
    }

    /** Returns the number of write units used. */
    long units() {
        return units;
    }

    /** Resets the counts. */
    void forget() {
        written.clear();
        conflicts = 0;
        units = 0;
    }
}
