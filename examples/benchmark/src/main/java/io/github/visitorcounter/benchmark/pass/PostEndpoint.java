package io.github.visitorcounter.benchmark.pass;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * A separate process that answers every post with 200 after the latency, and measures them. There are no sockets behind
 * it. {@code PUT /latency?10} sets the latency in milliseconds and resets the counts; {@code GET /} returns the number
 * of posts, and the nanoseconds from the first one to the last response.
 */
public final class PostEndpoint extends Handler.Abstract {

    private int latencyMillis;
    private long posts;
    private long firstAt;
    private long lastAt;

    private PostEndpoint() {}

    /**
     * Runs until its standard input ends, that is, until the process that started it does.
     *
     * @param arguments none
     * @throws Exception if it cannot start
     */
    public static void main(String[] arguments) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        connector.setAcceptQueueSize(4096);
        server.addConnector(connector);
        server.setHandler(new PostEndpoint());
        server.start();
        System.out.println(connector.getLocalPort());
        System.in.transferTo(java.io.OutputStream.nullOutputStream());
        server.stop();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws IOException {
        switch (request.getMethod()) {
            case "POST" -> post(request, callback);
            case "PUT" -> {
                reset(Integer.parseInt(request.getHttpURI().getQuery()));
                callback.succeeded();
            }
            default -> Content.Sink.write(response, true, reading(), callback);
        }
        return true;
    }

    /** Blocking reads: answering from within Jetty's callback breaks one of some 50,000 responses (Jetty 12.1.11). */
    private void post(Request request, Callback callback) throws IOException {
        Content.Source.consumeAll(request);
        answer(request, callback);
    }

    private void answer(Request request, Callback callback) {
        int latency = begin();
        Runnable answer = () -> {
            end();
            callback.succeeded();
        };
        if (latency == 0) {
            answer.run();
        } else {
            var unused = request.getComponents().getScheduler().schedule(answer, latency, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized int begin() {
        if (posts++ == 0) {
            firstAt = System.nanoTime();
        }
        return latencyMillis;
    }

    private synchronized void end() {
        lastAt = System.nanoTime();
    }

    private synchronized void reset(int newLatencyMillis) {
        latencyMillis = newLatencyMillis;
        posts = 0;
        firstAt = 0;
        lastAt = 0;
    }

    private synchronized String reading() {
        return posts + " " + (lastAt - firstAt);
    }
}
