package io.github.visitorcounter.embeddedstack;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.visitorcounter.embeddedstack.client.WebSocketClient;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget.LambdaProxy;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;

/** Closing a busy stack logs no failure that only the shutdown has caused. */
@Timeout(120)
class QuietCloseIT {

    private static final int CLIENTS = 20;
    private static final AtomicInteger DISCONNECTED = new AtomicInteger();
    private static final List<Integer> POSTED = new CopyOnWriteArrayList<>();
    private static final CountDownLatch STUCK = new CountDownLatch(1);

    @Test
    void functions_may_finish_and_interrupted_ones_log_nothing() throws Exception {
        List<String> logged = new CopyOnWriteArrayList<>();
        EmbeddedStack stack = EmbeddedStack.builder()
                .function(FunctionDefinition.builder("disconnect")
                        .handlerObjects(Disconnect::new)
                        .maximumConcurrency(5)
                        .timeout(Duration.ofSeconds(60))
                        .build())
                .function(FunctionDefinition.builder("stuck")
                        .handlerObjects(Stuck::new)
                        .timeout(Duration.ofSeconds(60))
                        .build())
                .webSocketApi(WebSocketApi.builder()
                        .route("$disconnect", new LambdaProxy("disconnect"))
                        .route("$default", new LambdaProxy("stuck"))
                        .build())
                .logSink(logged::add)
                .start();
        Disconnect.management = stack.endpoints().management();
        for (int i = 0; i < CLIENTS; i++) {
            WebSocketClient unused = stack.connect();
        }
        stack.connect().send("hold on");
        assertThat(STUCK.await(20, TimeUnit.SECONDS)).isTrue();
        var unanswered = stack.invoke("stuck", "{}");

        String printed = printedBy(stack::close);

        assertThat(unanswered).isDone();
        assertThat(printed).isEmpty();
        assertThat(logged).isEmpty();
        assertThat(DISCONNECTED).hasValue(CLIENTS + 1);
        assertThat(POSTED).as("a closed connection is gone, as on AWS").containsOnly(410);
    }

    private static String printedBy(Runnable action) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        try (PrintStream kept = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(kept);
            System.setErr(kept);
            action.run();
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** Posts to its own connection, like a broadcast that does not know that the connection is closed. */
    public static final class Disconnect implements RequestHandler<Map<String, Object>, Map<String, Object>> {

        private static volatile URI management;
        private static final HttpClient HTTP = HttpClient.newHttpClient();

        @Override
        public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
            String id = String.valueOf(((Map<?, ?>) event.get("requestContext")).get("connectionId"));
            try {
                int status = HTTP.send(
                                HttpRequest.newBuilder(
                                                URI.create(management + "/@connections/" + id.replace("=", "%3D")))
                                        .header("Authorization", "AWS4-HMAC-SHA256")
                                        .POST(HttpRequest.BodyPublishers.ofString("bye"))
                                        .build(),
                                BodyHandlers.ofString())
                        .statusCode();
                POSTED.add(status);
                if (status != 410) {
                    context.getLogger().log("broadcast failed: " + status);
                }
            } catch (Exception e) {
                context.getLogger().log("broadcast failed: " + e);
            }
            DISCONNECTED.incrementAndGet();
            return Map.of("statusCode", 200);
        }
    }

    /** Waits until it is interrupted, and logs a failure. */
    public static final class Stuck implements RequestHandler<Map<String, Object>, Map<String, Object>> {

        @Override
        public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
            STUCK.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                context.getLogger().log("broadcast failed: " + e);
                throw new IllegalStateException(e);
            }
            return Map.of();
        }
    }
}
