package io.github.visitorcounter.internal.broadcast;

import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.BroadcastReport.Outcome;
import io.github.visitorcounter.broadcast.DeliveryStats;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.delivery.PassPlan;
import io.github.visitorcounter.internal.broadcast.delivery.PassResult;
import io.github.visitorcounter.internal.broadcast.lease.BroadcastTrigger;
import io.github.visitorcounter.internal.broadcast.lease.Lease;
import io.github.visitorcounter.internal.broadcast.lease.LeaseProtocol;
import io.github.visitorcounter.internal.broadcast.lease.LeaseProtocol.End;
import io.github.visitorcounter.internal.broadcast.lease.LeaseProtocol.PassEnd;
import io.github.visitorcounter.internal.broadcast.lease.LeaseRenewer;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStep;
import io.github.visitorcounter.internal.broadcast.lease.PassRest;
import io.github.visitorcounter.internal.connection.PageRequest;
import io.github.visitorcounter.internal.time.Deadline;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs one trigger: the lease protocol, the passes that it allows, and the deliveries to connections known by name. */
final class Broadcast implements LeaseProtocol.Actions {

    private final BroadcastTrigger trigger;
    private final BroadcastContext context;
    private final SegmentInvoker segments;
    private final int fanOutThreshold;
    private final boolean debounced;
    private final Deadline deadline;
    private final FollowUps followUps;
    private final TargetedDelivery targeted;
    private final Instant start;

    private DeliveryStats tally = DeliveryStats.NONE;
    private int passes;
    private boolean reachesAll;
    private long sentVersion;
    private @Nullable Duration changeAge;
    private @Nullable VisitorCount formatted;
    private @Nullable String message;

    Broadcast(
            BroadcastTrigger trigger,
            BroadcastContext context,
            SegmentInvoker segments,
            int fanOutThreshold,
            boolean debouncesDisconnects,
            Deadline deadline) {
        this.trigger = trigger;
        this.context = context;
        this.segments = segments;
        this.fanOutThreshold = fanOutThreshold;
        this.debounced = trigger.onlyDisconnects() && debouncesDisconnects;
        this.deadline = deadline;
        this.followUps = new FollowUps(trigger.counterId(), context.wakeUps(), deadline);
        this.targeted = new TargetedDelivery(trigger, context, followUps, deadline);
        this.start = context.now();
    }

    BroadcastReport run() throws InterruptedException {
        if (trigger.clearsWakeUp()) {
            // Before the count is read: whoever requests a wake-up from here on gets a new one.
            context.wakeUps().clear(trigger.counterId(), deadline);
        }
        End end = new LeaseProtocol(trigger, debounced, context.leaseProtocol(), this, context.allowance(), deadline)
                .run();
        if (!reachesAll) {
            sendByName(end);
        }
        return new BroadcastReport(
                trigger.counterId(),
                outcome(end, tally),
                sentVersion,
                passes,
                tally.plus(targeted.tally()),
                changeAge,
                Duration.between(start, context.now()));
    }

    /** Unless this trigger has begun a whole pass, the connections that it names have been sent nothing. */
    private void sendByName(End end) {
        if (end != End.SENT) {
            // The broadcast to come will reach them, too.
            targeted.sendToNewConnections(false);
        } else if (pagesLag()) {
            // Another broadcast has sent this version, but its pages may have lacked the newest connections.
            targeted.sendToNewConnections(true);
        }
        targeted.followUp();
    }

    private boolean pagesLag() {
        return !context.pass().connections().lag().isZero();
    }

    /** A broadcast that reached nobody must not look like one that did. */
    private static Outcome outcome(End end, DeliveryStats ofPasses) {
        return switch (end) {
            case SENT -> ofPasses.failed() > 0 && ofPasses.delivered() == 0 ? Outcome.UNDELIVERED : Outcome.SENT;
            case LEASE_HELD -> Outcome.LEASE_HELD;
            case WAKE_UP_REQUESTED -> Outcome.DEFERRED;
            case WAKE_UP_OVERDUE -> Outcome.WAKE_UP_OVERDUE;
        };
    }

    @Override
    public long messages(VisitorCount count) {
        return message(count) == null ? 0 : count.live();
    }

    private @Nullable String message(VisitorCount count) {
        if (!count.equals(formatted)) {
            message = context.format().format(count);
            formatted = count;
        }
        return message;
    }

    @Override
    public PassEnd send(VisitorCount count, LeaseStep.Send step) {
        PassRest rest = step.lease().rest();
        long version = rest == null ? count.version() : rest.version();
        String text = message(count);
        if (text == null) {
            return new PassEnd.Complete(version);
        }
        Instant now = context.now();
        List<Connection> named = rest == null && !reachesAll ? named() : List.of();
        begin(count, now);
        reachesAll |= rest == null;
        List<PageRequest> pages =
                rest == null ? FanOut.segments(trigger.counterId(), count.live(), fanOutThreshold) : rest.pages();
        LeaseRenewer lease = LeaseRenewer.of(context.leases(), trigger, step.lease(), deadline);
        FanOut fanOut = new FanOut(
                segments,
                context.pass(),
                lease,
                context.failures(),
                BroadcastContext.passDeadline(deadline),
                plan -> context.pass(plan, lease, deadline));
        PassPlan plan = new PassPlan(text, named, suspects(), pages.size() == 1 ? pages.get(0) : null);
        PassResult result = pages.size() == 1 ? context.pass(plan, lease, deadline) : fanOut.run(plan, pages);

        tally = tally.plus(result.tally()).removed(context.prune(result.toRemove(), deadline));
        charge(step, result);
        if (result.end() == PassResult.End.LEASE_LOST) {
            return new PassEnd.LeaseLost();
        }
        // Before the lease is released: until then, a crash brings the whole pass back.
        boolean mayLack = (pagesLag() || fanOut.lagged()) && !isWholeAudience(step, count, pages.size(), now);
        Instant until = now.plus(FollowUps.GIVE_UP_AFTER);
        followUps.add(version, result.unsent(), result.suspects(), until, 0);
        followUps.leaveRescan(version, mayLack ? now : null, until, 0);
        if (result.end() == PassResult.End.OUT_OF_TIME) {
            PageRequest resumeAt = result.resumeAt();
            return new PassEnd.OutOfTime(new PassRest(version, resumeAt == null ? fanOut.rest() : List.of(resumeAt)));
        }
        sentVersion = version;
        return new PassEnd.Complete(version);
    }

    private void begin(VisitorCount count, Instant now) {
        passes++;
        if (changeAge == null && count.updatedAt() != null) {
            changeAge = Duration.between(count.updatedAt(), now);
        }
    }

    private List<Connection> named() {
        return Stream.concat(
                        trigger.newConnections().stream(),
                        trigger.followUps().stream().flatMap(followUp -> followUp.unsent().stream()))
                .distinct()
                .toList();
    }

    private Set<String> suspects() {
        return trigger.followUps().stream()
                .flatMap(followUp -> followUp.suspects().stream())
                .map(Connection::connectionId)
                .collect(Collectors.toSet());
    }

    /**
     * Charges what the lease was not charged for. The rest of a pass has been paid for with its beginning; but where an audience
     * was divided, its open segments may have been sent already.
     */
    private void charge(LeaseStep.Send step, PassResult result) {
        PassRest rest = step.lease().rest();
        boolean isCharged = rest != null && rest.pages().size() == 1;
        if (!isCharged) {
            context.chargeBeyond(trigger.counterId(), result.tally().posts() - step.chargedMessages(), deadline);
        }
    }

    /**
     * Whether lagging pages and the connections that this trigger names are the whole audience: all changes since the last broadcast
     * are the trigger's own, and whoever was counted before that one is in the index by now.
     */
    private boolean isWholeAudience(LeaseStep.Send step, VisitorCount count, int segments, Instant now) {
        Lease before = step.before();
        return passes == 1
                && segments == 1
                && step.chargedMessages() > 0
                && count.version() - before.sentVersion() == trigger.changes()
                && Duration.between(before.budget().lastPassAt(), now)
                                .compareTo(context.pass().connections().lag())
                        > 0;
    }
}
