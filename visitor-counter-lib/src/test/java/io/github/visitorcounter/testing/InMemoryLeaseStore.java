package io.github.visitorcounter.testing;

import io.github.visitorcounter.broadcast.Lease;
import io.github.visitorcounter.broadcast.LeaseStore;
import io.github.visitorcounter.time.Deadline;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Leases in memory. It passes the same contract suite as DynamoDB, so tests may rely on it. Thread-safe. */
public final class InMemoryLeaseStore implements LeaseStore {

    private record Row(Lease lease, @Nullable String holder, Instant leasedUntil) {
        Row with(Lease changed) {
            return new Row(changed, holder, leasedUntil);
        }
    }

    private final Map<String, Row> rows = new HashMap<>();

    private Row row(String counterId) {
        return rows.getOrDefault(counterId, new Row(Lease.NEW, null, Instant.EPOCH));
    }

    private boolean isHeld(String counterId, String holder) {
        return holder.equals(row(counterId).holder());
    }

    @Override
    public synchronized Acquisition acquire(
            String counterId, String holder, Set<String> heirOf, Instant now, Instant expiresAt, Deadline deadline) {
        Row row = row(counterId);
        String current = row.holder();
        boolean free = current == null || !row.leasedUntil().isAfter(now);
        if (free || current.equals(holder) || heirOf.contains(current)) {
            rows.put(counterId, new Row(row.lease(), holder, expiresAt));
            return new Acquisition.Held(row.lease());
        }
        return new Acquisition.Refused(current);
    }

    @Override
    public synchronized boolean leaveTo(String counterId, String holder, long version, Deadline deadline) {
        if (!isHeld(counterId, holder)) {
            return false;
        }
        Row row = row(counterId);
        Lease lease = row.lease();
        long pending = Math.max(lease.pendingVersion(), version);
        rows.put(counterId, row.with(new Lease(lease.sentVersion(), pending, lease.paidUntil(), lease.lastPassAt())));
        return true;
    }

    @Override
    public synchronized boolean renew(String counterId, String holder, Instant expiresAt, Deadline deadline) {
        if (isHeld(counterId, holder)) {
            rows.put(counterId, new Row(row(counterId).lease(), holder, expiresAt));
        }
        return isHeld(counterId, holder);
    }

    @Override
    public synchronized Payment pay(
            String counterId,
            String holder,
            Lease seen,
            Instant paidUntil,
            Instant passAt,
            Instant expiresAt,
            Deadline deadline) {
        if (!isHeld(counterId, holder)) {
            return new Payment.Lost();
        }
        Lease lease = row(counterId).lease();
        boolean othersPaid = differs(lease.paidUntil(), seen.paidUntil());
        boolean othersBegan = differs(lease.lastPassAt(), seen.lastPassAt());
        if (othersPaid || othersBegan) {
            return new Payment.Changed(lease);
        }
        Lease paid = new Lease(lease.sentVersion(), lease.pendingVersion(), paidUntil, passAt);
        rows.put(counterId, new Row(paid, holder, expiresAt));
        return new Payment.Paid(paid);
    }

    private static boolean differs(Instant current, Instant seen) {
        return !current.equals(Instant.EPOCH) && !current.equals(seen);
    }

    @Override
    public synchronized boolean charge(String counterId, Charge charge, Deadline deadline) {
        Row row = row(counterId);
        Lease lease = row.lease();
        Instant from = lease.paidUntil().isAfter(charge.now()) ? lease.paidUntil() : charge.now();
        Instant paidUntil = from.plus(charge.costMicros(), ChronoUnit.MICROS);
        if (paidUntil.isAfter(charge.paidUntilLimit())) {
            return false;
        }
        rows.put(
                counterId,
                row.with(new Lease(lease.sentVersion(), lease.pendingVersion(), paidUntil, lease.lastPassAt())));
        return true;
    }

    @Override
    public synchronized Release release(
            String counterId, String holder, long sentVersion, long settledVersion, Deadline deadline) {
        Lease lease = row(counterId).lease();
        if (!isHeld(counterId, holder)) {
            return lease.sentVersion() == sentVersion ? new Release.Released() : new Release.Lost();
        }
        if (lease.pendingVersion() > settledVersion) {
            return new Release.Pending(lease);
        }
        rows.put(
                counterId,
                new Row(new Lease(sentVersion, 0, lease.paidUntil(), lease.lastPassAt()), null, Instant.EPOCH));
        return new Release.Released();
    }

    @Override
    public synchronized void abandon(String counterId, String holder, Deadline deadline) {
        if (isHeld(counterId, holder)) {
            rows.put(counterId, new Row(row(counterId).lease(), null, Instant.EPOCH));
        }
    }

    @Override
    public synchronized @Nullable State look(String counterId, Deadline deadline) {
        Row row = rows.get(counterId);
        return row == null ? null : new State(row.lease(), row.leasedUntil());
    }
}
