package io.github.visitorcounter.benchmark.cold;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Starts a function and invokes it once. */
final class Start {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

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

    /**
     * The durations of one start.
     *
     * @param initMillis until it requested its first event
     * @param invocationMillis from then to its response
     * @param cpuMillis processor time of all its threads until the response; the system counts it in steps of 10 ms
     */
    record Times(double initMillis, double invocationMillis, double cpuMillis) {

        double totalMillis() {
            return initMillis + invocationMillis;
        }
    }

    /** Starts a function, and checks that it has done its task. */
    Times run(Variant variant, Function function, List<String> options) throws InterruptedException {
        stack.reset();
        String connectionId = function == Function.CONNECT ? UUID.randomUUID() + "=" : stack.visitorId();
        try (RuntimeApi api = RuntimeApi.start(function.event(connectionId))) {
            ProcessBuilder builder = new ProcessBuilder(variant.command().of(function, options))
                    .directory(variant.folder().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            setEnvironment(builder.environment(), variant, api);
            long begin = System.nanoTime();
            Process process = start(builder);
            var unused = process.onExit()
                    .thenAccept(ended -> api.fail("it ended with " + ended.exitValue() + "; its output is in " + log));
            try {
                double cpuBefore = 0;
                if (variant.restored()) {
                    api.awaitSnapshot(PATIENCE);
                    cpuBefore = cpuMillis(process);
                    begin = System.nanoTime();
                    api.restore();
                }
                long initialised = api.awaitInitialised(PATIENCE);
                RuntimeApi.Answer answer = api.awaitAnswer(PATIENCE);
                double cpu = cpuMillis(process) - cpuBefore;
                stack.check(function, connectionId, answer.text());
                return new Times(
                        (initialised - begin) / NANOS_PER_MILLI, (answer.nanos() - initialised) / NANOS_PER_MILLI, cpu);
            } finally {
                end(process);
            }
        }
    }

    private void setEnvironment(Map<String, String> environment, Variant variant, RuntimeApi api) {
        environment.clear();
        environment.putAll(stack.environment());
        environment.put("AWS_LAMBDA_RUNTIME_API", api.address());
        environment.put("LAMBDA_TASK_ROOT", variant.folder().toAbsolutePath().toString());
        if (variant.restored()) {
            environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
        }
    }

    private static double cpuMillis(Process process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
    }

    private static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Not forcibly at first: the JVM may write an archive when it exits. */
    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
