package io.github.visitorcounter.internal.broadcast;

import io.github.visitorcounter.broadcast.DeliveryStats;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.delivery.PassPlan;
import io.github.visitorcounter.internal.broadcast.delivery.PassResult;
import io.github.visitorcounter.internal.broadcast.lease.BroadcastTrigger;
import io.github.visitorcounter.internal.broadcast.lease.FollowUp;
import io.github.visitorcounter.internal.broadcast.lease.Lease;
import io.github.visitorcounter.internal.broadcast.lease.LeaseRenewer;
import io.github.visitorcounter.internal.broadcast.lease.TargetedCount;
import io.github.visitorcounter.internal.time.Deadline;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sends the current count to named connections without the lease: to new connections while the broadcast has to wait,
 * and at a wake-up to the connections of follow-ups. Not thread-safe.
 */
final class TargetedDelivery {

    /** API Gateway answers a handshake within 29 s; a connection is counted before that. */
    private static final Duration MAX_HANDSHAKE = Duration.ofSeconds(30);

    private final BroadcastTrigger trigger;
    private final BroadcastContext context;
    private final FollowUps followUps;
    private final Deadline deadline;
    private DeliveryStats tally = DeliveryStats.NONE;
    private boolean hasLeftToNextPass;

    TargetedDelivery(BroadcastTrigger trigger, BroadcastContext context, FollowUps followUps, Deadline deadline) {
        this.trigger = trigger;
        this.context = context;
        this.followUps = followUps;
        this.deadline = deadline;
    }

    /** Returns the delivery statistics. */
    DeliveryStats tally() {
        return tally;
    }

    /** Returns whether connections were left to the next pass. */
    boolean hasLeftToNextPass() {
        return hasLeftToNextPass;
    }

    /**
     * Sends new connections a count, once, if the budget allows it. Those that are not sent it are left to the next
     * pass or, if they need none, to a follow-up.
     *
     * @param unchanged the lease, if pages would see no difference between its count and the newest; otherwise null
     */
    void sendToNewConnections(@Nullable Lease unchanged) {
        List<Connection> connections = trigger.newConnections();
        if (connections.isEmpty()) {
            return;
        }
        Lease lease = unchanged == null ? readLease() : unchanged;
        VisitorCount sent = unchanged == null ? null : unchanged.sentToAll();
        TargetedCount targeted = sent == null ? choose(lease) : new TargetedCount(sent, false);
        List<Connection> unsent = connections;
        if (charge(connections.size(), targeted, lease)) {
            unsent = post(targeted.count(), connections, Set.of()).unsent();
        } else if (targeted.needsPass()) {
            leaveToNextPass(lease);
        }
        if (!targeted.needsPass()) {
            followUps.add(targeted.count().version(), unsent, List.of(), giveUpAt(), 0);
        }
    }

    /**
     * Processes the follow-ups of this wake-up. Their connections are posted to again, unless a complete pass has
     * posted to them since. If the next pass will, only the suspects are posted to. Unsent connections that are not
     * retried any more are left to the next pass.
     */
    void followUp() {
        if (trigger.followUps().isEmpty()) {
            return;
        }
        Lease lease = readLease();
        TargetedCount targeted = choose(lease);
        VisitorCount count = targeted.count();
        Instant now = context.now();
        Map<String, Connection> unsent = new LinkedHashMap<>();
        Map<String, Connection> suspects = new LinkedHashMap<>();
        Instant until = now;
        int attempt = 0;
        for (FollowUp followUp : trigger.followUps()) {
            boolean isRetried = followUp.until().isAfter(now);
            if (isRetried) {
                until = followUp.until().isAfter(until) ? followUp.until() : until;
                attempt = Math.max(attempt, followUp.attempt() + 1);
                followUp.suspects().forEach(connection -> suspects.put(connection.connectionId(), connection));
            }
            if (followUp.version() < lease.sentVersion() || !followUp.hasUnsent()) {
                continue;
            }
            if (!isRetried || (targeted.needsPass() && followUp.version() != count.version())) {
                leaveToNextPass(lease);
            } else {
                followUp.unsent().forEach(connection -> unsent.put(connection.connectionId(), connection));
                rescan(followUp, now).forEach(connection -> unsent.put(connection.connectionId(), connection));
            }
        }
        // Unsent connections first: a page that waits for its count is more urgent than the removal of a suspect.
        Map<String, Connection> all = new LinkedHashMap<>(unsent);
        suspects.forEach(all::putIfAbsent);
        if (all.isEmpty()) {
            return;
        }
        // One second of the budget at a time: a charge of more than one minute is always rejected.
        List<Connection> connections = List.copyOf(all.values());
        int affordable = Math.min(connections.size(), context.budget().broadcastMessagesPerSecond());
        if (!charge(affordable, targeted, lease)) {
            affordable = 0;
        }
        List<Connection> unsentNow = new ArrayList<>();
        List<Connection> suspectsNow = new ArrayList<>();
        if (affordable > 0) {
            PassResult result = post(count, connections.subList(0, affordable), suspects.keySet());
            unsentNow.addAll(result.unsent());
            suspectsNow.addAll(result.suspects());
        }
        for (Connection later : connections.subList(affordable, connections.size())) {
            (suspects.containsKey(later.connectionId()) ? suspectsNow : unsentNow).add(later);
        }
        followUps.add(count.version(), unsentNow, suspectsNow, until, attempt);
    }

    /**
     * Returns the connections that a broadcast's pages may have missed; writes the follow-up again if the index may
     * still lag.
     */
    private List<Connection> rescan(FollowUp followUp, Instant now) {
        Instant rescanOf = followUp.rescanOf();
        if (rescanOf == null) {
            return List.of();
        }
        Duration lag = context.pass().connections().lag(trigger.counterId());
        if (rescanOf.plus(lag).isAfter(now)) {
            followUps.addRescan(followUp.version(), rescanOf, followUp.until(), followUp.attempt() + 1);
            return List.of();
        }
        Instant since = rescanOf.minus(lag).minus(MAX_HANDSHAKE);
        return context.pass().connections().recent(trigger.counterId(), since, deadline);
    }

    private PassResult post(VisitorCount count, List<Connection> connections, Set<String> suspects) {
        String message = context.format().format(count);
        if (message == null) {
            return new PassResult(PassResult.End.COMPLETE, DeliveryStats.NONE, List.of(), List.of(), List.of(), null);
        }
        PassResult result =
                context.pass(new PassPlan(message, connections, suspects, null), LeaseRenewer.NOT_NEEDED, deadline);
        int removed = context.prune(result.toRemove(), deadline);
        context.chargeBeyond(trigger.counterId(), result.tally().posts() - connections.size(), deadline);
        tally = tally.plus(result.tally()).removed(removed);
        return result;
    }

    private Lease readLease() {
        return context.leases().read(trigger.counterId(), deadline);
    }

    private TargetedCount choose(Lease lease) {
        return TargetedCount.of(lease, context.readCount(trigger.counterId(), deadline), context.format()::isChange);
    }

    private boolean charge(int messages, TargetedCount targeted, Lease lease) {
        boolean charged = context.leases()
                .charge(
                        trigger.counterId(),
                        context.budget().charge(messages, targeted.needsPass(), lease.budget(), context.now()),
                        deadline);
        hasLeftToNextPass |= charged && targeted.needsPass();
        return charged;
    }

    /** Writes nothing if connections are waiting already: the next pass includes these ones, too. */
    private void leaveToNextPass(Lease lease) {
        if (lease.awaitingPass() == 0 && !hasLeftToNextPass) {
            context.leases().leaveToNextPass(trigger.counterId(), deadline);
            hasLeftToNextPass = true;
        }
    }

    private Instant giveUpAt() {
        return context.now().plus(FollowUps.GIVE_UP_AFTER);
    }
}
