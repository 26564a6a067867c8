package io.github.visitorcounter.benchmark.cold;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The functions in JavaScript, with the AWS SDK for JavaScript from npm, where there is one. */
final class NodePackage {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private NodePackage() {}

    /**
     * Copies the functions and installs what they need.
     *
     * @return an empty string, or the reason of the failure
     */
    static String install(Path source, Path folder, Path log) throws InterruptedException {
        try {
            Files.createDirectories(folder);
            try (Stream<Path> files = Files.list(source)) {
                for (Path file : files.toList()) {
                    Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        if (!succeeds(List.of("node", "--version"), folder, log)) {
            return "not measured: there is no node";
        }
        List<String> install = List.of("npm", "install", "--omit=dev", "--no-audit", "--no-fund", "--no-package-lock");
        return succeeds(install, folder, log) ? "" : "not measured: npm install failed";
    }

    /** Returns the output of {@code node --version}. */
    static String version() {
        try {
            Process process = new ProcessBuilder("node", "--version").start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean succeeds(List<String> command, Path folder, Path log) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }
}
