package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.CounterFullException;
import io.github.visitorcounter.ServiceUnavailableException;
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
    private final MaxLive limit;

    AvailableShard(CountReader reader, MaxLive limit) {
        this.reader = reader;
        this.limit = limit;
    }

    /**
     * Moves the attempts to a row with capacity.
     *
     * @throws CounterFullException if no row has capacity
     * @throws ServiceUnavailableException if the outcome of an earlier attempt is unknown: it may still be carried out
     *     on the full row; or if the counter does not get its rows in time
     */
    void find(String counterId, CounterWriter.Attempts attempts, Deadline deadline) {
        if (attempts.isUnknown()) {
            throw new ServiceUnavailableException(
                    "The counter " + counterId + " may be full, and it is not known whether the connection was counted",
                    null);
        }
        List<Long> versions = List.of();
        for (int attempt = 0; attempt < MAX_READS; attempt++) {
            CountReader.Reading reading = reader.read(counterId, deadline);
            List<Integer> withCapacity = withCapacity(reading);
            while (withCapacity.isEmpty() && reading.shards().count() < limit.shards()) {
                // A counter that is new, or had no limit. It is not full before it has the rows among which the limit
                // is
                // divided.
                attempts.learn(reading.home());
                attempts.growOrPause(limit.shards());
                reading = reader.read(counterId, deadline);
                withCapacity = withCapacity(reading);
            }
            if (!withCapacity.isEmpty()) {
                attempts.chooseFrom(reading.shards(), withCapacity);
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

    private List<Integer> withCapacity(CountReader.Reading reading) {
        return IntStream.range(0, reading.shards().count())
                .filter(row -> CountItem.number(reading.all().get(row), CountItem.LIVE) < limit.part(row))
                .boxed()
                .toList();
    }
}
