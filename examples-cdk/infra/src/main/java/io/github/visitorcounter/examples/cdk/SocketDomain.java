package io.github.visitorcounter.examples.cdk;

import java.util.Objects;

/**
 * Your own domain for the WebSocket. You create its DNS record: a CNAME to the output {@code SocketDomainTarget}.
 *
 * @param name for instance {@code counter.example.com}
 * @param certificateArn its certificate, in the stack's region
 */
public record SocketDomain(String name, String certificateArn) {

    /** Checks. */
    public SocketDomain {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(certificateArn, "certificateArn");
    }
}
