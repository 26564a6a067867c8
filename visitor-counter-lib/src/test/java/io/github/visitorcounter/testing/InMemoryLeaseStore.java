package io.github.visitorcounter.testing;

import io.github.visitorcounter.internal.broadcast.lease.Lease;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.PassRest;
import io.github.visitorcounter.internal.time.Deadline;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/** Leases in memory. It passes the same contract suite as DynamoDB, so tests may rely on it. Thread-safe. */
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
        if (request.holder().equals(row.holder())) {
            return new Acquisition.Held(row);
        }
        if (row.isHeld(request.now())) {
            return new Acquisition.Rejected();
        }
        boolean isNew = row.equals(Lease.NEW);
        boolean isAsSeen = row.budgetUsedUntil().equals(seen.budgetUsedUntil())
                && row.lastPassAt().equals(seen.lastPassAt())
                && row.sentVersion() == seen.sentVersion();
        if (!isNew && !isAsSeen) {
            return new Acquisition.Changed();
        }
        Lease held = new Lease(
                request.holder(),
                request.leasedUntil(),
                row.sentVersion(),
                request.budgetUsedUntil(),
                request.chargedBudget(),
                request.passAt(),
                row.rest());
        rows.put(counterId, held);
        return new Acquisition.Held(held);
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
                        row.budgetUsedUntil(),
                        row.chargedBudget(),
                        row.lastPassAt(),
                        row.rest()));
        return true;
    }

    @Override
    public synchronized boolean charge(String counterId, Charge charge, Deadline deadline) {
        Lease row = read(counterId, deadline);
        Instant from = row.budgetUsedUntil().isAfter(charge.now()) ? row.budgetUsedUntil() : charge.now();
        Instant budgetUsedUntil = from.plus(charge.costMicros(), ChronoUnit.MICROS);
        if (budgetUsedUntil.isAfter(charge.paidUntilLimit())) {
            return false;
        }
        rows.put(
                counterId,
                new Lease(
                        row.holder(),
                        row.leasedUntil(),
                        row.sentVersion(),
                        budgetUsedUntil,
                        row.chargedBudget(),
                        row.lastPassAt(),
                        row.rest()));
        return true;
    }

    @Override
    public synchronized void release(String counterId, String holder, long sentVersion, Deadline deadline) {
        Lease row = read(counterId, deadline);
        if (holder.equals(row.holder())) {
            rows.put(
                    counterId,
                    new Lease(
                            null,
                            Instant.EPOCH,
                            sentVersion,
                            row.budgetUsedUntil(),
                            row.chargedBudget(),
                            row.lastPassAt(),
                            null));
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
                            row.budgetUsedUntil(),
                            row.chargedBudget(),
                            row.lastPassAt(),
                            rest));
        }
    }
}
