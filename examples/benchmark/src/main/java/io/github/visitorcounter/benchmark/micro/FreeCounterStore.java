package io.github.visitorcounter.benchmark.micro;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.time.Deadline;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** A store without cost, which stores nothing. */
final class FreeCounterStore implements CounterStore {

    @Override
    public void addConnection(Connection connection, Deadline deadline) {}

    @Override
    public List<Connection> removeConnections(
            Collection<String> connectionIds, Change change, Instant at, Deadline deadline) {
        return List.of();
    }

    @Override
    public VisitorCount read(String counterId, Deadline deadline) {
        return VisitorCount.none(counterId);
    }
}
