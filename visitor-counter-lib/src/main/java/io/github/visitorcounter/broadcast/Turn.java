package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.broadcast.LeaseStore.Acquisition;
import io.github.visitorcounter.broadcast.LeaseStore.Payment;
import io.github.visitorcounter.broadcast.LeaseStore.Release;
import io.github.visitorcounter.count.CounterStore;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Timekeeper;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * A trigger's turn at broadcasting a counter: the protocol by which one of them at a time tells everyone, and none forgets
 * the last change.
 *
 * <p>It is a state machine. Each {@link #perform} takes one step: it does one thing to the outside world and says what comes
 * next, so that a test can stop, crash and interleave turns between any two steps. The rules, and what each is for:
 *
 * <ul>
 *   <li>The holder's name is its trigger's identity, the same at every retry: the retry of a crashed holder finds its own
 *       lease and goes on.
 *   <li>Who is refused leaves its version to the very holder that refused it, and starts again when that one has let go: a
 *       change is always somebody's duty.
 *   <li>The holder lets go only when nothing newer was left to it; otherwise it goes on.
 *   <li>A stream's turn never waits for the pace, because its shard stands still meanwhile. It starts a pacer, which takes the
 *       lease over from it; it keeps the lease until then, so that a crash between the two loses nothing.
 *   <li>Who brings only departures lingers before its turn, so that who comes back in time was never away. It holds the lease
 *       meanwhile, by another name: other departures are left to it, and who brings anything else takes the lease from it and
 *       tells everyone at once. Nothing can be lost by that: whoever takes the lease reads the count afterwards.
 * </ul>
 */
final class Turn {

    /** How a turn ends. */
    enum End {
        /** Everyone was told, or had been. */
        SENT,
        /** The holder will tell everyone. */
        LEFT_TO_HOLDER,
        /** A pacer will tell everyone. */
        HANDED_ON,
        /** The stream will start afresh. */
        LEFT_TO_STREAM,
        /** The lease expired and somebody else has it. */
        LOST
    }

    /** What a turn does to the world apart from the lease. */
    interface Actions {

        /** Tells everyone, and keeps the lease meanwhile; {@code before} is the lease before this pass. */
        PassEnd send(VisitorCount count, Lease before);

        /** Tells this count to those whom the parent's pass did not reach, and keeps the lease meanwhile. */
        PassEnd sendRest(VisitorCount count);

        /** Starts a pacer that may take the lease over; returns false when that is not allowed. */
        boolean handOn(Trigger from);

        /** Touches the counter's row, so that the stream has a record of it. */
        void touch(String counterId);
    }

    /** How a pass ended. */
    sealed interface PassEnd {

        /** Everyone had their turn, and has been told this version or a newer one. */
        record Complete(long version) implements PassEnd {}

        /** Some were not reached. */
        record OutOfTime() implements PassEnd {}

        /** The lease expired meanwhile and somebody else has it. */
        record LeaseLost() implements PassEnd {}
    }

    /**
     * The times of the protocol.
     *
     * @param lease how long a lease lasts: short, so that it is free soon after its holder died
     * @param renewal the longest wait without renewing it
     * @param leastTimeForAPass with less time left, a turn is handed on instead; a function whose whole time is short begins
     *     a pass in the first half of it
     * @param mostHops pacers in a row; Lambda stops chains of about 16 invocations
     */
    record Times(Duration lease, Duration renewal, Duration leastTimeForAPass, int mostHops) {

        static final Times STANDARD =
                new Times(Duration.ofSeconds(15), Duration.ofSeconds(5), Duration.ofSeconds(10), 8);
    }

    private final Trigger trigger;
    private final LeaseStore leases;
    private final CounterStore counters;
    private final Actions actions;
    private final Pace pace;
    private final Times times;
    private final Timekeeper timekeeper;
    private final Deadline deadline;
    private final Duration leastTimeForAPass;

    Turn(
            Trigger trigger,
            LeaseStore leases,
            CounterStore counters,
            Actions actions,
            Pace pace,
            Times times,
            Timekeeper timekeeper,
            Deadline deadline) {
        this.trigger = trigger;
        this.leases = leases;
        this.counters = counters;
        this.actions = actions;
        this.pace = pace;
        this.times = times;
        this.timekeeper = timekeeper;
        this.deadline = deadline;
        Duration half = deadline.remaining(timekeeper.now()).dividedBy(2);
        this.leastTimeForAPass = half.compareTo(times.leastTimeForAPass()) < 0 ? half : times.leastTimeForAPass();
    }

    /** Takes the whole turn. */
    End run() throws InterruptedException {
        Step step = new Step.Acquire();
        while (!(step instanceof Step.Done)) {
            step = perform(step);
        }
        return ((Step.Done) step).end();
    }

    /** Takes one step. */
    Step perform(Step step) throws InterruptedException {
        if (step instanceof Step.Acquire acquire) {
            return acquire(acquire);
        } else if (step instanceof Step.Linger) {
            return linger();
        } else if (step instanceof Step.Refused refused) {
            return new Step.LeaveToHolder(refused.holder(), readCount().version());
        } else if (step instanceof Step.LeaveToHolder leave) {
            return leaveToHolder(leave);
        } else if (step instanceof Step.Decide decide) {
            return decide(decide.lease());
        } else if (step instanceof Step.Continue rest) {
            return end(rest.lease(), actions.sendRest(readCount()), 0);
        } else if (step instanceof Step.Pay pay) {
            return pay(pay);
        } else if (step instanceof Step.Send send) {
            return end(
                    send.lease(),
                    actions.send(send.count(), send.before()),
                    send.before().pendingVersion());
        } else if (step instanceof Step.LetGo letGo) {
            return letGo(letGo);
        } else if (step instanceof Step.Wait wait) {
            return await(wait);
        } else if (step instanceof Step.HandOn handOn) {
            return handOn(handOn);
        } else if (step instanceof Step.Abandon abandon) {
            leases.abandon(trigger.counterId(), abandon.name(), deadline);
            return new Step.Touch();
        } else if (step instanceof Step.Touch) {
            actions.touch(trigger.counterId());
            return new Step.Done(End.LEFT_TO_STREAM);
        }
        throw new IllegalArgumentException("The turn is over: " + step);
    }

    private Step acquire(Step.Acquire acquire) {
        Instant now = timekeeper.now();
        boolean lingers = trigger.lingers(now);
        String name = lingers ? trigger.lingeringName() : trigger.identity();
        Set<String> heirOf = trigger.heirOf();
        if (acquire.lingering() != null) {
            heirOf.add(acquire.lingering());
        }
        Acquisition answer = leases.acquire(trigger.counterId(), name, heirOf, now, now.plus(times.lease()), deadline);
        if (answer instanceof Acquisition.Refused refused) {
            return !lingers && Trigger.isLingering(refused.holder())
                    ? new Step.Acquire(refused.holder())
                    : new Step.Refused(refused.holder());
        }
        if (lingers) {
            return new Step.Linger();
        }
        Lease lease = ((Acquisition.Held) answer).lease();
        return trigger.continues() ? new Step.Continue(lease) : new Step.Decide(lease);
    }

    /** Where this ends in another's hands, that one has read, or will read, a count with the departure in it. */
    private Step linger() throws InterruptedException {
        Instant now = timekeeper.now();
        if (!trigger.lingers(now)) {
            return new Step.Acquire();
        }
        if (!trigger.mayWait() || isShort(now)) {
            if (trigger.hop() < times.mostHops() && actions.handOn(trigger)) {
                return new Step.Done(End.HANDED_ON);
            }
            if (isShort(now)) {
                return new Step.Abandon(trigger.lingeringName());
            }
        }
        pause(Duration.between(now, trigger.lingersUntil()));
        Instant expiresAt = timekeeper.now().plus(times.lease());
        boolean held = leases.renew(trigger.counterId(), trigger.lingeringName(), expiresAt, deadline);
        return held ? new Step.Linger() : new Step.Done(End.LEFT_TO_HOLDER);
    }

    private Step leaveToHolder(Step.LeaveToHolder leave) {
        boolean promised = leases.leaveTo(trigger.counterId(), leave.holder(), leave.version(), deadline);
        return promised ? new Step.Done(End.LEFT_TO_HOLDER) : new Step.Acquire();
    }

    /** The count is read while the lease is held: what is sent is not older than anything that was sent or left before. */
    private Step decide(Lease lease) {
        VisitorCount count = readCount();
        if (count.version() == lease.sentVersion()) {
            return new Step.LetGo(count.version(), lease.pendingVersion());
        }
        Instant now = timekeeper.now();
        Duration wait = Duration.between(now, pace.nextPassAt(lease, count.live()));
        if (!isPositive(wait)) {
            return isShort(now) ? new Step.HandOn(lease) : new Step.Pay(lease, count);
        }
        return trigger.mayWait() && !isShort(now) ? new Step.Wait(lease, wait) : new Step.HandOn(lease);
    }

    private Step pay(Step.Pay pay) {
        Instant now = timekeeper.now();
        Payment answer = leases.pay(
                trigger.counterId(),
                trigger.identity(),
                pay.lease(),
                pace.paidUntil(pay.lease(), pay.count().live(), now),
                now,
                now.plus(times.lease()),
                deadline);
        if (answer instanceof Payment.Paid paid) {
            return new Step.Send(paid.lease(), pay.count(), pay.lease());
        }
        return answer instanceof Payment.Changed changed ? new Step.Decide(changed.lease()) : new Step.Done(End.LOST);
    }

    private static Step end(Lease lease, PassEnd end, long settled) {
        if (end instanceof PassEnd.Complete complete) {
            return new Step.LetGo(complete.version(), settled);
        }
        return end instanceof PassEnd.OutOfTime ? new Step.HandOn(lease) : new Step.Done(End.LOST);
    }

    /**
     * What was left to this holder before it read the count is settled even if it is a higher version: then the counter was
     * lost meanwhile and starts again at one.
     */
    private Step letGo(Step.LetGo letGo) {
        Release answer = leases.release(
                trigger.counterId(),
                trigger.identity(),
                letGo.sentVersion(),
                Math.max(letGo.sentVersion(), letGo.settled()),
                deadline);
        if (answer instanceof Release.Pending pending) {
            return new Step.Decide(pending.lease().sent(letGo.sentVersion()));
        }
        return new Step.Done(answer instanceof Release.Released ? End.SENT : End.LOST);
    }

    private Step await(Step.Wait wait) throws InterruptedException {
        pause(wait.time());
        Instant expiresAt = timekeeper.now().plus(times.lease());
        boolean held = leases.renew(trigger.counterId(), trigger.identity(), expiresAt, deadline);
        return held ? new Step.Decide(wait.lease()) : new Step.Done(End.LOST);
    }

    private void pause(Duration atMost) throws InterruptedException {
        timekeeper.sleep(atMost.compareTo(times.renewal()) < 0 ? atMost : times.renewal());
    }

    private Step handOn(Step.HandOn handOn) {
        if (trigger.hop() >= times.mostHops()) {
            return new Step.Abandon(trigger.identity());
        }
        if (actions.handOn(trigger)) {
            return new Step.Done(End.HANDED_ON);
        }
        // Not allowed to start a pacer: wait here, and when there is no time for that, let the stream start afresh.
        return isShort(timekeeper.now())
                ? new Step.Abandon(trigger.identity())
                : new Step.Wait(handOn.lease(), times.renewal());
    }

    private VisitorCount readCount() {
        return counters.read(trigger.counterId(), deadline);
    }

    private boolean isShort(Instant now) {
        return deadline.remaining(now).compareTo(leastTimeForAPass) < 0;
    }

    private static boolean isPositive(Duration duration) {
        return duration.compareTo(Duration.ZERO) > 0;
    }
}
