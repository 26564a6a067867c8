package io.github.visitorcounter.benchmark.cold;

import io.github.visitorcounter.benchmark.cold.FunctionProcess.Invocation;
import io.github.visitorcounter.benchmark.cold.FunctionProcess.Times;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Starts a function and invokes it once. */
final class Start {

    private final ColdStack stack;
    private final Path log;

    /**
     * Creates an instance.
     *
     * @param stack the environment of the functions
     * @param log the file for the output of the last start
     */
    Start(ColdStack stack, Path log) {
        this.stack = stack;
        this.log = log;
    }

    /** Starts a function, and checks that it has done its task. */
    Times run(Variant variant, Function function, List<String> options) throws InterruptedException {
        stack.reset();
        String connectionId = function == Function.CONNECT ? UUID.randomUUID() + "=" : stack.visitorId();
        Map<String, String> environment = new HashMap<>(stack.environment());
        if (variant.restored()) {
            environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
        }
        try (FunctionProcess process = FunctionProcess.start(
                variant.folder(),
                variant.command().of(function, options),
                environment,
                function.event(connectionId),
                log)) {
            Invocation invocation = variant.restored() ? process.restoreAndInvoke() : process.invoke();
            stack.check(function, connectionId, invocation.answer());
            return invocation.times();
        }
    }
}
