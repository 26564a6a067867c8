package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore.AcquireRequest;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore.Acquisition;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;

import java.time.Duration;
import java.time.Instant;

/**
 * The protocol that lets one trigger at a time broadcast a counter and never loses the last change.
 *
 * <p>The protocol is a state machine. Each step has one external effect and returns the next step, so that a test can
 * stop, crash and interleave triggers between any two steps. Its rules:
 *
 * <ul>
 *   <li>The holder's name is the trigger's identity, which is the same at every retry. A trigger that finds its own
 *       name on the lease crashed during a pass: it sends again without checking the budget, because the pass has been
 *       charged and all other triggers are rejected meanwhile. It first records the count that it sends, because the
 *       attempt may still run: Lambda may deliver a batch to two invocations at once.
 *   <li>A trigger that finds the lease held ends without writing anything. The holder reads the count again
 *       <em>after</em> it has released the lease, and finds every change whose trigger was rejected.
 *   <li>A trigger that may not send now (budget, shortest interval, remaining time) requests a wake-up and ends. So
 *       does a trigger that carries only disconnects: a page that reloads connects again before the wake-up, so the
 *       count does not change.
 *   <li>One pending wake-up serves all requests: it first removes the request, then reads the count. A trigger that
 *       probably must wait looks for a pending wake-up before it reads the count, because the count of a busy counter
 *       has several rows.
 *   <li>The lease is read before the count: a version that equals {@link Lease#sentVersion()} has been sent.
 *   <li>Acquiring and charging are one conditional update, which also records the count that the pass sends. It fails
 *       if another pass has begun or was resumed since the lease was read, so no earlier pass has sent a newer count to
 *       any connection.
 *   <li>A count in which pages would see no difference is not sent, and nothing is written. This needs a free lease
 *       without a rest, whose last pass is complete ({@link Lease#sentToAll()}): otherwise some connections may have
 *       been sent other numbers. For the same reason, a trigger that sends other numbers to some connections, or leaves
 *       them to the next pass, records it on the lease first, and then runs the protocol again.
 * </ul>
 */
public final class LeaseProtocol {

    /** The duration of a lease: short, so that it expires soon after its holder has crashed. */
    static final Duration LEASE = Duration.ofSeconds(15);

    /** The longest time without a renewal. */
    static final Duration RENEWAL = Duration.ofSeconds(5);

    /** The minimum remaining time to start a pass; half of the function's timeout if that is shorter. */
    private static final Duration MIN_TIME_FOR_A_PASS = Duration.ofSeconds(10);

    /** How the protocol ended. No change is lost in any case. */
    public enum End {
        /** The newest version has been sent. */
        SENT,
        /** Pages would see no difference between the newest version and the one that all have been sent. */
        UNCHANGED,
        /** Another invocation holds the lease, and will read the count again. */
        LEASE_HELD,
        /** A wake-up will send the newest version. */
        WAKE_UP_REQUESTED,
        /** A wake-up will send the newest version, and an earlier wake-up is overdue. */
        WAKE_UP_OVERDUE
    }

    /** How a pass ended. */
    public sealed interface PassEnd {

        /** The pass has posted this version, or a newer one, to all connections. */
        record Complete(long version) implements PassEnd {}

        /** Some connections have not been posted to. */
        record OutOfTime(PassRest rest) implements PassEnd {}

        /** The lease expired and another trigger has acquired it. */
        record LeaseLost() implements PassEnd {}
    }

    /** The actions of the protocol other than those on the lease. */
    public interface Actions {

        /**
         * Returns the number of messages that a broadcast of this count to this audience will send. Called before the
         * budget is charged, so that a message format that throws costs nothing.
         */
        long messages(VisitorCount count, long audience);

        /** Returns whether pages would see a difference between the count that they have been sent and the newest. */
        boolean isChange(VisitorCount sent, VisitorCount newest);

        /** Sends the count and renews the lease while it sends. */
        PassEnd send(LeaseStep.Send step);
    }

    private final BroadcastTrigger trigger;
    private final boolean debounced;
    private final Ports ports;
    private final Actions actions;
    private final WaitAllowance allowance;
    private final Deadline deadline;
    private final Duration minTimeForAPass;

    /** The ports of the protocol. */
    public record Ports(
            LeaseStore leases, CounterStore counters, WakeUps wakeUps, MessageBudget budget, TimeSource timeSource) {}

    /**
     * Creates the protocol for one trigger.
     *
     * @param debounced whether the trigger always waits for a wake-up
     */
    public LeaseProtocol(
            BroadcastTrigger trigger,
            boolean debounced,
            Ports ports,
            Actions actions,
            WaitAllowance allowance,
            Deadline deadline) {
        this.trigger = trigger;
        this.debounced = debounced;
        this.ports = ports;
        this.actions = actions;
        this.allowance = allowance;
        this.deadline = deadline;
        Duration half = deadline.remaining(now()).dividedBy(2);
        this.minTimeForAPass = half.compareTo(MIN_TIME_FOR_A_PASS) < 0 ? half : MIN_TIME_FOR_A_PASS;
    }

    /** Performs all steps. */
    public LeaseStep.Done run() throws InterruptedException {
        LeaseStep step = new LeaseStep.Read();
        while (!(step instanceof LeaseStep.Done)) {
            step = step.perform(this);
        }
        return (LeaseStep.Done) step;
    }

    LeaseStep read() {
        Lease lease = ports.leases().read(trigger.counterId(), deadline);
        if (trigger.identity().equals(lease.holder())) {
            return new LeaseStep.ReadAgain(lease);
        }
        Instant now = now();
        if (lease.isHeld(now)) {
            return new LeaseStep.Done(End.LEASE_HELD);
        }
        return isWakeUpExpected(lease, now) ? new LeaseStep.FindWakeUp(lease) : new LeaseStep.ReadCount(lease);
    }

    /** Returns whether a wake-up will probably send the count, assuming the audience of the last pass. */
    private boolean isWakeUpExpected(Lease lease, Instant now) {
        BudgetUse use = lease.budget();
        Instant mayWaitUntil = now.plus(WaitAllowance.MAX_WAIT);
        return mayOnlyRequestWakeUp(now)
                || (lease.rest() == null
                        && ports.budget()
                                .nextPassAt(use, use.lastPassMessages(), now)
                                .isAfter(mayWaitUntil));
    }

    private boolean mayOnlyRequestWakeUp(Instant now) {
        return debounced || deadline.remaining(now).compareTo(minTimeForAPass) < 0;
    }

    LeaseStep findWakeUp(LeaseStep.FindWakeUp find) {
        return ports.wakeUps().isPending(trigger.counterId(), now(), deadline)
                ? new LeaseStep.Done(End.WAKE_UP_REQUESTED)
                : new LeaseStep.ReadCount(find.seen());
    }

    LeaseStep readCount(LeaseStep.ReadCount read) {
        Lease lease = read.seen();
        VisitorCount count = ports.counters().read(trigger.counterId(), deadline);
        if (count.version() == lease.sentVersion()) {
            return new LeaseStep.Done(End.SENT);
        }
        Instant now = now();
        if (lease.isSame(count, actions::isChange) && !lease.isOld(now)) {
            return new LeaseStep.Done(End.UNCHANGED, lease);
        }
        if (mayOnlyRequestWakeUp(now)) {
            return new LeaseStep.RequestWakeUp();
        }
        LeaseStep.Acquire acquire = new LeaseStep.Acquire(lease, count);
        if (lease.rest() != null) {
            return acquire;
        }
        Duration wait = Duration.between(now, ports.budget().nextPassAt(lease.budget(), lease.audience(count), now));
        if (wait.isNegative() || wait.isZero()) {
            return acquire;
        }
        return allowance.grants(wait) ? new LeaseStep.Pause(wait, read) : new LeaseStep.RequestWakeUp();
    }

    LeaseStep requestWakeUp() {
        WakeUps.Request request = ports.wakeUps().request(trigger.counterId(), now(), deadline);
        return new LeaseStep.Done(request == WakeUps.Request.OVERDUE ? End.WAKE_UP_OVERDUE : End.WAKE_UP_REQUESTED);
    }

    LeaseStep pause(LeaseStep.Pause pause) throws InterruptedException {
        ports.timeSource().sleep(pause.time());
        return pause.next();
    }

    LeaseStep acquire(LeaseStep.Acquire acquire) {
        Lease seen = acquire.seen();
        Instant now = now();
        boolean isNewPass = seen.rest() == null;
        long messages = isNewPass ? actions.messages(acquire.count(), seen.audience(acquire.count())) : 0;
        BudgetUse budget = isNewPass ? ports.budget().afterPass(seen.budget(), messages, now) : seen.budget();
        Acquisition answer = ports.leases()
                .acquire(
                        trigger.counterId(),
                        new AcquireRequest(trigger.identity(), seen, acquire.count(), budget, now, now.plus(LEASE)),
                        deadline);
        if (answer instanceof Acquisition.Held held) {
            return new LeaseStep.Send(acquire.count(), held.lease(), seen, messages);
        }
        return answer instanceof Acquisition.Rejected ? new LeaseStep.Done(End.LEASE_HELD) : new LeaseStep.Read();
    }

    LeaseStep readAgain(LeaseStep.ReadAgain read) {
        return new LeaseStep.Resume(read.own(), ports.counters().read(trigger.counterId(), deadline));
    }

    LeaseStep resume(LeaseStep.Resume resume) {
        Lease own = resume.own();
        boolean held = ports.leases().resume(trigger.counterId(), own, resume.count(), now().plus(LEASE), deadline);
        return held ? new LeaseStep.Send(resume.count(), own, own, 0) : new LeaseStep.Read();
    }

    LeaseStep send(LeaseStep.Send send) {
        PassEnd end = actions.send(send);
        if (end instanceof PassEnd.Complete complete) {
            return new LeaseStep.Release(complete.version());
        }
        return end instanceof PassEnd.OutOfTime outOfTime
                ? new LeaseStep.Suspend(outOfTime.rest())
                : new LeaseStep.Read();
    }

    LeaseStep release(LeaseStep.Release release) {
        ports.leases().release(trigger.counterId(), trigger.identity(), release.sentVersion(), deadline);
        return new LeaseStep.Read();
    }

    LeaseStep suspend(LeaseStep.Suspend suspend) {
        ports.leases().suspend(trigger.counterId(), trigger.identity(), suspend.rest(), deadline);
        return new LeaseStep.RequestWakeUp();
    }

    private Instant now() {
        return ports.timeSource().now();
    }
}
