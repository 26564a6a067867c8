package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.time.Deadline;

import java.time.Instant;

/** Keeps a lease while a pass runs. */
interface Keepalive {

    /** For passes without a lease. */
    Keepalive NOT_NEEDED = new Keepalive() {
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

    /** Renews a turn's lease. */
    static Keepalive of(LeaseStore leases, Trigger holder, Turn.Times times, Instant now, Deadline deadline) {
        return new Keepalive() {
            private Instant dueAt = now.plus(times.renewal());

            @Override
            public Instant dueAt() {
                return dueAt;
            }

            @Override
            public boolean renew(Instant time) {
                dueAt = time.plus(times.renewal());
                return leases.renew(holder.counterId(), holder.identity(), time.plus(times.lease()), deadline);
            }
        };
    }
}
