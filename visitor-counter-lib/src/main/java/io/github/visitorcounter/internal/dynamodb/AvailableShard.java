package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.CounterFullException;
import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.internal.count.LiveLimits;
import io.github.visitorcounter.internal.count.MaxLive;
import io.github.visitorcounter.internal.time.Deadline;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds a row with capacity in a counter whose live number is limited. Each row has a fixed part of the limit, so
 * another row may have capacity when one is full. Thread-safe.
 */
final class AvailableShard {

    /**
     * Two reads with the same versions prove that the counter was full at one moment. If it changes between all reads,
     * the third one decides.
     */
    private static final int MAX_READS = 3;

    private final CountReader reader;
    private final LiveLimits limits;

    AvailableShard(CountReader reader, LiveLimits limits) {
        this.reader = reader;
        this.limits = limits;
    }

    /**
     * Moves the attempts to a row of their first counter with capacity. Only this one can be limited.
     *
     * @throws CounterFullException if no row has capacity
     * @throws ServiceUnavailableException if the outcome of an earlier attempt is unknown: it may still be carried out
     *     on the full row; or if the counter does not get its rows in time
     */
    void find(CounterWriter.Attempts attempts, Deadline deadline) {
        RowChoice choice = attempts.choice(0);
        String counterId = choice.counterId();
        MaxLive limit = limits.of(counterId);
        if (attempts.isUnknown()) {
            throw new ServiceUnavailableException(
                    "The counter " + counterId + " may be full, and it is not known whether the connection was counted",
                    null);
        }
        List<Long> versions = List.of();
        for (int attempt = 0; attempt < MAX_READS; attempt++) {
            CountReader.Reading reading = reader.read(counterId, deadline);
            List<Integer> withCapacity = withCapacity(reading, limit);
            // A counter that is new, or had no limit, is not full before it has the rows among which the limit is
            // divided.
            while (withCapacity.isEmpty() && reading.shards().count() < limit.shards()) {
                choice.learn(reading.home());
                if (!choice.grow(limit.shards())) {
                    attempts.pauseAfterRejectedGrowth();
                }
                reading = reader.read(counterId, deadline);
                withCapacity = withCapacity(reading, limit);
            }
            if (!withCapacity.isEmpty()) {
                choice.chooseFrom(reading.shards(), withCapacity);
                return;
            }
            List<Long> seen = reading.all().stream()
                    .map(row -> CountItem.number(row, CountItem.VERSION))
                    .toList();
            if (seen.equals(versions)) {
                break;
            }
            versions = seen;
        }
        throw new CounterFullException(counterId);
    }

    private static List<Integer> withCapacity(CountReader.Reading reading, MaxLive limit) {
        return IntStream.range(0, reading.shards().count())
                .filter(row -> CountItem.number(reading.all().get(row), CountItem.LIVE) < limit.part(row))
                .boxed()
                .toList();
    }
}
