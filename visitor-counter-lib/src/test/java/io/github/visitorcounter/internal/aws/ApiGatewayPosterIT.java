package io.github.visitorcounter.internal.aws;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import io.github.visitorcounter.internal.broadcast.delivery.Poster;
import io.github.visitorcounter.internal.broadcast.delivery.PosterContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiAsyncClient;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** The poster with the SDK's real client, on the embedded API Gateway. */
class ApiGatewayPosterIT extends PosterContract {

    private static final BlockingQueue<String> CONNECTED = new LinkedBlockingQueue<>();
    private static final BlockingQueue<String> DISCONNECTED = new LinkedBlockingQueue<>();
    private static final CountDownLatch HANDSHAKES = new CountDownLatch(1);

    private static EmbeddedStack stack;
    private static ApiGatewayManagementApiAsyncClient client;

    private final HttpClient browser = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
        System.setProperty("aws.region", "us-east-1");
        stack = EmbeddedStack.builder()
                .function(FunctionDefinition.builder("connect")
                        .handlerObjects(ApiGatewayPosterIT::connect)
                        .timeout(Duration.ofSeconds(60))
                        .build())
                .function(FunctionDefinition.builder("disconnect")
                        .handlerObjects(() -> recordConnection(DISCONNECTED))
                        .build())
                .webSocketApi(WebSocketApi.builder()
                        .route(WebSocketApi.CONNECT, new RouteTarget.LambdaProxy("connect"))
                        .route(WebSocketApi.DISCONNECT, new RouteTarget.LambdaProxy("disconnect"))
                        .build())
                .start();
        // The long timeout is for the first post, which loads the SDK: more than a second if several builds run.
        client = AwsClients.connections(stack.endpoints().management(), 10, Duration.ofSeconds(5));
    }

    /** Answers at once, or at the end of the tests if the query contains {@code slow}. */
    private static RequestStreamHandler connect() {
        return (input, output, context) -> {
            String event = new String(input.readAllBytes(), StandardCharsets.UTF_8);
            CONNECTED.add(connectionId(event));
            if (event.contains("\"slow\"")) {
                try {
                    HANDSHAKES.await();
                } catch (InterruptedException end) {
                    Thread.currentThread().interrupt();
                }
            }
            output.write("{\"statusCode\":200}".getBytes(StandardCharsets.UTF_8));
        };
    }

    private static RequestStreamHandler recordConnection(BlockingQueue<String> queue) {
        return (input, output, context) -> {
            queue.add(connectionId(new String(input.readAllBytes(), StandardCharsets.UTF_8)));
            output.write("{\"statusCode\":200}".getBytes(StandardCharsets.UTF_8));
        };
    }

    private static String connectionId(String event) throws java.io.IOException {
        return new ObjectMapper()
                .readTree(event)
                .at("/requestContext/connectionId")
                .textValue();
    }

    @AfterEach
    void clearFaults() {
        stack.faults(Faults.NONE);
    }

    @AfterAll
    static void stop() {
        HANDSHAKES.countDown();
        client.close();
        stack.close();
    }

    @Override
    protected Poster poster() {
        return new ApiGatewayPoster(client);
    }

    @Override
    protected Client open() throws Exception {
        Inbox inbox = new Inbox();
        WebSocket socket = browser.newWebSocketBuilder()
                .buildAsync(stack.endpoints().websocket(), inbox)
                .get(30, TimeUnit.SECONDS);
        String connectionId = CONNECTED.take();
        return new Client() {
            @Override
            public String connectionId() {
                return connectionId;
            }

            @Override
            public String next() throws InterruptedException {
                return inbox.messages.poll(30, TimeUnit.SECONDS);
            }

            @Override
            public void close() throws Exception {
                socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(30, TimeUnit.SECONDS);
                assertThat(DISCONNECTED.poll(30, TimeUnit.SECONDS)).isEqualTo(connectionId);
            }
        };
    }

    @Override
    protected String beginHandshake() throws Exception {
        CompletableFuture<WebSocket> handshake = browser.newWebSocketBuilder()
                .buildAsync(URI.create(stack.endpoints().websocket() + "?slow=slow"), new Inbox());
        String connectionId = CONNECTED.take();
        assertThat(handshake).isNotDone();
        return connectionId;
    }

    @Override
    protected void trouble(Trouble trouble) {
        Faults.Builder faults = Faults.builder();
        stack.faults(
                switch (trouble) {
                    case THROTTLES -> faults.post429Ratio(1).build();
                    case FAILS -> faults.post500Ratio(1).build();
                    case HANGS -> faults.postHangRatio(1).build();
                });
    }

    private static final class Inbox implements WebSocket.Listener {

        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final StringBuilder partial = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                messages.add(partial.toString());
                partial.setLength(0);
            }
            webSocket.request(1);
            return null;
        }
    }
}
