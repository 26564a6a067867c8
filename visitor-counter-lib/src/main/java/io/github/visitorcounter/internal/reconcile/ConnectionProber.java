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
 * Probes the oldest connections, several at a time. For each 410 it requests a wake-up that probes again before the
 * connection is removed, because API Gateway occasionally answers 410 for an open connection.
 */
final class ConnectionProber {

    private static final int CONCURRENCY = 20;

    private static final Duration FOLLOW_UP_LIFETIME = Duration.ofMinutes(1);

    private final Reconciler.Ports ports;
    private final FailureLog failures;
    private int probed;
    private int unanswered;
    private int suspects;

    ConnectionProber(Reconciler.Ports ports, FailureLog failures) {
        this.ports = ports;
        this.failures = failures;
    }

    /** Returns whether there was time to probe all of them. */
    boolean probe(List<Connection> connections, Deadline work, Deadline deadline) {
        for (int from = 0; from < connections.size(); from += CONCURRENCY) {
            if (work.hasPassed(ports.timeSource().now())) {
                return false;
            }
            List<Connection> some = connections.subList(from, Math.min(from + CONCURRENCY, connections.size()));
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
        Instant until = ports.timeSource().now().plus(FOLLOW_UP_LIFETIME);
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
