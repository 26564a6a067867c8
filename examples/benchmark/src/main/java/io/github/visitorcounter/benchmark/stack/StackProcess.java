package io.github.visitorcounter.benchmark.stack;

import io.github.visitorcounter.benchmark.original.OriginalStack;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A process that starts the embedded stack with two tables, three functions and a WebSocket API, and ends. */
final class StackProcess {

    private static final String READY = "READY";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private StackProcess() {}

    /**
     * Starts the stack, says so, and ends.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        EmbeddedStack stack = OriginalStack.describe(
                        endpoints -> endpoints.management().toString())
                .start();
        System.out.println(READY);
        stack.close();
        System.exit(0);
    }

    /** Returns the milliseconds from the start of a process until its stack is ready. */
    static double millisUntilReady() throws InterruptedException {
        long start = System.nanoTime();
        try {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                            "-classpath",
                            System.getProperty("java.class.path"),
                            StackProcess.class.getName())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                String line = output.readLine();
                while (line != null && !line.equals(READY)) {
                    line = output.readLine();
                }
                if (line == null) {
                    throw new IllegalStateException("The stack's process ended with " + process.waitFor());
                }
                double millis = (System.nanoTime() - start) / (double) TimeUnit.MILLISECONDS.toNanos(1);
                if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException("The stack did not close within " + PATIENCE);
                }
                return millis;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
