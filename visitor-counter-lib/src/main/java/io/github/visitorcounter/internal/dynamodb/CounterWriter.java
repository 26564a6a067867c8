package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.internal.aws.AwsFailures;
import io.github.visitorcounter.internal.aws.AwsRetries;
import io.github.visitorcounter.internal.count.KnownShards;
import io.github.visitorcounter.internal.time.Backoff;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * Writes the transactions that change counters, each on one row of every counter, with retries after conflicts and
 * transient failures. Thread-safe.
 *
 * <ul>
 *   <li>It moves to another row of a counter only after a conflict on the counter's row. After a conflict on the row of
 *       a connection or a visit, it repeats the same transaction. The rows of two counters are chosen independently.
 *   <li>Once the outcome of an attempt is unknown, it does not move to another row: the attempt may have been carried
 *       out, or may still be. The exception is a row that was closed, because no attempt on it can be carried out any
 *       more.
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
    private final ToIntFunction<String> maxShards;
    private final RowChoice.Ports ports;
    private final TimeSource timeSource;

    /**
     * Creates a writer.
     *
     * @param maxShards how many rows a counter may have
     */
    CounterWriter(
            DynamoDbClient client,
            String countersTable,
            CountReader reader,
            KnownShards known,
            ToIntFunction<String> maxShards,
            TimeSource timeSource) {
        this.client = client;
        this.countersTable = countersTable;
        this.maxShards = maxShards;
        this.ports = new RowChoice.Ports(reader, new ShardGrowth(client, countersTable, timeSource), known, timeSource);
        this.timeSource = timeSource;
    }

    /**
     * Begins a change.
     *
     * @param counterIds the counters; may be empty
     * @param connectionId determines which rows are chosen
     * @param deadline when to stop retrying; the first attempt is always made
     */
    Attempts begin(List<String> counterIds, String connectionId, Deadline deadline) {
        return new Attempts(
                counterIds.stream()
                        .map(counterId ->
                                new RowChoice(counterId, connectionId, maxShards.applyAsInt(counterId), ports))
                        .toList(),
                deadline);
    }

    /** The attempts of one change. Not thread-safe. */
    final class Attempts {

        private final List<RowChoice> choices;
        private final Deadline deadline;
        private final Backoff afterConflicts = AwsRetries.afterConflicts(timeSource);
        private final Backoff afterFailures = AwsRetries.afterFailures(timeSource);
        private int otherConflicts;
        private int failures;
        private int sent;
        private boolean unknown;

        private Attempts(List<RowChoice> choices, Deadline deadline) {
            this.choices = choices;
            this.deadline = deadline;
        }

        /** Whether the outcome of an attempt is unknown: it may have been carried out, or may still be. */
        boolean isUnknown() {
            return unknown;
        }

        /** The choice of the row of a counter, by its place among the counters. */
        RowChoice choice(int counter) {
            return choices.get(counter);
        }

        /**
         * Writes until the transaction succeeds or a condition fails; see {@link #write(CounterTransaction,
         * Predicate)}.
         */
        @Nullable
        CancellationReasons write(CounterTransaction transaction) {
            return write(transaction, CONDITIONS);
        }

        /**
         * Writes until the transaction succeeds or is cancelled for a reason that the caller must handle.
         *
         * @param transaction the transaction
         * @param handled which cancellations to return besides those with failed conditions, unless the outcome of an
         *     attempt is unknown
         * @return null if the transaction succeeded
         * @throws ServiceUnavailableException if the deadline passed
         */
        @Nullable
        CancellationReasons write(CounterTransaction transaction, Predicate<CancellationReasons> handled) {
            while (true) {
                if (sent++ > 0 && deadline.hasPassed(timeSource.now())) {
                    throw outOfTime(null);
                }
                try {
                    client.transactWriteItems(transaction
                            .request()
                            .apply(choices.stream().map(RowChoice::row).toList()));
                    return null;
                } catch (TransactionCanceledException cancelled) {
                    CancellationReasons cancellation = CancellationReasons.of(cancelled);
                    if (!replaceClosedRows(transaction, cancellation)) {
                        if (cancellation.anyFailed() || (!unknown && handled.test(cancellation))) {
                            return cancellation;
                        }
                        retry(transaction, cancellation, cancelled);
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

        /**
         * Replaces the rows that are closed. Returns false if there is none, or if a condition failed that is not of a
         * counter: then the caller handles that first.
         */
        private boolean replaceClosedRows(CounterTransaction transaction, CancellationReasons cancellation) {
            if (!cancellation.failedOnly(transaction.counterParts())) {
                return false;
            }
            List<RowChoice> closed = choices(
                    transaction, part -> cancellation.failed(part) && CountItem.isClosed(cancellation.found(part)));
            closed.forEach(choice -> choice.replaceClosedRow(deadline));
            unknown &= closed.isEmpty();
            return !closed.isEmpty();
        }

        private void retry(
                CounterTransaction transaction, CancellationReasons cancellation, RuntimeException cancelled) {
            List<RowChoice> conflicting = choices(transaction, cancellation::conflicts);
            if (!conflicting.isEmpty() && !unknown) {
                moveAfterConflict(conflicting, cancelled);
            } else {
                pause(
                        cancellation.anyConflicts()
                                ? afterConflicts.delay(otherConflicts++)
                                : afterFailures.delay(failures++),
                        cancelled);
            }
        }

        /** Returns the choices of the counters whose parts meet a condition. */
        private List<RowChoice> choices(CounterTransaction transaction, Predicate<Integer> ofPart) {
            List<RowChoice> found = new ArrayList<>();
            for (int i = 0; i < choices.size(); i++) {
                if (ofPart.test(transaction.counterParts().get(i))) {
                    found.add(choices.get(i));
                }
            }
            return found;
        }

        private void moveAfterConflict(List<RowChoice> conflicting, RuntimeException conflict) {
            conflicting.forEach(RowChoice::conflict);
            if (conflicting.stream().anyMatch(RowChoice::needsGrowth)) {
                grow(conflicting, conflict);
            } else {
                int earlier = 0;
                for (RowChoice choice : conflicting) {
                    earlier = Math.max(earlier, choice.nextConflict());
                }
                pause(afterConflicts.delay(earlier), conflict);
                conflicting.forEach(RowChoice::readHome);
            }
            conflicting.forEach(RowChoice::chooseAgain);
        }

        private void grow(List<RowChoice> conflicting, RuntimeException conflict) {
            for (int attempt = 0; attempt < MAX_GROWTH_ATTEMPTS; attempt++) {
                List<RowChoice> notGrown = conflicting.stream()
                        .filter(choice -> !choice.needsGrowth() || !choice.grow())
                        .toList();
                pause(delayAfterGrowth(), conflict);
                notGrown.forEach(RowChoice::readHome);
                if (notGrown.stream().noneMatch(RowChoice::needsGrowth)) {
                    return;
                }
            }
        }

        /** Waits before a growth that was rejected is tried again. */
        void pauseAfterRejectedGrowth() {
            pause(delayAfterGrowth(), null);
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
