package io.github.visitorcounter.benchmark.cold;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lambda's runtime API on loopback, for one function instance and one invocation. It records the time of each step; an
 * instance with a snapshot waits in {@code restore/next} until it is restored.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">the runtime API</a>
 */
final class RuntimeApi extends Handler.Abstract implements AutoCloseable {

    private static final String ROOT = "/2018-06-01/runtime/";
    private static final String REQUEST_ID = "11111111-2222-3333-4444-555555555555";
    private static final Duration TIME_TO_RUN = Duration.ofSeconds(60);
    private static final int ACCEPTED = 202;
    private static final int NOT_FOUND = 404;

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);
    private final String event;
    private final CompletableFuture<Long> initialised = new CompletableFuture<>();
    private final CompletableFuture<Long> readyForSnapshot = new CompletableFuture<>();
    private final CompletableFuture<Void> restored = new CompletableFuture<>();
    private final CompletableFuture<Answer> answered = new CompletableFuture<>();

    /**
     * The function's response.
     *
     * @param nanos when it was received, by {@link System#nanoTime}
     * @param text the response
     */
    record Answer(long nanos, String text) {}

    private RuntimeApi(String event) {
        this.event = event;
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(this);
    }

    /** Starts the API; the function is invoked with the event as soon as it requests one. */
    static RuntimeApi start(String event) {
        RuntimeApi api = new RuntimeApi(event);
        try {
            api.server.start();
        } catch (Exception failure) {
            throw new IllegalStateException("The runtime API could not be started", failure);
        }
        return api;
    }

    /** The function's {@code AWS_LAMBDA_RUNTIME_API}. */
    String address() {
        return "127.0.0.1:" + connector.getLocalPort();
    }

    /** Waits until the function is ready for its snapshot. */
    void awaitSnapshot(Duration limit) throws InterruptedException {
        await(readyForSnapshot, limit);
    }

    /** Restores the function. */
    void restore() {
        restored.complete(null);
    }

    /** Waits until the function has requested its first event; returns the time, by {@link System#nanoTime}. */
    long awaitInitialised(Duration limit) throws InterruptedException {
        return await(initialised, limit);
    }

    /** Waits for the response to the event. */
    Answer awaitAnswer(Duration limit) throws InterruptedException {
        return await(answered, limit);
    }

    private static <T> T await(CompletableFuture<T> moment, Duration limit) throws InterruptedException {
        try {
            return moment.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            throw new IllegalStateException("The function failed: " + failure.getCause(), failure);
        } catch (TimeoutException late) {
            throw new IllegalStateException("The function was not that far after " + limit, late);
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = Request.getPathInContext(request);
        switch (path.startsWith(ROOT) ? path.substring(ROOT.length()) : path) {
            case "invocation/next" -> next(response, callback);
            case "invocation/" + REQUEST_ID + "/response" -> {
                String text = Content.Source.asString(request, StandardCharsets.UTF_8);
                answered.complete(new Answer(System.nanoTime(), text));
                accepted(response, callback);
            }
            case "restore/next" -> {
                readyForSnapshot.complete(System.nanoTime());
                var unused = restored.thenRun(callback::succeeded);
            }
            case "invocation/" + REQUEST_ID + "/error", "init/error", "restore/error" -> {
                fail(path + " " + Content.Source.asString(request, StandardCharsets.UTF_8));
                accepted(response, callback);
            }
            default -> Response.writeError(request, response, callback, NOT_FOUND);
        }
        return true;
    }

    /** The second request waits forever: there is no second event. */
    private void next(Response response, Callback callback) {
        if (!initialised.complete(System.nanoTime())) {
            return;
        }
        Instant deadline = Instant.now().plus(TIME_TO_RUN);
        response.getHeaders()
                .put("Lambda-Runtime-Aws-Request-Id", REQUEST_ID)
                .put("Lambda-Runtime-Deadline-Ms", Long.toString(deadline.toEpochMilli()))
                .put("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:cold:live")
                .put("Content-Type", "application/json");
        Content.Sink.write(response, true, event, callback);
    }

    private static void accepted(Response response, Callback callback) {
        response.setStatus(ACCEPTED);
        callback.succeeded();
    }

    /** Fails all pending waits. */
    void fail(String why) {
        IllegalStateException failure = new IllegalStateException(why);
        readyForSnapshot.completeExceptionally(failure);
        initialised.completeExceptionally(failure);
        answered.completeExceptionally(failure);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception failure) {
            throw new IllegalStateException("The runtime API could not be stopped", failure);
        }
    }
}
