package io.github.visitorcounter.internal.connection;

import io.github.visitorcounter.connection.Arrival;

import java.util.Optional;

/** One rule that a request to connect must keep. Thread-safe. */
@FunctionalInterface
public interface ConnectCheck {

    /**
     * Checks a request.
     *
     * @param arrival the request, and the connection that it would become
     * @return why it is rejected; empty when it keeps the rule
     */
    Optional<Rejection> check(Arrival arrival);
}
