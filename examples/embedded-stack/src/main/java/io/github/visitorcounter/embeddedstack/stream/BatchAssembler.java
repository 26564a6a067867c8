package io.github.visitorcounter.embeddedstack.stream;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Collects records until a batch is due: it is full, its payload reaches 6 MB, or its window has ended. A window begins
 * with its first record; for records that were read during an invocation, it begins when that invocation ends.
 */
final class BatchAssembler {

    /** Lambda's limit for the payload of a synchronous invocation, less the frame around the records. */
    static final int MAX_BATCH_BYTES = 6 * 1024 * 1024 - 64;

    private final int batchSize;
    private final Duration window;
    private final Clock clock;
    private final Queue<StreamRecord> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private Instant windowEnds = Instant.MIN;

    BatchAssembler(int batchSize, Duration window, Clock clock) {
        this.batchSize = batchSize;
        this.window = window;
        this.clock = clock;
    }

    void add(List<StreamRecord> records) {
        if (waiting.isEmpty() && !records.isEmpty()) {
            windowEnds = clock.instant().plus(window);
        }
        for (StreamRecord one : records) {
            waiting.add(one);
            waitingBytes += one.bytes() + 1;
        }
    }

    /** Begins the window of the collected records, as AWS does when an invocation has completed. */
    void invocationCompleted() {
        windowEnds = clock.instant().plus(window);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Returns whether a batch is due before the window ends. */
    boolean isFull() {
        return waiting.size() >= batchSize || waitingBytes >= MAX_BATCH_BYTES;
    }

    /** Returns the time until the window ends; zero if it has ended or if there are no records. */
    Duration untilDue() {
        Duration remaining = Duration.between(clock.instant(), windowEnds);
        return waiting.isEmpty() || remaining.isNegative() ? Duration.ZERO : remaining;
    }

    /**
     * Removes and returns a batch.
     *
     * @return the records that are due; empty if there are none
     */
    List<StreamRecord> take() {
        if (waiting.isEmpty() || (!isFull() && clock.instant().isBefore(windowEnds))) {
            return List.of();
        }
        List<StreamRecord> batch = new ArrayList<>();
        long bytes = 0;
        for (StreamRecord next = waiting.peek();
                next != null && batch.size() < batchSize && (batch.isEmpty() || bytes + next.bytes() < MAX_BATCH_BYTES);
                next = waiting.peek()) {
            bytes += next.bytes() + 1;
            batch.add(waiting.remove());
        }
        waitingBytes -= bytes;
        return batch;
    }
}
