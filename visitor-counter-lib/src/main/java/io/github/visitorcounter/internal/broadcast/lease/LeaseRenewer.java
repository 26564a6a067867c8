package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.internal.time.Deadline;

import java.time.Instant;

/** Renews a lease while a pass runs. */
public interface LeaseRenewer {

    /** For passes without a lease. */
    LeaseRenewer NOT_NEEDED = new LeaseRenewer() {
        @Override
        public Instant dueAt() {
            return Instant.MAX;
        }

        @Override
        public boolean renew(Instant now) {
            return true;
        }
    };

    /** Returns when the next renewal is due. */
    Instant dueAt();

    /** Renews the lease; returns false if another trigger has acquired it. */
    boolean renew(Instant now);

    /** Returns a renewer of a trigger's lease. The first renewal is due at once if the lease was acquired long ago. */
    static LeaseRenewer of(LeaseStore leases, BroadcastTrigger holder, Lease lease, Deadline deadline) {
        return new LeaseRenewer() {
            private Instant dueAt =
                    lease.leasedUntil().minus(LeaseProtocol.LEASE).plus(LeaseProtocol.RENEWAL);

            @Override
            public Instant dueAt() {
                return dueAt;
            }

            @Override
            public boolean renew(Instant time) {
                dueAt = time.plus(LeaseProtocol.RENEWAL);
                return leases.renew(holder.counterId(), holder.identity(), time.plus(LeaseProtocol.LEASE), deadline);
            }
        };
    }
}
