package io.github.visitorcounter.benchmark.cold;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The process of a function, for one invocation. */
final class FunctionProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final double KILOBYTES_PER_MEGABYTE = 1_024;

    private final RuntimeApi api;
    private final Process process;
    private final long begin;

    private FunctionProcess(RuntimeApi api, Process process, long begin) {
        this.api = api;
        this.process = process;
        this.begin = begin;
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

    /** One invocation: its response, and how long it took. */
    record Invocation(String answer, Times times) {}

    /**
     * Starts a process.
     *
     * @param folder the package, which is the working folder
     * @param command the command line
     * @param environment all environment variables but those of the runtime
     * @param event the event of the invocation
     * @param log the file for the output
     */
    static FunctionProcess start(
            Path folder, List<String> command, Map<String, String> environment, String event, Path log) {
        createParent(log);
        RuntimeApi api = RuntimeApi.start(event);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("AWS_LAMBDA_RUNTIME_API", api.address());
        builder.environment().put("LAMBDA_TASK_ROOT", folder.toAbsolutePath().toString());
        long begin = System.nanoTime();
        try {
            Process process = builder.start();
            var unused = process.onExit()
                    .thenAccept(ended -> api.fail("it ended with " + ended.exitValue() + "; its output is in " + log));
            return new FunctionProcess(api, process, begin);
        } catch (IOException failure) {
            api.close();
            throw new UncheckedIOException(failure);
        }
    }

    private static void createParent(Path log) {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Awaits the response; times count from the start of the process. */
    Invocation invoke() throws InterruptedException {
        return await(begin, 0);
    }

    /** Awaits the snapshot, restores the function and awaits the response; times count from the restore. */
    Invocation restoreAndInvoke() throws InterruptedException {
        api.awaitSnapshot(PATIENCE);
        double cpuBefore = cpuMillis();
        long restored = System.nanoTime();
        api.restore();
        return await(restored, cpuBefore);
    }

    private Invocation await(long since, double cpuBefore) throws InterruptedException {
        long initialised = api.awaitInitialised(PATIENCE);
        RuntimeApi.Answer answer = api.awaitAnswer(PATIENCE);
        return new Invocation(
                answer.text(),
                new Times(
                        (initialised - since) / NANOS_PER_MILLI,
                        (answer.nanos() - initialised) / NANOS_PER_MILLI,
                        cpuMillis() - cpuBefore));
    }

    private double cpuMillis() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
    }

    /** The largest resident memory so far. Linux only. */
    double peakMegabytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElseThrow()
                    / KILOBYTES_PER_MEGABYTE;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Not forcibly at first: the JVM may write an archive when it exits. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interruption) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } finally {
            api.close();
        }
    }
}
