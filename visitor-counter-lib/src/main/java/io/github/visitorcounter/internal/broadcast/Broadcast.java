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

/**
 * Broadcasts for one trigger: runs the lease protocol, its passes, and the posts to connections that the trigger names.
 */
final class Broadcast implements LeaseProtocol.Actions {

    private final BroadcastTrigger trigger;
    private final BroadcastContext context;
    private final SegmentInvoker segments;
    private final int fanOutThreshold;
    private final boolean debounced;
    private final boolean watchers;
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
            Broadcaster.Settings settings,
            Deadline deadline) {
        this.trigger = trigger;
        this.context = context;
        this.segments = segments;
        this.fanOutThreshold = settings.fanOutThreshold();
        this.debounced = trigger.onlyDisconnects() && settings.debouncesDisconnects();
        this.watchers = settings.watchers();
        this.deadline = deadline;
        this.followUps = new FollowUps(trigger.counterId(), context.wakeUps(), deadline);
        this.targeted = new TargetedDelivery(trigger, context, followUps, deadline);
        this.start = context.now();
    }

    BroadcastReport run() throws InterruptedException {
        if (trigger.clearsWakeUp()) {
            // Before the count is read: a later request must write a new wake-up.
            context.wakeUps().clear(trigger.counterId(), deadline);
        }
        LeaseProtocol protocol =
                new LeaseProtocol(trigger, debounced, context.leaseProtocol(), this, context.allowance(), deadline);
        LeaseStep.Done done = protocol.run();
        if (!reachesAll && sendByName(done)) {
            done = protocol.run();
        }
        return new BroadcastReport(
                trigger.counterId(),
                outcome(done.end()),
                sentVersion,
                passes,
                tally.plus(targeted.tally()),
                changeAge,
                Duration.between(start, context.now()));
    }

    /**
     * Posts to the connections that the trigger names. A complete pass of this trigger includes them already. Returns
     * whether connections were left to the next pass, so that the protocol must run again: the trigger on which it
     * relied may have found nothing to send before that.
     */
    private boolean sendByName(LeaseStep.Done done) {
        // If another broadcast has sent this version, only pages that lag may have missed the newest connections.
        if (done.end() != End.SENT || pagesLag()) {
            targeted.sendToNewConnections(done.unchanged());
        }
        targeted.followUp();
        return targeted.hasLeftToNextPass();
    }

    private boolean pagesLag() {
        return !context.pass().connections().lag(trigger.counterId()).isZero();
    }

    /** A broadcast whose posts all failed must not be reported as sent. */
    private Outcome outcome(End end) {
        return switch (end) {
            case SENT -> sentOrUndelivered();
            // After a pass of its own, an unchanged count is the normal end.
            case UNCHANGED -> passes > 0 ? sentOrUndelivered() : Outcome.UNCHANGED;
            case LEASE_HELD -> Outcome.LEASE_HELD;
            case WAKE_UP_REQUESTED -> Outcome.DEFERRED;
            case WAKE_UP_OVERDUE -> Outcome.WAKE_UP_OVERDUE;
        };
    }

    private Outcome sentOrUndelivered() {
        return tally.failed() > 0 && tally.delivered() == 0 ? Outcome.UNDELIVERED : Outcome.SENT;
    }

    @Override
    public boolean isChange(VisitorCount sent, VisitorCount newest) {
        return context.format().isChange(sent, newest);
    }

    @Override
    public long messages(VisitorCount count, long audience) {
        return message(count) == null ? 0 : audience;
    }

    private @Nullable String message(VisitorCount count) {
        if (!count.equals(formatted)) {
            message = context.format().format(count);
            formatted = count;
        }
        return message;
    }

    @Override
    public PassEnd send(LeaseStep.Send step) {
        VisitorCount count = step.count();
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
        List<PageRequest> pages = rest == null
                ? FanOut.segments(trigger.counterId(), step.lease().audience(count), fanOutThreshold)
                : rest.pages();
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
        // Before the lease is released: after a crash until then, the retry repeats the pass.
        boolean mayMiss = (pagesLag() || fanOut.lagged()) && !isWholeAudience(step, count, pages.size(), now);
        Instant until = now.plus(FollowUps.GIVE_UP_AFTER);
        followUps.add(version, result.unsent(), result.suspects(), until, 0);
        followUps.addRescan(version, mayMiss ? now : null, until, 0);
        if (result.end() == PassResult.End.OUT_OF_TIME) {
            PageRequest resumeAt = result.resumeAt();
            return new PassEnd.OutOfTime(new PassRest(
                    version,
                    resumeAt == null ? fanOut.rest() : List.of(resumeAt),
                    sentBefore(rest) + result.tally().posts()));
        }
        context.recordAudience(
                count, step.lease(), sentBefore(rest) + result.tally().audience(), deadline);
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

    private static long sentBefore(@Nullable PassRest rest) {
        return rest == null ? 0 : rest.posts();
    }

    /**
     * Charges the posts that were not charged with the lease. The charge of a pass covers its rest too, unless the rest
     * has several segments: invocations that did not answer in time may have sent them already.
     */
    private void charge(LeaseStep.Send step, PassResult result) {
        PassRest rest = step.lease().rest();
        boolean isCharged = rest != null && rest.pages().size() == 1;
        long charged = isCharged
                ? Math.max(0, step.lease().budget().lastPassMessages() - sentBefore(rest))
                : step.chargedMessages();
        context.chargeBeyond(trigger.counterId(), result.tally().posts() - charged, deadline);
    }

    /**
     * Returns whether the lagging pages and the connections that the trigger names are the whole audience. They are if
     * the trigger carries all changes since the last broadcast, and the index now contains every connection counted
     * before that broadcast. A record that is delivered again, after its broadcast, carries none of these changes. No
     * change names a watcher.
     */
    private boolean isWholeAudience(LeaseStep.Send step, VisitorCount count, int segments, Instant now) {
        Lease before = step.before();
        return !watchers
                && passes == 1
                && segments == 1
                && step.chargedMessages() > 0
                && count.version() - before.sentVersion() == trigger.changes()
                && trigger.newConnections().stream()
                        .allMatch(connection ->
                                connection.connectedAt().isAfter(before.budget().lastPassAt()))
                && Duration.between(before.budget().lastPassAt(), now)
                                .compareTo(context.pass().connections().lag(trigger.counterId()))
                        > 0;
    }
}
