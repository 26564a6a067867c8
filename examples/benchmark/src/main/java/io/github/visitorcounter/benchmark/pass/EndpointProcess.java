package io.github.visitorcounter.benchmark.pass;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The process of a {@link PostEndpoint}, and its readings. */
public final class EndpointProcess implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 10;

    /**
     * The posts since the latency was set.
     *
     * @param posts the number of posts
     * @param nanos from the first post to the last response
     */
    public record Reading(long posts, long nanos) {}

    private final Process process;
    private final URI address;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    private EndpointProcess(Process process, int port) {
        this.process = process;
        this.address = URI.create("http://127.0.0.1:" + port);
    }

    /** Starts the process. */
    public static EndpointProcess start() {
        try {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                            "-classpath",
                            System.getProperty("java.class.path"),
                            PostEndpoint.class.getName())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String port = output.readLine();
            if (port == null) {
                throw new IOException("The endpoint's process ended at once; its own message is above");
            }
            return new EndpointProcess(process, Integer.parseInt(port));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Where to post, as the address of a stage. */
    public URI address() {
        return address;
    }

    /** Sets the duration of each post, and resets the counts. */
    public void begin(int latencyMillis) throws InterruptedException {
        send(HttpRequest.newBuilder(address.resolve("/latency?" + latencyMillis))
                .PUT(HttpRequest.BodyPublishers.noBody()));
    }

    /** Waits until that many posts have been received, and their latency has passed. */
    public Reading await(long posts, int latencyMillis, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        Reading reading = read();
        while (reading.posts < posts) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Only " + reading.posts + " of " + posts + " posts came in " + limit);
            }
            Thread.sleep(POLL_MILLIS);
            reading = read();
        }
        Thread.sleep(2L * latencyMillis + POLL_MILLIS);
        return read();
    }

    private Reading read() throws InterruptedException {
        String[] numbers = send(HttpRequest.newBuilder(address)).split(" ", -1);
        return new Reading(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
    }

    private String send(HttpRequest.Builder request) throws InterruptedException {
        try {
            HttpResponse<String> response =
                    http.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException("The endpoint answered " + response.statusCode());
            }
            return response.body();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
