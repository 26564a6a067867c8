package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.time.Deadline;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Set;

/**
 * Decides who may broadcast a counter: one holder at a time, until it lets go or its lease expires. Each method is one atomic
 * step. Thread-safe.
 *
 * <p>Every method throws {@link io.github.visitorcounter.ServiceUnavailableException} if the store did not answer before the
 * deadline; whether the step was taken is then unknown.
 */
public interface LeaseStore {

    /** The answer to {@link #acquire}. */
    sealed interface Acquisition {

        /**
         * The caller holds the lease.
         *
         * @param lease what its row says
         */
        record Held(Lease lease) implements Acquisition {}

        /**
         * Somebody else holds it.
         *
         * @param holder who
         */
        record Refused(String holder) implements Acquisition {}
    }

    /** The answer to {@link #release}. */
    sealed interface Release {

        /** The lease is free, or has been let go of before by an attempt whose answer was lost. */
        record Released() implements Release {}

        /**
         * Others left a newer version to the caller, who still holds the lease.
         *
         * @param lease what its row says
         */
        record Pending(Lease lease) implements Release {}

        /** The caller did not hold the lease any more. */
        record Lost() implements Release {}
    }

    /** The answer to {@link #pay}. */
    sealed interface Payment {

        /**
         * The budget was charged.
         *
         * @param lease what the row says now
         */
        record Paid(Lease lease) implements Payment {}

        /**
         * Others have charged the budget meanwhile, or begun a pass under the same name; nothing was charged now.
         *
         * @param lease what the row says
         */
        record Changed(Lease lease) implements Payment {}

        /** The caller did not hold the lease any more. */
        record Lost() implements Payment {}
    }

    /**
     * Takes the lease if it is free, expired, or held by one of the given names; a holder that comes back finds its own.
     *
     * @param counterId whose lease
     * @param holder the caller's name
     * @param heirOf names whose lease the caller may take over; its own need not be among them
     * @param now the current time
     * @param expiresAt until when it is the caller's
     * @param deadline when to give up
     * @return whether the caller holds it
     */
    Acquisition acquire(
            String counterId, String holder, Set<String> heirOf, Instant now, Instant expiresAt, Deadline deadline);

    /**
     * Leaves a version to the holder: it will not let go before it has sent it.
     *
     * @param counterId whose lease
     * @param holder who held it when the caller was refused
     * @param version what must be sent
     * @param deadline when to give up
     * @return false when that holder no longer has it, so that nobody promised anything
     */
    boolean leaveTo(String counterId, String holder, long version, Deadline deadline);

    /**
     * Keeps the lease.
     *
     * @param counterId whose lease
     * @param holder the caller's name
     * @param expiresAt until when it is the caller's
     * @param deadline when to give up
     * @return false when the caller did not hold it any more
     */
    boolean renew(String counterId, String holder, Instant expiresAt, Deadline deadline);

    /**
     * Charges a pass to the message budget, and keeps the lease.
     *
     * @param counterId whose lease
     * @param holder the caller's name
     * @param seen the lease as the caller knows it
     * @param paidUntil how far the budget is used up after that
     * @param passAt when the pass begins
     * @param expiresAt until when the lease is the caller's
     * @param deadline when to give up
     * @return whether it was charged
     */
    Payment pay(
            String counterId,
            String holder,
            Lease seen,
            Instant paidUntil,
            Instant passAt,
            Instant expiresAt,
            Deadline deadline);

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
     * Lets go, unless somebody left a newer version to the caller.
     *
     * @param counterId whose lease
     * @param holder the caller's name
     * @param sentVersion what everyone was told
     * @param settledVersion what had been left to the caller up to here is settled; at least {@code sentVersion}
     * @param deadline when to give up
     * @return whether it is free
     */
    Release release(String counterId, String holder, long sentVersion, long settledVersion, Deadline deadline);

    /**
     * Lets go although a newer version may be pending, which stays noted.
     *
     * @param counterId whose lease
     * @param holder the caller's name
     * @param deadline when to give up
     */
    void abandon(String counterId, String holder, Deadline deadline);

    /**
     * Looks at a lease without taking it.
     *
     * @param counterId whose lease
     * @param deadline when to give up
     * @return what its row says, or null when the counter was never broadcast
     */
    @Nullable
    State look(String counterId, Deadline deadline);

    /**
     * What a lease's row says.
     *
     * @param lease what its holder needs to know
     * @param heldUntil when its holder's time is over or was; {@link Instant#EPOCH} when nobody holds it
     */
    record State(Lease lease, Instant heldUntil) {}

    /**
     * How to charge messages to the budget.
     *
     * @param now the current time: unused budget of before is not kept longer than {@code paidUntilLimit} allows
     * @param costMicros how much of the budget's time the messages cost, in microseconds
     * @param paidUntilLimit how far the budget may be used up after that
     */
    record Charge(Instant now, long costMicros, Instant paidUntilLimit) {}
}
