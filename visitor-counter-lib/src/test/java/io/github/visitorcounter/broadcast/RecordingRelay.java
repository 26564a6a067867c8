package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.time.Deadline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Keeps the orders, for a test to carry out when it wants to. Segments are told at once. */
final class RecordingRelay implements Relay {

    final List<PacerOrder> pacers = new ArrayList<>();
    final List<StragglerOrder> stragglers = new ArrayList<>();
    final List<LateLookOrder> lateLooks = new ArrayList<>();
    final List<SegmentOrder> segments = new ArrayList<>();
    private final Function<SegmentOrder, SegmentReport> teller;

    RecordingRelay(Function<SegmentOrder, SegmentReport> teller) {
        this.teller = teller;
    }

    @Override
    public boolean startPacer(PacerOrder order, Deadline deadline) {
        pacers.add(order);
        return true;
    }

    @Override
    public boolean tellStragglers(StragglerOrder order, Deadline deadline) {
        stragglers.add(order);
        return true;
    }

    @Override
    public boolean lookAgain(LateLookOrder order, Deadline deadline) {
        lateLooks.add(order);
        return true;
    }

    @Override
    public CompletionStage<SegmentReport> tellSegment(SegmentOrder order, Duration timeout) {
        segments.add(order);
        try {
            return CompletableFuture.completedFuture(teller.apply(order));
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }
}
