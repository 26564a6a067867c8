package io.github.visitorcounter.examples.cdk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs programs that may be missing. */
final class Tools {

    /** What a program wrote, and how it ended. */
    record Result(int status, String output) {}

    private Tools() {}

    /** Runs a program; empty when it is not installed. */
    static Optional<Result> run(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + " does not end");
            }
            return Optional.of(new Result(process.exitValue(), output));
        } catch (IOException notInstalled) {
            return Optional.empty();
        }
    }

    static boolean nodeRuns() throws InterruptedException {
        return run("node", "--version").filter(result -> result.status() == 0).isPresent();
    }
}
