package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.internal.aws.AwsFailures;
import io.github.visitorcounter.internal.aws.AwsRetries;
import io.github.visitorcounter.internal.count.GrowthSignal;
import io.github.visitorcounter.internal.count.KnownShards;
import io.github.visitorcounter.internal.count.Shards;
import io.github.visitorcounter.internal.time.Backoff;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Writes the transactions that change a counter, each on one of the counter's rows, with retries after conflicts and
 * transient failures. Thread-safe.
 *
 * <ul>
 *   <li>It moves to another row only after a conflict on the counter's row. After a conflict on the row of a connection
 *       or a visit, it repeats the same transaction.
 *   <li>Once the outcome of an attempt is unknown, it does not move to another row: the attempt may have been
 *       carried out, or may still be. The exception is a row that was closed, because no attempt on it can be
 *       carried out any more.
 *   <li>After a conflict it reads the home row, which contains the current number of rows, and whose version shows how
 *       busy the counter is.
 * </ul>
 */
final class CounterWriter {

    private static final Predicate<CancellationReasons> CONDITIONS = CancellationReasons::anyFailed;
    private static final Duration MAX_DELAY_AFTER_GROWTH = Duration.ofMillis(25);

    /**
     * A transaction that holds the home row rejects the growth. Growth is tried again before the next transaction,
     * because the transactions of a busy counter would hold the home row and delay the growth by some 200 ms more.
     */
    private static final int MAX_GROWTH_ATTEMPTS = 4;

    private final DynamoDbClient client;
    private final String countersTable;
    private final CountReader reader;
    private final ShardGrowth growth;
    private final KnownShards known;
    private final int maxShards;
    private final TimeSource timeSource;

    CounterWriter(
            DynamoDbClient client,
            String countersTable,
            CountReader reader,
            KnownShards known,
            int maxShards,
            TimeSource timeSource) {
        this.client = client;
        this.countersTable = countersTable;
        this.reader = reader;
        this.growth = new ShardGrowth(client, countersTable, timeSource);
        this.known = known;
        this.maxShards = maxShards;
        this.timeSource = timeSource;
    }

    /**
     * Begins a change.
     *
     * @param counterId the counter
     * @param connectionId determines which rows are chosen
     * @param deadline when to stop retrying; the first attempt is always made
     */
    Attempts begin(String counterId, String connectionId, Deadline deadline) {
        if (known.isStale(counterId, timeSource.now())) {
            Map<String, AttributeValue> home = homeIfAnswered(counterId);
            known.learn(counterId, home == null ? Shards.HOME_ONLY : CountItem.shards(home), timeSource.now());
        }
        return new Attempts(counterId, connectionId, deadline);
    }

    /**
     * Reads the home row without retries. Returns null after a transient failure: the rows known so far
     * can still be used.
     */
    private @Nullable Map<String, AttributeValue> homeIfAnswered(String counterId) {
        try {
            return reader.homeOnce(counterId);
        } catch (RuntimeException failure) {
            if (AwsFailures.isTransient(failure)) {
                return null;
            }
            throw failure;
        }
    }

    /** The attempts of one change. Not thread-safe. */
    final class Attempts {

        private final String counterId;
        private final String connectionId;
        private final Deadline deadline;
        private final GrowthSignal signal = new GrowthSignal();
        private final Backoff afterConflicts = AwsRetries.afterConflicts(timeSource);
        private final Backoff afterFailures = AwsRetries.afterFailures(timeSource);
        private Shards shards;
        private CounterRow row;
        private int choices;
        private int conflicts;
        private int failures;
        private int sent;
        private boolean unknown;

        private Attempts(String counterId, String connectionId, Deadline deadline) {
            this.counterId = counterId;
            this.connectionId = connectionId;
            this.deadline = deadline;
            this.shards = known.of(counterId);
            this.row = new CounterRow(counterId, shards, shards.choose(connectionId, 0));
        }

        /** Whether the outcome of an attempt is unknown: it may have been carried out, or may still be. */
        boolean isUnknown() {
            return unknown;
        }

        /** Writes until the transaction succeeds or a condition fails; see {@link #write(Function, int, Predicate)}. */
        @Nullable
        CancellationReasons write(Function<CounterRow, TransactWriteItemsRequest> transaction, int counterPart) {
            return write(transaction, counterPart, CONDITIONS);
        }

        /**
         * Writes until the transaction succeeds or is cancelled for a reason that the caller must handle.
         *
         * @param transaction makes the transaction that changes a row
         * @param counterPart the part of the counter's row in it
         * @param handled which cancellations to return besides those with failed conditions, unless the outcome of an
         *     attempt is unknown
         * @return null if the transaction succeeded
         * @throws ServiceUnavailableException if the deadline passed
         */
        @Nullable
        CancellationReasons write(
                Function<CounterRow, TransactWriteItemsRequest> transaction,
                int counterPart,
                Predicate<CancellationReasons> handled) {
            while (true) {
                if (sent++ > 0 && deadline.hasPassed(timeSource.now())) {
                    throw outOfTime(null);
                }
                try {
                    client.transactWriteItems(transaction.apply(row));
                    return null;
                } catch (TransactionCanceledException cancelled) {
                    CancellationReasons cancellation = CancellationReasons.of(cancelled);
                    if (cancellation.failedOnly(counterPart) && CountItem.isClosed(cancellation.found(counterPart))) {
                        replaceClosedRow();
                    } else if (cancellation.anyFailed() || (!unknown && handled.test(cancellation))) {
                        return cancellation;
                    } else if (cancellation.conflicts(counterPart) && !unknown) {
                        moveAfterConflict(cancelled);
                    } else {
                        pause(
                                cancellation.anyConflicts()
                                        ? afterConflicts.delay(conflicts++)
                                        : afterFailures.delay(failures++),
                                cancelled);
                    }
                } catch (RuntimeException failure) {
                    if (!AwsFailures.isTransient(failure)) {
                        throw failure;
                    }
                    unknown |= AwsFailures.mayHaveBeenCarriedOut(failure);
                    pause(afterFailures.delay(failures++), failure);
                }
            }
        }

        /** Reads the number of rows again, and moves to one of them. */
        private void replaceClosedRow() {
            Shards before = shards;
            learn(reader.home(counterId, deadline));
            unknown = false;
            if (shards.equals(before)) {
                // The home row was restored from a backup: it names rows that were closed long ago.
                row = CounterRow.home(counterId);
            } else {
                chooseAgain();
            }
        }

        private void moveAfterConflict(RuntimeException conflict) {
            signal.conflict();
            if (needsGrowth()) {
                growAfterConflict(conflict);
            } else {
                pause(afterConflicts.delay(conflicts++), conflict);
                learnIfAnswered();
            }
            chooseAgain();
        }

        private boolean needsGrowth() {
            return signal.isBusy() && shards.grown(maxShards) > shards.count();
        }

        private void growAfterConflict(RuntimeException conflict) {
            for (int attempt = 0; attempt < MAX_GROWTH_ATTEMPTS && needsGrowth(); attempt++) {
                boolean isGrown = grow(shards.grown(maxShards));
                pause(delayAfterGrowth(), conflict);
                if (isGrown) {
                    return;
                }
                learnIfAnswered();
            }
        }

        private void learnIfAnswered() {
            Map<String, AttributeValue> home = homeIfAnswered(counterId);
            if (home != null) {
                learn(home);
            }
        }

        /** Tries once to give the counter {@code count} rows, and waits if that fails, because it is tried again. */
        void growOrPause(int count) {
            if (!grow(count)) {
                pause(delayAfterGrowth(), null);
            }
        }

        private boolean grow(int count) {
            Shards grown = growth.grow(counterId, shards, count);
            if (grown == null) {
                return false;
            }
            setShards(grown);
            return true;
        }

        void learn(Map<String, AttributeValue> home) {
            setShards(CountItem.shards(home));
            signal.sawHome(CountItem.number(home, CountItem.VERSION), timeSource.now());
        }

        private void setShards(Shards now) {
            known.learn(counterId, now, timeSource.now());
            if (!now.equals(shards)) {
                shards = now;
                conflicts = 0;
                signal.reset();
            }
        }

        private void chooseAgain() {
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

        /** A random delay: otherwise all invocations that waited for the growth would write at the same time. */
        private Duration delayAfterGrowth() {
            return Duration.ofNanos((long) (MAX_DELAY_AFTER_GROWTH.toNanos() * timeSource.jitter()));
        }

        private void pause(Duration delay, @Nullable RuntimeException failure) {
            if (delay.compareTo(deadline.remaining(timeSource.now())) >= 0) {
                throw outOfTime(failure);
            }
            try {
                timeSource.sleep(delay);
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                throw new ServiceUnavailableException(
                        "Counting in " + countersTable + " was interrupted while it waited to retry", failure);
            }
        }

        private ServiceUnavailableException outOfTime(@Nullable RuntimeException failure) {
            String last = failure == null ? "" : ": " + failure.getMessage();
            return new ServiceUnavailableException(
                    "Counting in " + countersTable + " failed " + sent + " times and its time is over" + last, failure);
        }
    }
}
