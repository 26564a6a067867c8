package com.example.website;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.StackEndpoints;
import io.github.visitorcounter.embeddedstack.dynamodb.TableDefinition;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import io.github.visitorcounter.embeddedstack.lambda.InvocationResult;
import io.github.visitorcounter.embeddedstack.stream.EventSourceMapping;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The website's handlers, on the embedded stack. */
class WebsiteIT {

    private static EmbeddedStack stack;

    private final HttpClient browser = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        stack = EmbeddedStack.builder()
                .table(TableDefinition.keyedBy(SiteSettings.VISITORS_TABLE, "connectionId")
                        .withTimeToLive("expiresAt"))
                .table(TableDefinition.keyedBy(SiteSettings.COUNTS_TABLE, "counterId")
                        .withStream(StreamViewType.NEW_IMAGE))
                .function(function("connect", SiteConnectHandler.class).build())
                .function(function("disconnect", SiteDisconnectHandler.class).build())
                .function(function("broadcast", SiteBroadcastHandler.class)
                        .environment(Setting.CALLBACK_URL.variable(), WebsiteIT::callbackUrl)
                        .build())
                .function(function("wake-up", SiteBroadcastHandler.class)
                        .environment(Setting.CALLBACK_URL.variable(), WebsiteIT::callbackUrl)
                        .build())
                .function(function("message", SiteMessageHandler.class).build())
                .function(function("reconcile", SiteReconcileHandler.class)
                        .environment(Setting.CALLBACK_URL.variable(), WebsiteIT::callbackUrl)
                        .build())
                .eventSourceMapping(EventSourceMapping.builder(SiteSettings.COUNTS_TABLE, "wake-up")
                        .filter("{\"dynamodb\":{\"NewImage\":{\"counterId\":{\"S\":[{\"prefix\":\"wake#\"}]}}}}")
                        .maximumBatchingWindowInSeconds(1)
                        .reportBatchItemFailures(true)
                        .maximumRetryAttempts(3)
                        .build())
                .eventSourceMapping(EventSourceMapping.builder(SiteSettings.COUNTS_TABLE, "broadcast")
                        .filter("{\"dynamodb\":{\"NewImage\":{\"lastChange\":{\"S\":[{\"exists\":true}]}}}}")
                        .reportBatchItemFailures(true)
                        .maximumRetryAttempts(3)
                        .build())
                .webSocketApi(WebSocketApi.builder()
                        .route(WebSocketApi.CONNECT, new RouteTarget.LambdaProxy("connect"))
                        .route(WebSocketApi.DISCONNECT, new RouteTarget.LambdaProxy("disconnect"))
                        .routeWithResponse(WebSocketApi.DEFAULT, new RouteTarget.LambdaProxy("message"))
                        .build())
                .start();
    }

    private static FunctionDefinition.Builder function(String name, Class<?> handler) {
        return FunctionDefinition.builder(name).handler(handler).timeout(Duration.ofSeconds(20));
    }

    private static String callbackUrl(StackEndpoints endpoints) {
        return endpoints.management().toString();
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void readers_receive_the_count_in_words() throws Exception {
        Reader first = new Reader();
        WebSocket firstSocket = open(first, "a browser");
        first.receives("1 person is reading this");

        Reader second = new Reader();
        WebSocket secondSocket = open(second, "a browser");
        first.receives("2 people are reading this");
        second.receives("2 people are reading this");

        secondSocket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        first.receives("1 person is reading this");
        firstSocket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }

    @Test
    void a_reader_may_request_the_count_and_its_duration() throws Exception {
        Reader reader = new Reader();
        WebSocket socket = open(reader, "a browser");
        reader.receives("reading this");

        socket.sendText("{\"action\":\"count\"}", true).join();
        reader.receives("1 person is reading this");
        socket.sendText("{\"action\":\"stay\"}", true).join();
        reader.receives("{\"type\":\"stay\",\"seconds\":");
        socket.sendText("hello?", true).join();
        reader.receives("\"allowed\":[\"count\",\"ping\"]");

        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }

    @Test
    void an_edited_number_is_repaired() throws Exception {
        Reader reader = new Reader();
        WebSocket socket = open(reader, "a browser");
        reader.receives("1 person is reading this");
        stack.dynamoDb().updateItem(request -> request.tableName(SiteSettings.COUNTS_TABLE)
                .key(Map.of("counterId", AttributeValue.fromS("site")))
                .updateExpression("SET live = :wrong, lastChange = :edit ADD version :one")
                .expressionAttributeValues(Map.of(
                        ":wrong", AttributeValue.fromN("8"),
                        ":edit", AttributeValue.fromS("RECONCILE"),
                        ":one", AttributeValue.fromN("1"))));
        reader.receives("8 people are reading this");

        InvocationResult result = stack.invoke("reconcile", "{}").get(30, TimeUnit.SECONDS);

        assertThat(result.payload()).contains("\"drifts\":{\"site\":7}");
        reader.receives("1 person is reading this");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }

    @Test
    void a_robot_is_rejected_by_its_user_agent() {
        assertRejected(() -> open(new Reader(), "a bot"));
    }

    @Test
    void another_site_s_page_is_rejected() {
        assertRejected(() -> open(new Reader(), "a browser", "https://www.example.org"));
    }

    private static void assertRejected(ThrowingCallable opening) {
        assertThatThrownBy(opening)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(WebSocketHandshakeException.class, rejection -> assertThat(
                                rejection.getResponse().statusCode())
                        .isEqualTo(403));
    }

    private WebSocket open(Reader reader, String userAgent) throws Exception {
        return open(reader, userAgent, "https://www.example.com");
    }

    private WebSocket open(Reader reader, String userAgent, String origin) throws Exception {
        return browser.newWebSocketBuilder()
                .header("Origin", origin)
                .header("User-Agent", userAgent)
                .buildAsync(stack.endpoints().websocket(), reader)
                .get(30, TimeUnit.SECONDS);
    }

    private static final class Reader implements WebSocket.Listener {

        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            messages.add(data.toString());
            webSocket.request(1);
            return null;
        }

        /** Waits for a message with this text; earlier messages are skipped. */
        void receives(String text) throws InterruptedException {
            String message = messages.poll(30, TimeUnit.SECONDS);
            while (message != null && !message.contains(text)) {
                message = messages.poll(30, TimeUnit.SECONDS);
            }
            assertThat(message).isNotNull();
        }
    }
}
