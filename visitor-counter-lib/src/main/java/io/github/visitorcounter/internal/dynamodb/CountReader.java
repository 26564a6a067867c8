package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.aws.AwsFailures;
import io.github.visitorcounter.internal.aws.AwsRetries;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.Shards;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.Retry;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a counter: first its home row, then the further rows that the home row names, each consistently. The sums
 * contain every change that was completed before the read began, no change twice, and some of the concurrent changes.
 * Thread-safe.
 */
final class CountReader {

    private final DynamoDbClient client;
    private final String countersTable;
    private final BatchGet rows;
    private final Retry retry;

    CountReader(DynamoDbClient client, String countersTable, TimeSource timeSource) {
        this.client = client;
        this.countersTable = countersTable;
        this.rows = new BatchGet(client, countersTable, timeSource);
        this.retry = AwsRetries.standard(timeSource, AwsFailures::isTransient);
    }

    /**
     * The rows of a counter.
     *
     * @param counterId the counter
     * @param home its home row; empty if it does not exist
     * @param further the other rows by number, beginning with 1; a row that was never written is empty
     */
    record Reading(String counterId, Map<String, AttributeValue> home, List<Map<String, AttributeValue>> further) {

        Shards shards() {
            return CountItem.shards(home);
        }

        boolean isFolded() {
            return further.stream().anyMatch(CountItem::isClosed);
        }

        /** All rows by number. */
        List<Map<String, AttributeValue>> all() {
            List<Map<String, AttributeValue>> all = new ArrayList<>(List.of(home));
            all.addAll(further);
            return all;
        }

        long sum(String attribute) {
            return all().stream()
                    .mapToLong(row -> CountItem.number(row, attribute))
                    .sum();
        }

        /** The sums of all rows; {@code live} may be negative. */
        VisitorCount count() {
            return home.isEmpty()
                    ? VisitorCount.none(counterId)
                    : new VisitorCount(
                            counterId,
                            sum(CountItem.LIVE),
                            sum(CountItem.TOTAL),
                            sum(CountItem.VERSION),
                            newest().map(row -> CountItem.time(row, CountItem.UPDATED_AT))
                                    .orElse(null));
        }

        /** The last change of the counter; null if unknown. */
        @Nullable
        Change lastChange() {
            return newest().map(CountItem::lastChange).orElse(null);
        }

        private Optional<Map<String, AttributeValue>> newest() {
            return all().stream()
                    .filter(row -> row.containsKey(CountItem.UPDATED_AT))
                    .max(Comparator.comparing(row -> CountItem.number(row, CountItem.UPDATED_AT)));
        }
    }

    /** Reads the home row; empty if it does not exist. */
    Map<String, AttributeValue> home(String counterId, Deadline deadline) {
        return retry.call("Reading a counter of " + countersTable, deadline, () -> homeOnce(counterId));
    }

    /** Reads the home row without retries. */
    private Map<String, AttributeValue> homeOnce(String counterId) {
        return client.getItem(request -> request.tableName(countersTable)
                        .key(CountItem.key(counterId))
                        .consistentRead(true))
                .item();
    }

    /**
     * Reads the home row without retries. Returns null after a transient failure: the rows known so far can still be
     * used.
     */
    @Nullable
    Map<String, AttributeValue> homeIfAnswered(String counterId) {
        try {
            return homeOnce(counterId);
        } catch (RuntimeException failure) {
            if (AwsFailures.isTransient(failure)) {
                return null;
            }
            throw failure;
        }
    }

    /** Reads all rows of a counter. */
    Reading read(String counterId, Deadline deadline) {
        return rest(counterId, home(counterId, deadline), deadline);
    }

    /** Reads counters: first all home rows together, then the further rows of each. */
    List<Reading> readAll(Collection<String> counterIds, Deadline deadline) {
        Map<String, Map<String, AttributeValue>> homes = new HashMap<>();
        counterIds.forEach(counterId -> homes.put(counterId, Map.of()));
        rows.read(homes.keySet().stream().map(CountItem::key).toList(), deadline)
                .forEach(home -> homes.put(CountItem.key(home), home));
        return homes.entrySet().stream()
                .map(home -> rest(home.getKey(), home.getValue(), deadline))
                .toList();
    }

    /** Reads the further rows that a home row names, and starts again if the counter is folded meanwhile. */
    Reading rest(String counterId, Map<String, AttributeValue> homeRow, Deadline deadline) {
        Map<String, AttributeValue> home = homeRow;
        while (true) {
            Reading reading = further(counterId, home, deadline);
            if (!reading.isFolded()) {
                return reading;
            }
            home = home(counterId, deadline);
            // If the home row still names closed rows, it was restored from a backup; closed rows contain no numbers.
            if (CountItem.shards(home).equals(reading.shards())) {
                return new Reading(counterId, home, reading.further());
            }
        }
    }

    private Reading further(String counterId, Map<String, AttributeValue> home, Deadline deadline) {
        List<String> keys = CountItem.shards(home).furtherKeys(counterId);
        Map<String, Map<String, AttributeValue>> found = new HashMap<>();
        if (!keys.isEmpty()) {
            rows.read(keys.stream().map(CountItem::key).toList(), deadline)
                    .forEach(item -> found.put(CountItem.key(item), item));
        }
        return new Reading(
                counterId,
                home,
                keys.stream().map(key -> found.getOrDefault(key, Map.of())).toList());
    }
}
