package io.github.visitorcounter.embeddedstack.engine;

import io.github.visitorcounter.embeddedstack.StackEndpoints;
import io.github.visitorcounter.embeddedstack.access.Access;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.control.Stats;
import io.github.visitorcounter.embeddedstack.lambda.InvocationResult;

import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The operations of a running stack; see the methods of the same names in {@code EmbeddedStack}. Thread-safe.
 *
 * @since 0.1.0
 */
public interface RunningStack extends AutoCloseable {

    StackEndpoints endpoints();

    Stats stats();

    Set<Access> accesses();

    Faults faults();

    void faults(Faults newFaults);

    CompletableFuture<InvocationResult> invoke(String functionName, String payload);

    CompletableFuture<Void> streamsDrained();

    @Override
    void close();
}
