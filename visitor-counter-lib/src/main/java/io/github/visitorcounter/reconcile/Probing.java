package io.github.visitorcounter.reconcile;

import io.github.visitorcounter.broadcast.StaleConnection;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy.Decision;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.reconcile.ConnectionProbe.Answer;
import io.github.visitorcounter.time.Deadline;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks the gateway about the oldest connections, a few at a time, and counts out those that it does not know any more. */
final class Probing {

    private static final int AT_ONCE = 20;

    private final Reconciler.Ports ports;
    private final Reconciler.Settings settings;
    private final Removals ghosts;
    private int probed;
    private int unanswered;

    Probing(Reconciler.Ports ports, Reconciler.Settings settings) {
        this.ports = ports;
        this.settings = settings;
        this.ghosts = new Removals(ports.counters(), ports.timekeeper());
    }

    /** Returns whether there was time for all. */
    boolean probe(List<Connection> connections, Deadline work, Deadline deadline) {
        for (int from = 0; from < connections.size(); from += AT_ONCE) {
            if (work.hasPassed(ports.timekeeper().now())) {
                return false;
            }
            List<Connection> some = connections.subList(from, Math.min(from + AT_ONCE, connections.size()));
            ghosts.remove(gone(some), deadline);
        }
        return true;
    }

    private List<String> gone(List<Connection> connections) {
        List<CompletableFuture<Answer>> answers = connections.stream()
                .map(connection -> ports.probe().ask(connection.connectionId()).toCompletableFuture())
                .toList();
        List<String> gone = new ArrayList<>();
        for (int i = 0; i < connections.size(); i++) {
            Connection connection = connections.get(i);
            Answer answer = answers.get(i).join();
            probed++;
            if (answer == Answer.UNKNOWN) {
                unanswered++;
            } else if (answer == Answer.GONE && isRemoved(connection)) {
                gone.add(connection.connectionId());
            }
        }
        return gone;
    }

    private boolean isRemoved(Connection connection) {
        StaleConnection stale = new StaleConnection(
                connection, connection.age(ports.timekeeper().now()));
        return settings.staleConnections().decide(stale) == Decision.REMOVE;
    }

    int probed() {
        return probed;
    }

    int ghosts() {
        return ghosts.removed();
    }

    int unanswered() {
        return unanswered;
    }
}
