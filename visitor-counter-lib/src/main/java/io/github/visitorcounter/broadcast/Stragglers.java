package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.broadcast.Relay.StragglerOrder;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.time.Deadline;

import java.time.Instant;
import java.util.List;

/**
 * Tells those who are told apart from the crowd: newcomers, and stragglers.
 *
 * <p>Whoever completes a pass of a version sees to it that everyone hears of that version; a connection that was still in its
 * handshake, or failed, is tried again and again, outside the lease. When there is a newer version, its pass has taken over
 * that duty.
 */
final class Stragglers {

    /** So long a list fits an asynchronous invocation many times; more are not known to fail at once. */
    private static final int MOST_IN_AN_ORDER = 4_000;

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

    /** Tells newcomers once, if the budget allows it; the crowd's next pass tells them too. */
    PassTally greet(List<Connection> newcomers) {
        if (!newcomers.isEmpty() && charge(newcomers.size())) {
            post(newcomers, readCount());
        }
        return tally;
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
            if (charge(left.size())) {
                left = post(left, count);
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
