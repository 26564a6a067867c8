package io.github.visitorcounter;

import io.github.visitorcounter.internal.AwsPorts;
import io.github.visitorcounter.internal.ports.HandlerPorts;

/**
 * What a handler works with: tables, connections, functions, a clock. A handler that is given none works with AWS. A test gives one
 * that works in memory. What is in it is no part of the API. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Ports {

    private final HandlerPorts ports;

    private Ports(HandlerPorts ports) {
        this.ports = ports;
    }

    /** AWS; each client is built at first use. */
    static Ports aws(VisitorCounterConfig config) {
        return new Ports(new AwsPorts(config));
    }

    /**
     * Wraps ports that are not AWS's. For this project's own test doubles: the parameter's type may change in any version.
     *
     * @param ports the ports
     * @return the ports, for a handler's constructor
     * @hidden
     */
    @SuppressWarnings("InvalidBlockTag") // Error Prone does not know @hidden
    public static Ports of(HandlerPorts ports) {
        return new Ports(ports);
    }

    HandlerPorts unwrap() {
        return ports;
    }
}
