package io.github.visitorcounter.internal.priming;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.github.visitorcounter.ConnectHandler;
import io.github.visitorcounter.CountHandler;
import io.github.visitorcounter.DisconnectHandler;
import io.github.visitorcounter.MessageHandler;
import io.github.visitorcounter.Setting;
import io.github.visitorcounter.StreamBroadcastHandler;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.dynamodb.TableDefinition;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import io.github.visitorcounter.internal.testing.TestContext;
import io.github.visitorcounter.testing.Events;
import io.github.visitorcounter.testing.TcpRelay;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** Calls the SnapStart hooks of the handlers, as Lambda does, and checks their requests. */
class PrimingIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String CONNECTIONS = "ConnectionIDs";
    private static final String COUNTERS = "VisitorCount";

    /** The time of the sample event: ConnectHandler rejects a connect that is older than the handshake grace. */
    private static final String CONNECTED_AT = "(\"connectedAt\":)\\d+";

    private final Properties properties = (Properties) System.getProperties().clone();
    private final PrintStream standardOutput = System.out;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private static EmbeddedStack stack;
    private static TcpRelay dynamoDb;
    private static TcpRelay gateway;
    private HttpServer credentials;

    private volatile String accessKey;
    private WebSocket visitor;
    private VisitorCounterConfig config;

    @BeforeAll
    static void start() throws Exception {
        stack = EmbeddedStack.builder()
                .table(TableDefinition.keyedBy(CONNECTIONS, "connectionId"))
                .table(TableDefinition.keyedBy(COUNTERS, "counterId"))
                .function(FunctionDefinition.builder("connect")
                        .handler(ConnectHandler.class)
                        .timeout(Duration.ofSeconds(20))
                        .environment(Setting.CONNECTIONS_TABLE.variable(), CONNECTIONS)
                        .environment(Setting.COUNTERS_TABLE.variable(), COUNTERS)
                        .environment(Setting.ALLOWED_ORIGINS.variable(), "*")
                        .build())
                .function(FunctionDefinition.builder("broadcast")
                        .handlerObjects(() -> (RequestStreamHandler) (input, output, context) -> {})
                        .build())
                .webSocketApi(WebSocketApi.builder()
                        .route(WebSocketApi.CONNECT, new RouteTarget.LambdaProxy("connect"))
                        .build())
                .logSink(line -> {})
                .start();
        dynamoDb = new TcpRelay(stack.endpoints().dynamodb());
        gateway = new TcpRelay(stack.endpoints().management());
    }

    @BeforeEach
    void connectVisitor() throws Exception {
        empty(CONNECTIONS, "connectionId");
        empty(COUNTERS, "counterId");
        dynamoDb.takeRequests();
        gateway.takeRequests();
        visitor = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(stack.endpoints().websocket(), new Inbox())
                .get(30, TimeUnit.SECONDS);
        provideCredentials();
        System.setProperty("aws.region", "us-east-1");
        System.setProperty("aws.endpointUrlDynamoDb", dynamoDb.address().toString());
        System.setProperty("aws.endpointUrlLambda", stack.endpoints().lambda().toString());
        config = settings().build();
        System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    private static VisitorCounterConfig.Builder settings() {
        return VisitorCounterConfig.builder()
                .environment(Map.of())
                .set(Setting.CONNECTIONS_TABLE, CONNECTIONS)
                .set(Setting.COUNTERS_TABLE, COUNTERS)
                .set(Setting.ALLOWED_ORIGINS, Set.of("*"))
                .set(Setting.BROADCAST_FUNCTION, "broadcast")
                .set(Setting.DISCONNECT_DEBOUNCE, false)
                .set(Setting.CALLBACK_URL, gateway.address());
    }

    /** Provides credentials by an HTTP address, as Lambda does for functions with snapshots. */
    private void provideCredentials() throws Exception {
        credentials = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        credentials.createContext("/", exchange -> {
            byte[] answer = ("{\"AccessKeyId\":\"" + accessKey
                            + "\",\"SecretAccessKey\":\"secret\",\"Token\":\"token\","
                            + "\"Expiration\":\"2099-01-01T00:00:00Z\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        credentials.start();
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
        System.setProperty(
                "aws.containerCredentialsFullUri",
                "http://127.0.0.1:" + credentials.getAddress().getPort() + "/");
    }

    @AfterEach
    void disconnectVisitor() {
        System.setOut(standardOutput);
        System.setProperties(properties);
        visitor.abort();
        credentials.stop(0);
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        dynamoDb.close();
        stack.close();
    }

    private void empty(String table, String key) {
        for (String id : ids(table, key)) {
            stack.dynamoDb().deleteItem(request -> request.tableName(table).key(Map.of(key, AttributeValue.fromS(id))));
        }
    }

    /** The functions that are primed. */
    private enum Function {
        CONNECT,
        DISCONNECT,
        MESSAGE,
        COUNT,
        BROADCAST
    }

    @ParameterizedTest
    @EnumSource
    void priming_calls_aws_and_writes_nothing(Function function) {
        accessKey = "BEFORE";
        Set<Map<String, AttributeValue>> before = rows();

        snapshot(function).beforeCheckpoint(null);

        assertThat(rows()).isEqualTo(before).isNotEmpty();
        assertThat(dynamoDb.takeRequests())
                .contains(
                        switch (function) {
                            case CONNECT -> List.of("TransactWriteItems");
                            case DISCONNECT -> List.of("TransactWriteItems", "BatchGetItem");
                            case MESSAGE, COUNT -> List.of("GetItem");
                            case BROADCAST -> List.of("UpdateItem", "GetItem", "Scan");
                        });
        assertThat(gateway.takeRequests().contains("POST /")).isEqualTo(function == Function.BROADCAST);
        assertThat(received).isEmpty();
        assertThat(log.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce("Primed")
                .doesNotContain("failed");
    }

    @ParameterizedTest
    @EnumSource(names = {"CONNECT", "DISCONNECT"})
    void priming_covers_the_transaction_with_a_site_counter(Function function) {
        accessKey = "BEFORE";
        config = settings().set(Setting.SITE_COUNTER, "site").build();
        Set<Map<String, AttributeValue>> before = rows();

        snapshot(function).beforeCheckpoint(null);

        assertThat(rows()).isEqualTo(before);
        assertThat(dynamoDb.takeRequests())
                .contains("\"visit##snapshot##snapshot\"", "\"visit##snapshot-site##snapshot\"");
        assertThat(log.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce("Primed")
                .doesNotContain("failed");
    }

    @ParameterizedTest
    @EnumSource
    void restored_handler_has_new_connections_and_credentials(Function function) throws Exception {
        accessKey = "BEFORE";
        RequestStreamHandler handler = handler(function);
        SnapStart snapshot = snapshot(function);
        snapshot.beforeCheckpoint(null);
        dynamoDb.awaitNoneOpen();
        gateway.awaitNoneOpen();
        String requests = dynamoDb.takeRequests() + gateway.takeRequests();
        assertThat(requests).contains("Credential=BEFORE/");
        assertThat(occurrences("(?i)\r\nconnection: close\r\n", requests))
                .isEqualTo(occurrences("HTTP/1.1\r\n", requests));
        int connectionsBefore = dynamoDb.accepted();

        accessKey = "AFTER";
        snapshot.afterRestore(null);
        invoke(function, handler);

        assertThat(dynamoDb.accepted()).isEqualTo(connectionsBefore + 1);
        assertThat(dynamoDb.takeRequests()).contains("Credential=AFTER/").doesNotContain("BEFORE");
        assertThat(gateway.takeRequests()).doesNotContain("BEFORE");
    }

    @ParameterizedTest
    @EnumSource
    void function_starts_if_priming_fails(Function function) {
        accessKey = "BEFORE";
        config = VisitorCounterConfig.builder()
                .environment(Map.of())
                .set(Setting.CONNECTIONS_TABLE, "NoSuchTable")
                .set(Setting.COUNTERS_TABLE, "NoSuchTable2")
                .set(Setting.ALLOWED_ORIGINS, Set.of("*"))
                .set(Setting.CALLBACK_URL, gateway.address())
                .build();

        snapshot(function).beforeCheckpoint(null);

        assertThat(log.toString(StandardCharsets.UTF_8)).containsOnlyOnce("Priming failed");
        assertThat(handler(function)).isNotNull();
    }

    private static long occurrences(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().count();
    }

    private SnapStart snapshot(Function function) {
        return new SnapStart(
                switch (function) {
                    case CONNECT -> Priming.connect(config);
                    case DISCONNECT -> Priming.disconnect(config);
                    case MESSAGE -> Priming.message(config);
                    case COUNT -> Priming.count(config);
                    case BROADCAST -> Priming.broadcast(config, gateway.address());
                },
                LONG);
    }

    private RequestStreamHandler handler(Function function) {
        return switch (function) {
            case CONNECT -> new ConnectHandler(config) {};
            case DISCONNECT -> new DisconnectHandler(config) {};
            case MESSAGE -> new MessageHandler(config) {};
            case COUNT -> new CountHandler(config) {};
            case BROADCAST -> new StreamBroadcastHandler(config) {};
        };
    }

    /** Invokes the handler once and checks the effect. */
    private void invoke(Function function, RequestStreamHandler handler) throws Exception {
        TestContext context = new TestContext();
        switch (function) {
            case CONNECT -> {
                String event = Events.connect("new=", "site");
                JsonNode answer = Events.handle(
                        handler,
                        event.replaceAll(CONNECTED_AT, "$1" + Instant.now().toEpochMilli()),
                        context);
                assertThat(answer.get("statusCode").intValue())
                        .as(context.log().toString())
                        .isEqualTo(200);
                assertThat(ids(CONNECTIONS, "connectionId")).contains("new=");
            }
            case DISCONNECT -> {
                String visitorId = ids(CONNECTIONS, "connectionId").iterator().next();
                Events.handle(handler, Events.disconnect(visitorId), context);
                assertThat(ids(CONNECTIONS, "connectionId")).isEmpty();
            }
            case MESSAGE -> {
                String visitorId = ids(CONNECTIONS, "connectionId").iterator().next();
                String message = Events.message(visitorId, "{\"action\":\"count\"}");
                assertThat(Events.handle(handler, message, context).get("body").textValue())
                        .contains("\"live\":1");
            }
            case COUNT -> {
                String request = Events.request("GET", "/count", Map.of()).toString();
                assertThat(Events.handle(handler, request, context).get("body").textValue())
                        .contains("\"live\":1");
            }
            case BROADCAST -> {
                Events.handle(handler, "{\"counterId\":\"site\"}", context);
                assertThat(received.poll(30, TimeUnit.SECONDS)).contains("\"live\":1");
            }
        }
    }

    private Set<Map<String, AttributeValue>> rows() {
        Set<Map<String, AttributeValue>> rows = new HashSet<>();
        for (String table : List.of(CONNECTIONS, COUNTERS)) {
            rows.addAll(
                    stack.dynamoDb().scan(request -> request.tableName(table)).items());
        }
        return rows;
    }

    private Set<String> ids(String table, String key) {
        Set<String> ids = new HashSet<>();
        stack.dynamoDb()
                .scan(request -> request.tableName(table))
                .items()
                .forEach(row -> ids.add(row.get(key).s()));
        return ids;
    }

    private final class Inbox implements WebSocket.Listener {

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            received.add(data.toString());
            socket.request(1);
            return null;
        }
    }
}
