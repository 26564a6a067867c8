package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.connection.Connection;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The oldest of many connections: a heap that holds no more than it was asked for. Not thread-safe. */
final class OldestConnections {

    private final int most;
    private final PriorityQueue<Connection> youngestFirst =
            new PriorityQueue<>(Comparator.comparing(Connection::connectedAt).reversed());

    OldestConnections(int most) {
        this.most = most;
    }

    void add(Connection connection) {
        youngestFirst.add(connection);
        if (youngestFirst.size() > most) {
            youngestFirst.remove();
        }
    }

    void addAll(OldestConnections others) {
        others.youngestFirst.forEach(this::add);
    }

    List<Connection> toList() {
        return List.copyOf(youngestFirst);
    }
}
