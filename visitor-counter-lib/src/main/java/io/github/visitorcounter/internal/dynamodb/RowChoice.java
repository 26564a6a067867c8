package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.internal.count.GrowthSignal;
import io.github.visitorcounter.internal.count.KnownShards;
import io.github.visitorcounter.internal.count.Shards;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.util.List;
import java.util.Map;

/**
 * The row of one counter that the next attempt of a change uses, and what the conflicts at it say about the counter's
 * growth. Not thread-safe.
 */
final class RowChoice {

    /**
     * The services of a choice.
     *
     * @param reader reads home rows
     * @param growth adds rows
     * @param known the rows that this instance knows
     * @param timeSource the clock
     */
    record Ports(CountReader reader, ShardGrowth growth, KnownShards known, TimeSource timeSource) {}

    private final String counterId;
    private final String connectionId;
    private final int maxShards;
    private final Ports ports;
    private final GrowthSignal signal = new GrowthSignal();
    private Shards shards;
    private CounterRow row;
    private int choices;
    private int conflicts;

    /**
     * Chooses the first row.
     *
     * @param counterId the counter
     * @param connectionId determines which rows are chosen
     * @param maxShards how many rows the counter may have
     * @param ports the services
     */
    RowChoice(String counterId, String connectionId, int maxShards, Ports ports) {
        this.counterId = counterId;
        this.connectionId = connectionId;
        this.maxShards = maxShards;
        this.ports = ports;
        if (ports.known().isStale(counterId, ports.timeSource().now())) {
            Map<String, AttributeValue> home = ports.reader().homeIfAnswered(counterId);
            ports.known()
                    .learn(
                            counterId,
                            home == null ? Shards.HOME_ONLY : CountItem.shards(home),
                            ports.timeSource().now());
        }
        this.shards = ports.known().of(counterId);
        this.row = new CounterRow(counterId, shards, shards.choose(connectionId, 0));
    }

    String counterId() {
        return counterId;
    }

    CounterRow row() {
        return row;
    }

    /** Reads the number of rows again after the row turned out to be closed, and moves to one of them. */
    void replaceClosedRow(Deadline deadline) {
        Shards before = shards;
        learn(ports.reader().home(counterId, deadline));
        if (shards.equals(before)) {
            // The home row was restored from a backup: it names rows that were closed long ago.
            row = CounterRow.home(counterId);
        } else {
            chooseAgain();
        }
    }

    /** Records a conflict at the row. */
    void conflict() {
        signal.conflict();
    }

    /** Returns whether the counter is busy and may have more rows. */
    boolean needsGrowth() {
        return signal.isBusy() && shards.grown(maxShards) > shards.count();
    }

    /** Tries once to give the counter more rows. */
    boolean grow() {
        return grow(shards.grown(maxShards));
    }

    /** Returns the number of earlier conflicts since the counter's rows changed, and adds one. */
    int nextConflict() {
        return conflicts++;
    }

    /** Reads the home row, if it is answered at once. */
    void readHome() {
        Map<String, AttributeValue> home = ports.reader().homeIfAnswered(counterId);
        if (home != null) {
            learn(home);
        }
    }

    /** Tries once to give the counter {@code count} rows. */
    boolean grow(int count) {
        Shards grown = ports.growth().grow(counterId, shards, count);
        if (grown == null) {
            return false;
        }
        setShards(grown);
        return true;
    }

    void learn(Map<String, AttributeValue> home) {
        setShards(CountItem.shards(home));
        signal.sawHome(
                CountItem.number(home, CountItem.VERSION), ports.timeSource().now());
    }

    private void setShards(Shards now) {
        ports.known().learn(counterId, now, ports.timeSource().now());
        if (!now.equals(shards)) {
            shards = now;
            conflicts = 0;
            signal.reset();
        }
    }

    void chooseAgain() {
        choices++;
        row = new CounterRow(counterId, shards, shards.choose(connectionId, choices));
    }

    /** Moves to one of these rows of a counter that was read just now. */
    void chooseFrom(Shards now, List<Integer> rows) {
        setShards(now);
        choices++;
        int choice = new Shards(rows.size(), "").choose(connectionId, choices);
        row = new CounterRow(counterId, now, rows.get(choice));
    }
}
