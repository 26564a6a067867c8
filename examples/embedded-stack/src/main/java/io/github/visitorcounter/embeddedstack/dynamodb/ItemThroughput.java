package io.github.visitorcounter.embeddedstack.dynamodb;

import io.github.visitorcounter.embeddedstack.dynamodb.ItemKeys.Item;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/**
 * The write throughput of single items: 1,000 units a second each, the limit of a DynamoDB partition in every billing
 * mode. AWS allows short bursts above it; here each second of the clock is counted separately. Thread-safe.
 */
final class ItemThroughput {

    static final int UNITS_PER_SECOND = 1_000;

    private final Clock clock;
    private final Map<Item, Double> used = new HashMap<>(); // Units used in the current second.
    private long second;

    ItemThroughput(Clock clock) {
        this.clock = clock;
    }

    /**
     * Consumes units of an item.
     *
     * @return false if too few units are left in this second; then nothing is consumed
     */
    synchronized boolean consume(Item item, double units) {
        long now = clock.instant().getEpochSecond();
        if (now != second) {
            second = now;
            used.clear();
        }
        double sum = used.getOrDefault(item, 0.0) + units;
        if (sum > UNITS_PER_SECOND) {
            return false;
        }
        used.put(item, sum);
        return true;
    }
}
