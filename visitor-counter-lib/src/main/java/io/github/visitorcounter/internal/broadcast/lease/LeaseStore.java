package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.internal.time.Deadline;

import java.time.Instant;

/**
 * Decides who may broadcast a counter: one holder at a time, until it releases the lease or the lease expires. Keeps the message
 * budget, too. Each method is one atomic step. Thread-safe.
 *
 * <p>Every method throws {@link io.github.visitorcounter.ServiceUnavailableException} if the store did not answer before the
 * deadline; whether the step was taken is then unknown, and each may be repeated.
 */
public interface LeaseStore {

    /** The answer to {@link #acquire}. */
    sealed interface Acquisition {

        /**
         * The caller holds the lease, and the budget was charged.
         *
         * @param lease what its row says now
         */
        record Held(Lease lease) implements Acquisition {}

        /** Somebody else holds it. */
        record Rejected() implements Acquisition {}

        /** The lease is not as the caller had seen it; nothing was changed. */
        record Changed() implements Acquisition {}
    }

    /**
     * How to take a lease.
     *
     * @param holder the caller's name
     * @param seen the lease as the caller has read it: budget, last pass and sent version must still be the same
     * @param budget what is used of the budget when the pass has been charged
     * @param now the current time: a lease that ended before may be taken over
     * @param leasedUntil until when it is the caller's
     */
    record AcquireRequest(String holder, Lease seen, BudgetUse budget, Instant now, Instant leasedUntil) {}

    /**
     * How to charge messages to the budget.
     *
     * @param now the current time: unused budget of before is not kept longer than {@code usedUntilLimit} allows
     * @param costMicros how much of the budget's time the messages cost, in microseconds
     * @param usedUntilLimit how far the budget may be used up after that
     */
    record Charge(Instant now, long costMicros, Instant usedUntilLimit) {}

    /**
     * Reads a lease consistently.
     *
     * @param counterId whose lease
     * @param deadline when to give up
     * @return what its row says; {@link Lease#NEW} when there is none
     */
    Lease read(String counterId, Deadline deadline);

    /**
     * Takes the lease if it is free or has expired, and charges a pass to the message budget, in one step.
     *
     * @param counterId whose lease
     * @param request how to take it
     * @param deadline when to give up
     * @return whether the caller holds it; a repeated call whose first answer was lost holds it, too
     */
    Acquisition acquire(String counterId, AcquireRequest request, Deadline deadline);

    /**
     * Keeps the lease, also when it has expired and nobody has taken it.
     *
     * @param counterId whose lease
     * @param holder the caller's name
     * @param leasedUntil until when it is the caller's
     * @param deadline when to give up
     * @return false when somebody else has taken it
     */
    boolean renew(String counterId, String holder, Instant leasedUntil, Deadline deadline);

    /**
     * Charges messages outside a pass to the budget, whoever holds the lease, unless too much of it is used up.
     *
     * @param counterId whose budget
     * @param charge how to charge it
     * @param deadline when to give up
     * @return whether the messages may be sent
     */
    boolean charge(String counterId, Charge charge, Deadline deadline);

    /**
     * Releases the lease after a whole pass, and notes what it sent. Does nothing when the caller does not hold it.
     *
     * @param counterId whose lease
     * @param holder the caller's name
     * @param sentVersion the version that everyone was sent
     * @param deadline when to give up
     */
    void release(String counterId, String holder, long sentVersion, Deadline deadline);

    /**
     * Releases the lease in the middle of a pass, and notes what is left of it. Does nothing when the caller does not hold it.
     *
     * @param counterId whose lease
     * @param holder the caller's name
     * @param rest what is left
     * @param deadline when to give up
     */
    void suspend(String counterId, String holder, PassRest rest, Deadline deadline);
}
