package io.github.visitorcounter.internal.connection;

import io.github.visitorcounter.connection.Arrival;

import java.util.Optional;

/** A check of connect requests. Thread-safe. */
@FunctionalInterface
public interface ConnectCheck {

    /**
     * Checks a request.
     *
     * @param arrival the request and the connection that will be counted
     * @return the rejection, or empty if the check passes
     */
    Optional<Rejection> check(Arrival arrival);
}
