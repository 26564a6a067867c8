package io.github.visitorcounter.internal.testing;

import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.lease.BudgetUse;
import io.github.visitorcounter.internal.broadcast.lease.Lease;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.PassRest;
import io.github.visitorcounter.internal.time.Deadline;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * An in-memory store of leases. It passes the same contract suite as DynamoDB, so tests may rely on it. Thread-safe.
 */
public final class InMemoryLeaseStore implements LeaseStore {

    private final Map<String, Lease> rows = new HashMap<>();

    @Override
    public synchronized Lease read(String counterId, Deadline deadline) {
        return rows.getOrDefault(counterId, Lease.NEW);
    }

    @Override
    public synchronized Acquisition acquire(String counterId, AcquireRequest request, Deadline deadline) {
        Lease row = read(counterId, deadline);
        Lease seen = request.seen();
        if (row.isPassOf(request.holder(), request.count())) {
            return new Acquisition.Held(row);
        }
        if (request.holder().equals(row.holder())) {
            return new Acquisition.Changed();
        }
        if (row.isHeld(request.now())) {
            return new Acquisition.Rejected();
        }
        boolean isNew = row.equals(Lease.NEW) && seen.holder() == null;
        boolean isAsSeen = Objects.equals(row.holder(), seen.holder())
                && row.leasedUntil().equals(seen.leasedUntil())
                && Objects.equals(row.passCount(), seen.passCount())
                && row.budget().usedUntil().equals(seen.budget().usedUntil())
                && row.budget().lastPassAt().equals(seen.budget().lastPassAt())
                && row.sentVersion() == seen.sentVersion()
                && row.awaitingPass() == seen.awaitingPass();
        if (!isNew && !isAsSeen) {
            return new Acquisition.Changed();
        }
        Lease held = new Lease(
                request.holder(),
                request.leasedUntil(),
                row.sentVersion(),
                acquired(row, request),
                row.rest(),
                request.count(),
                request.awaitingPass());
        rows.put(counterId, held);
        return new Acquisition.Held(held);
    }

    @Override
    public synchronized boolean resume(
            String counterId, Lease own, VisitorCount count, Instant leasedUntil, Deadline deadline) {
        Lease row = read(counterId, deadline);
        String holder = Objects.requireNonNull(own.holder());
        if (!holder.equals(row.holder()) || !Objects.equals(row.passCount(), own.passCount())) {
            return row.isPassOf(holder, count);
        }
        rows.put(
                counterId,
                new Lease(holder, leasedUntil, row.sentVersion(), row.budget(), row.rest(), count, row.awaitingPass()));
        return true;
    }

    private static BudgetUse acquired(Lease row, AcquireRequest request) {
        BudgetUse budget = request.budget();
        return new BudgetUse(
                budget.usedUntil(),
                budget.messagesPerSecond(),
                budget.lastPassAt(),
                budget.lastPassMessages(),
                row.budget().uncounted());
    }

    @Override
    public synchronized boolean renew(String counterId, String holder, Instant leasedUntil, Deadline deadline) {
        Lease row = read(counterId, deadline);
        if (!holder.equals(row.holder())) {
            return false;
        }
        rows.put(
                counterId,
                new Lease(
                        holder,
                        leasedUntil,
                        row.sentVersion(),
                        row.budget(),
                        row.rest(),
                        row.passCount(),
                        row.awaitingPass()));
        return true;
    }

    @Override
    public synchronized boolean charge(String counterId, Charge charge, Deadline deadline) {
        Lease row = read(counterId, deadline);
        Instant from =
                row.budget().usedUntil().isAfter(charge.now()) ? row.budget().usedUntil() : charge.now();
        Instant usedUntil = from.plus(charge.costMicros(), ChronoUnit.MICROS);
        if (usedUntil.isAfter(charge.usedUntilLimit())) {
            return false;
        }
        rows.put(
                counterId,
                new Lease(
                        row.holder(),
                        row.leasedUntil(),
                        row.sentVersion(),
                        new BudgetUse(
                                usedUntil,
                                row.budget().messagesPerSecond(),
                                row.budget().lastPassAt(),
                                row.budget().lastPassMessages(),
                                row.budget().uncounted()),
                        row.rest(),
                        row.passCount(),
                        row.awaitingPass() + (charge.leavesToNextPass() ? 1 : 0)));
        return true;
    }

    @Override
    public synchronized void leaveToNextPass(String counterId, Deadline deadline) {
        Lease row = read(counterId, deadline);
        rows.put(
                counterId,
                new Lease(
                        row.holder(),
                        row.leasedUntil(),
                        row.sentVersion(),
                        row.budget(),
                        row.rest(),
                        row.passCount(),
                        row.awaitingPass() + 1));
    }

    @Override
    public synchronized void recordUncounted(String counterId, long uncounted, Deadline deadline) {
        Lease row = read(counterId, deadline);
        BudgetUse use = row.budget();
        if (!use.lastPassAt().equals(Instant.EPOCH)) {
            rows.put(
                    counterId,
                    new Lease(
                            row.holder(),
                            row.leasedUntil(),
                            row.sentVersion(),
                            new BudgetUse(
                                    use.usedUntil(),
                                    use.messagesPerSecond(),
                                    use.lastPassAt(),
                                    use.lastPassMessages(),
                                    uncounted),
                            row.rest(),
                            row.passCount(),
                            row.awaitingPass()));
        }
    }

    @Override
    public synchronized void release(String counterId, String holder, long sentVersion, Deadline deadline) {
        Lease row = read(counterId, deadline);
        if (holder.equals(row.holder())) {
            rows.put(
                    counterId,
                    new Lease(
                            null, Instant.EPOCH, sentVersion, row.budget(), null, row.passCount(), row.awaitingPass()));
        }
    }

    @Override
    public synchronized void suspend(String counterId, String holder, PassRest rest, Deadline deadline) {
        Lease row = read(counterId, deadline);
        if (holder.equals(row.holder())) {
            rows.put(
                    counterId,
                    new Lease(
                            null,
                            Instant.EPOCH,
                            row.sentVersion(),
                            row.budget(),
                            rest,
                            row.passCount(),
                            row.awaitingPass()));
        }
    }
}
