package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.time.Deadline;

import java.time.Instant;

/** Renews a lease while a pass runs. */
interface LeaseRenewer {

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

    /** When to renew the next time. */
    Instant dueAt();

    /** Renews; returns false when the lease is lost. */
    boolean renew(Instant now);

    /** Renews the lease of a trigger. */
    static LeaseRenewer of(LeaseStore leases, BroadcastTrigger holder, Instant now, Deadline deadline) {
        return new LeaseRenewer() {
            private Instant dueAt = now.plus(LeaseProtocol.RENEWAL);

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
