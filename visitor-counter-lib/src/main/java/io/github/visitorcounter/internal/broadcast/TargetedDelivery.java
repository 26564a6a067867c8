package io.github.visitorcounter.internal.broadcast;

import io.github.visitorcounter.broadcast.DeliveryStats;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.delivery.PassPlan;
import io.github.visitorcounter.internal.broadcast.delivery.PassResult;
import io.github.visitorcounter.internal.broadcast.lease.BroadcastTrigger;
import io.github.visitorcounter.internal.broadcast.lease.FollowUp;
import io.github.visitorcounter.internal.broadcast.lease.LeaseRenewer;
import io.github.visitorcounter.internal.time.Deadline;

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

    /**
     * Sends the count to new connections, once, if the budget allows it.
     *
     * @param leaveRest whether to write a follow-up for unsent connections; otherwise, a later broadcast posts to them
     */
    void sendToNewConnections(boolean leaveRest) {
        List<Connection> connections = trigger.newConnections();
        if (!connections.isEmpty()) {
            VisitorCount count = context.readCount(trigger.counterId(), deadline);
            List<Connection> unsent = connections;
            if (charge(connections.size())) {
                unsent = post(count, connections, Set.of()).unsent();
            }
            if (leaveRest) {
                followUps.add(count.version(), unsent, List.of(), giveUpAt(), 0);
            }
        }
    }

    /**
     * Processes the follow-ups of this wake-up. If the count is newer than the version of a follow-up, only the
     * suspects are posted to again: the broadcast of the newer version posts to the other connections.
     */
    void followUp() {
        if (trigger.followUps().isEmpty()) {
            return;
        }
        VisitorCount count = context.readCount(trigger.counterId(), deadline);
        Instant now = context.now();
        Map<String, Connection> unsent = new LinkedHashMap<>();
        Map<String, Connection> suspects = new LinkedHashMap<>();
        Instant until = now;
        int attempt = 0;
        for (FollowUp followUp : trigger.followUps()) {
            if (!followUp.until().isAfter(now)) {
                continue;
            }
            until = followUp.until().isAfter(until) ? followUp.until() : until;
            attempt = Math.max(attempt, followUp.attempt() + 1);
            followUp.suspects().forEach(connection -> suspects.put(connection.connectionId(), connection));
            if (followUp.version() == count.version()) {
                followUp.unsent().forEach(connection -> unsent.put(connection.connectionId(), connection));
                rescan(followUp, now).forEach(connection -> unsent.put(connection.connectionId(), connection));
            }
        }
        Map<String, Connection> all = new LinkedHashMap<>(suspects);
        unsent.forEach(all::putIfAbsent);
        if (all.isEmpty()) {
            return;
        }
        // One second of the budget at a time: a charge of more than one minute is always rejected.
        List<Connection> connections = List.copyOf(all.values());
        int affordable = Math.min(connections.size(), context.budget().broadcastMessagesPerSecond());
        if (!charge(affordable)) {
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

    private boolean charge(int messages) {
        return context.leases().charge(trigger.counterId(), context.budget().charge(messages, context.now()), deadline);
    }

    private Instant giveUpAt() {
        return context.now().plus(FollowUps.GIVE_UP_AFTER);
    }
}
