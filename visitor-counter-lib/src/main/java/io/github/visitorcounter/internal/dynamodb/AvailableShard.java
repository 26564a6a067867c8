package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.CounterFullException;
import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.internal.count.MaxLive;
import io.github.visitorcounter.internal.time.Deadline;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Looks for room in a counter with a limit when one of its rows is full. Each row has a fixed part of the limit; a row that is full
 * says nothing about the others. Thread-safe.
 */
final class AvailableShard {

    /** Two looks that see the same versions saw the counter full at one moment; where it changes all the while, three must do. */
    private static final int MAX_LOOKS = 3;

    private final CountReader reader;
    private final MaxLive limit;

    AvailableShard(CountReader reader, MaxLive limit) {
        this.reader = reader;
        this.limit = limit;
    }

    /**
     * Takes a row that has room.
     *
     * @throws CounterFullException if none has
     * @throws ServiceUnavailableException if the row that is full must not be left, because an attempt on it may still be carried out
     */
    void find(String counterId, CounterWriter.Attempts attempts, Deadline deadline) {
        if (attempts.isUnknown()) {
            throw new ServiceUnavailableException(
                    "The counter " + counterId + " may be full, and it is not known whether the connection was counted",
                    null);
        }
        List<Long> versions = List.of();
        for (int look = 0; look < MAX_LOOKS; look++) {
            CountReader.Reading reading = reader.read(counterId, deadline);
            if (reading.shards().count() < limit.shards()) {
                // A counter that is new, or had no limit: from now on it has the rows among which the limit is divided.
                attempts.learn(reading.home());
                if (attempts.grow(limit.shards())) {
                    reading = reader.read(counterId, deadline);
                }
            }
            List<Integer> withRoom = withRoom(reading);
            if (!withRoom.isEmpty()) {
                attempts.takeOneOf(reading.shards(), withRoom);
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

    private List<Integer> withRoom(CountReader.Reading reading) {
        return IntStream.range(0, reading.shards().count())
                .filter(row -> CountItem.number(reading.all().get(row), CountItem.LIVE) < limit.part(row))
                .boxed()
                .toList();
    }
}
