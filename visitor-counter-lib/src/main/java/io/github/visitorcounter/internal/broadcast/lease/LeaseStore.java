package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.time.Deadline;

import java.time.Instant;

/**
 * Stores the lease and the message budget of each counter. One holder at a time may broadcast a counter, until it
 * releases the lease or the lease expires. Each method is one atomic step. Thread-safe.
 *
 * <p>Every method throws {@link io.github.visitorcounter.ServiceUnavailableException} if the store did not answer
 * before the deadline. The step may then have been applied or not; every step may be repeated.
 */
public interface LeaseStore {

    /** The result of {@link #acquire}. */
    sealed interface Acquisition {

        /**
         * The caller holds the lease, and the budget was charged.
         *
         * @param lease the lease after the update
         */
        record Held(Lease lease) implements Acquisition {}

        /** Another trigger holds the lease. */
        record Rejected() implements Acquisition {}

        /** The lease has changed since the caller read it; nothing was updated. */
        record Changed() implements Acquisition {}
    }

    /**
     * A request to acquire a lease.
     *
     * @param holder the caller's identity
     * @param seen the lease that the caller has read; its holder, budget, last pass, sent version and waiting
     *     connections must be unchanged, and it must not have been renewed
     * @param count the count that the pass will send, read after the lease
     * @param budget the used part of the budget after the pass is charged
     * @param now the current time; a lease that expired earlier can be acquired
     * @param leasedUntil when the acquired lease expires
     */
    record AcquireRequest(
            String holder, Lease seen, VisitorCount count, BudgetUse budget, Instant now, Instant leasedUntil) {

        /**
         * Returns {@link Lease#awaitingPass()} after the update. A new pass, one without a rest, includes the
         * connections that waited for it. The first pass of a counter is no proof of what pages show: before it was
         * begun, a page that asked may have been answered with a newer count. So the next change is sent to all.
         *
         * @return how many connections wait for the next pass
         */
        public long awaitingPass() {
            if (seen.rest() != null) {
                return seen.awaitingPass();
            }
            return seen.shown(count) == null ? 1 : 0;
        }
    }

    /**
     * A charge of messages to the budget.
     *
     * @param now the current time; budget that was unused before it is not kept
     * @param costMicros the cost of the messages as time of the budget, in microseconds
     * @param usedUntilLimit the latest allowed {@link BudgetUse#usedUntil()} after the charge
     * @param leavesToNextPass whether the messages leave their connections to the next pass, as
     *     {@link #leaveToNextPass} does; not if the charge is rejected
     * @param expectsUnused whether the budget was not in use when the caller read it: what the store tries first
     */
    record Charge(
            Instant now, long costMicros, Instant usedUntilLimit, boolean leavesToNextPass, boolean expectsUnused) {}

    /**
     * Reads a lease consistently.
     *
     * @param counterId the counter
     * @param deadline when to give up
     * @return the lease; {@link Lease#NEW} if it has no row
     */
    Lease read(String counterId, Deadline deadline);

    /**
     * Acquires the lease if it is free or has expired, and charges a pass to the message budget, in one step.
     *
     * @param counterId the counter
     * @param request the request
     * @param deadline when to give up
     * @return whether the caller holds the lease for a pass of this count; a call that repeats an applied one returns
     *     {@link Acquisition.Held}, too
     */
    Acquisition acquire(String counterId, AcquireRequest request, Deadline deadline);

    /**
     * Renews the caller's lease, even if it has expired, and records the count that a pass will send again.
     *
     * @param counterId the counter
     * @param own the lease that the caller has read, which it holds; no other pass must have begun since
     * @param count the count that the pass will send, read after the lease
     * @param leasedUntil when the renewed lease expires
     * @param deadline when to give up
     * @return false if the caller does not hold the lease any more, or another pass has begun; nothing was updated
     */
    boolean resume(String counterId, Lease own, VisitorCount count, Instant leasedUntil, Deadline deadline);

    /**
     * Renews the lease, even if it has expired, unless another trigger has acquired it.
     *
     * @param counterId the counter
     * @param holder the caller's identity
     * @param leasedUntil when the renewed lease expires
     * @param deadline when to give up
     * @return false if the caller does not hold the lease
     */
    boolean renew(String counterId, String holder, Instant leasedUntil, Deadline deadline);

    /**
     * Charges messages outside a pass to the budget, if the limit of the charge allows it. Needs no lease.
     *
     * @param counterId the counter
     * @param charge the charge
     * @param deadline when to give up
     * @return whether the messages may be sent
     */
    boolean charge(String counterId, Charge charge, Deadline deadline);

    /**
     * Records that connections are left to the next pass: until one was begun, {@link Lease#awaitingPass()} is above
     * zero. Needs no lease. The caller must run the protocol again afterwards.
     *
     * @param counterId the counter
     * @param deadline when to give up
     */
    void leaveToNextPass(String counterId, Deadline deadline);

    /**
     * Records {@link BudgetUse#uncounted()}. Needs no lease.
     *
     * @param counterId the counter
     * @param uncounted the number of connections beyond {@code live}
     * @param deadline when to give up
     */
    void recordUncounted(String counterId, long uncounted, Deadline deadline);

    /**
     * Releases the lease after a complete pass and records the sent version. Does nothing if the caller does not hold
     * the lease.
     *
     * @param counterId the counter
     * @param holder the caller's identity
     * @param sentVersion the version that the pass has sent
     * @param deadline when to give up
     */
    void release(String counterId, String holder, long sentVersion, Deadline deadline);

    /**
     * Releases the lease during a pass and records the rest of the pass. Does nothing if the caller does not hold the
     * lease.
     *
     * @param counterId the counter
     * @param holder the caller's identity
     * @param rest the rest of the pass
     * @param deadline when to give up
     */
    void suspend(String counterId, String holder, PassRest rest, Deadline deadline);
}
