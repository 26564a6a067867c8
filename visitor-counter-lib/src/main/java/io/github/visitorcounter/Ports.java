package io.github.visitorcounter;

import io.github.visitorcounter.internal.AwsPorts;
import io.github.visitorcounter.internal.ports.HandlerPorts;

/**
 * The services that a handler uses: tables, connections, functions, a clock. By default these are AWS services; a test
 * passes in-memory implementations. The content is not part of the API. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Ports {

    private final HandlerPorts ports;

    private Ports(HandlerPorts ports) {
        this.ports = ports;
    }

    /** Returns ports that call AWS; each client is built at first use. */
    static Ports aws(VisitorCounterConfig config) {
        return new Ports(new AwsPorts(config));
    }

    /**
     * Wraps other ports than those of AWS. For this project's own test doubles: the type of the parameter may change in
     * any version.
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
