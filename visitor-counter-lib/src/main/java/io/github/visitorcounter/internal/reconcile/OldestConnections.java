package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.connection.Connection;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Collects the oldest connections, in a heap of limited size. Not thread-safe. */
final class OldestConnections {

    private final int maxSize;
    private final PriorityQueue<Connection> youngestFirst =
            new PriorityQueue<>(Comparator.comparing(Connection::connectedAt).reversed());

    OldestConnections(int maxSize) {
        this.maxSize = maxSize;
    }

    void add(Connection connection) {
        youngestFirst.add(connection);
        if (youngestFirst.size() > maxSize) {
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
