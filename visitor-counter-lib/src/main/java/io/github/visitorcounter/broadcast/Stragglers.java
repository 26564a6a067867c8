package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.broadcast.Relay.LateLookOrder;
import io.github.visitorcounter.broadcast.Relay.StragglerOrder;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.time.Deadline;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells those who are told apart from the crowd: newcomers, stragglers, and those whom a pass did not see.
 *
 * <p>Whoever completes a pass of a version sees to it that everyone hears of that version; a connection that was still in its
 * handshake, or failed, is tried again and again, outside the lease. When there is a newer version, its pass has taken over
 * that duty.
 *
 * <p>A pass that reads an index does not see who was counted a moment ago. Each arrival's own trigger knows the newcomer by name;
 * but a pass between that and the moment when the index shows it may tell everyone else something newer. Such a pass orders a
 * late look, which ends when there is a newer version: if that one's pass comes so soon that it may miss the same newcomer, it
 * orders a look of its own.
 */
final class Stragglers {

    /** So long a list fits an asynchronous invocation many times; more are not known to fail at once. */
    private static final int MOST_IN_AN_ORDER = 4_000;

    /** API Gateway waits 29 s for a handshake's answer: a connection is counted no later than that after it was accepted. */
    private static final Duration LONGEST_HANDSHAKE = Duration.ofSeconds(30);

    private final String counterId;
    private final Broadcaster.Ports ports;
    private final Voice voice;
    private final Deadline deadline;
    private PassTally tally = PassTally.NONE;

    Stragglers(String counterId, Broadcaster.Ports ports, Voice voice, Deadline deadline) {
        this.counterId = counterId;
        this.ports = ports;
        this.voice = voice;
        this.deadline = deadline;
    }

    /** What became of those who were told here. */
    PassTally tally() {
        return tally;
    }

    /**
     * Tells newcomers once, if the budget allows it.
     *
     * @return who is left
     */
    List<Connection> greet(List<Connection> newcomers) {
        return !newcomers.isEmpty() && charge(newcomers.size()) ? post(newcomers, readCount()) : newcomers;
    }

    /**
     * Looks for those whom a pass did not see, when they are to be seen for sure, and tells them.
     *
     * @return who is left
     */
    List<Connection> look(LateLookOrder order) throws InterruptedException {
        Duration lag = ports.pass().connections().lag();
        Duration wait =
                Duration.between(ports.pass().timekeeper().now(), order.passAt().plus(lag));
        if (!wait.isNegative()) {
            ports.pass().timekeeper().sleep(wait);
        }
        if (readCount().version() != order.version()) {
            return List.of();
        }
        Instant since = order.passAt().minus(lag).minus(LONGEST_HANDSHAKE);
        return tell(order.version(), ports.pass().connections().recent(counterId, since, deadline));
    }

    /** Lets another invocation tell them; returns false when that is not allowed. */
    boolean handOn(Relay relay, long version, List<Connection> connections, int hop) {
        if (connections.isEmpty()) {
            return true;
        }
        List<Connection> some = connections.subList(0, Math.min(connections.size(), MOST_IN_AN_ORDER));
        return relay.tellStragglers(new StragglerOrder(counterId, version, some, hop), deadline);
    }

    /**
     * Tells them here, until all have been told or counted out, there is a newer version, or the time is over.
     *
     * @return who is left
     */
    List<Connection> tell(long version, List<Connection> connections) throws InterruptedException {
        List<Connection> left = connections;
        for (int round = 0; !left.isEmpty(); round++) {
            ports.pass().timekeeper().sleep(ports.pass().backoff().delay(round));
            VisitorCount count = readCount();
            if (count.version() != version) {
                return List.of();
            }
            Instant now = ports.pass().timekeeper().now();
            if (ports.passDeadline(deadline).hasPassed(now)) {
                return left;
            }
            // A second's worth at a time: more than a minute's could never be paid.
            List<Connection> some =
                    left.subList(0, Math.min(left.size(), ports.pace().messagesPerSecond()));
            if (charge(some.size())) {
                List<Connection> next = new ArrayList<>(left.subList(some.size(), left.size()));
                next.addAll(post(some, count));
                left = next;
            }
        }
        return left;
    }

    private List<Connection> post(List<Connection> connections, VisitorCount count) {
        String message = voice.format().format(count);
        if (message == null) {
            return List.of();
        }
        BroadcastPass.Result result = new BroadcastPass(
                        new BroadcastPass.Plan(message, connections, null),
                        ports.pass(),
                        voice.policy(),
                        Keepalive.NOT_NEEDED,
                        ports.passDeadline(deadline))
                .run();
        int removed = ports.prune(result.toRemove(), deadline);
        ports.chargeBeyond(counterId, result.tally().posts() - connections.size(), deadline);
        tally = tally.plus(result.tally()).removed(removed);
        return result.end() == BroadcastPass.End.COMPLETE ? result.stragglers() : connections;
    }

    private boolean charge(int messages) {
        Instant now = ports.pass().timekeeper().now();
        return ports.leases().charge(counterId, ports.pace().charge(messages, now), deadline);
    }

    /** Throws {@link ServiceUnavailableException} like everything that reads. */
    private VisitorCount readCount() {
        return ports.counters().read(counterId, deadline);
    }
}
