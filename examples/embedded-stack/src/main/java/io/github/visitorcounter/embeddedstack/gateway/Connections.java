package io.github.visitorcounter.embeddedstack.gateway;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The connections of a gateway. Thread-safe. */
final class Connections {

    private final Map<String, Connection> open = new ConcurrentHashMap<>();
    private final Set<Connection> unfinished = ConcurrentHashMap.newKeySet();

    void add(Connection connection) {
        unfinished.add(connection);
        open.put(connection.id(), connection);
        var unused = connection.finished().thenRun(() -> unfinished.remove(connection));
    }

    /** Removes it: later posts to it are answered 410. */
    void remove(Connection connection) {
        open.remove(connection.id());
    }

    Optional<Connection> find(String id) {
        return Optional.ofNullable(open.get(id));
    }

    List<Connection> open() {
        return List.copyOf(open.values());
    }

    /** Returns all connections that are open, closing, or whose {@code $disconnect} has not run yet. */
    List<Connection> unfinished() {
        return List.copyOf(unfinished);
    }
}
