package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.broadcast.lease.FollowUp;
import io.github.visitorcounter.internal.reconcile.ConnectionProbe.Answer;
import io.github.visitorcounter.internal.reconcile.ConnectionProbe.State;
import io.github.visitorcounter.internal.time.Deadline;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Asks the gateway about the oldest connections, a few at a time. Those that answer 410 are left to a wake-up, where a second answer
 * decides: API Gateway answers 410 now and then for a connection that is open.
 */
final class ConnectionProber {

    private static final int AT_ONCE = 20;

    private static final Duration KEPT_FOR = Duration.ofMinutes(1);

    private final Reconciler.Ports ports;
    private final FailureLog failures;
    private int probed;
    private int unanswered;
    private int suspects;

    ConnectionProber(Reconciler.Ports ports, FailureLog failures) {
        this.ports = ports;
        this.failures = failures;
    }

    /** Returns whether there was time for all. */
    boolean probe(List<Connection> connections, Deadline work, Deadline deadline) {
        for (int from = 0; from < connections.size(); from += AT_ONCE) {
            if (work.hasPassed(ports.timeSource().now())) {
                return false;
            }
            List<Connection> some = connections.subList(from, Math.min(from + AT_ONCE, connections.size()));
            recheck(gone(some), deadline);
        }
        return true;
    }

    private List<Connection> gone(List<Connection> connections) {
        List<CompletableFuture<Answer>> answers = connections.stream()
                .map(connection -> ports.probe().ask(connection.connectionId()).toCompletableFuture())
                .toList();
        List<Connection> gone = new ArrayList<>();
        for (int i = 0; i < connections.size(); i++) {
            Connection connection = connections.get(i);
            Answer answer = answers.get(i).join();
            probed++;
            if (answer.state() == State.UNKNOWN) {
                unanswered++;
                if (answer.failure() != null) {
                    failures.add(answer.failure());
                }
            } else if (answer.state() == State.GONE) {
                gone.add(connection);
            }
        }
        return gone;
    }

    private void recheck(List<Connection> gone, Deadline deadline) {
        suspects += gone.size();
        Instant until = ports.timeSource().now().plus(KEPT_FOR);
        Map<String, List<Connection>> byCounter = gone.stream().collect(Collectors.groupingBy(Connection::counterId));
        byCounter.forEach((counterId, some) -> ports.wakeUps()
                .addFollowUp(
                        "probe-" + some.get(0).connectionId(),
                        new FollowUp(counterId, 0, List.of(), some, null, until, 0),
                        deadline));
    }

    int probed() {
        return probed;
    }

    int suspects() {
        return suspects;
    }

    int unanswered() {
        return unanswered;
    }
}
