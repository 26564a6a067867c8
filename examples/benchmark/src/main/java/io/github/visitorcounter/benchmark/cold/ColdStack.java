package io.github.visitorcounter.benchmark.cold;

import io.github.visitorcounter.ConnectHandler;
import io.github.visitorcounter.Setting;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.dynamodb.TableDefinition;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The environment of the started functions: the tables, and an API with one visitor, who stays connected. Without a
 * stream: functions are invoked directly.
 */
final class ColdStack implements AutoCloseable {

    private static final String CONNECTIONS = "ConnectionIDs";
    private static final String COUNT = "VisitorCount";
    private static final String CONNECT = "connect";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final EmbeddedStack stack;
    private final WebSocket visitor;
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final String visitorId;
    private final Map<String, AttributeValue> count;

    private ColdStack(EmbeddedStack stack) {
        this.stack = stack;
        this.visitor = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(stack.endpoints().websocket(), new Inbox(received))
                .join();
        this.visitorId = ids(CONNECTIONS, "connectionId").get(0);
        this.count = stack.dynamoDb()
                .getItem(request -> request.tableName(COUNT).key(Map.of("counterId", AttributeValue.fromS("site"))))
                .item();
    }

    static ColdStack start() {
        return new ColdStack(EmbeddedStack.builder()
                .table(TableDefinition.keyedBy(CONNECTIONS, "connectionId"))
                .table(TableDefinition.keyedBy(COUNT, "counterId"))
                .function(FunctionDefinition.builder(CONNECT)
                        .handler(ConnectHandler.class)
                        .timeout(PATIENCE)
                        .environment(Setting.CONNECTIONS_TABLE.variable(), CONNECTIONS)
                        .environment(Setting.COUNTERS_TABLE.variable(), COUNT)
                        .environment(Setting.ALLOWED_ORIGINS.variable(), "*")
                        .build())
                .webSocketApi(WebSocketApi.builder()
                        .stage("local")
                        .route(WebSocketApi.CONNECT, new RouteTarget.LambdaProxy(CONNECT))
                        .build())
                .logSink(line -> {})
                .start());
    }

    /** The environment variables of a function on Lambda, and those that direct it to this stack. */
    Map<String, String> environment() {
        String callbackUrl = stack.endpoints().management().toString();
        Map<String, String> variables = new HashMap<>();
        variables.put("LANG", "en_US.UTF-8");
        variables.put("TZ", ":UTC");
        variables.put("AWS_REGION", "us-east-1");
        variables.put("AWS_DEFAULT_REGION", "us-east-1");
        variables.put("AWS_ACCESS_KEY_ID", "local");
        variables.put("AWS_SECRET_ACCESS_KEY", "local");
        variables.put("AWS_SESSION_TOKEN", "local");
        variables.put("AWS_LAMBDA_FUNCTION_NAME", "cold");
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", "1");
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024");
        variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/cold");
        variables.put("AWS_LAMBDA_LOG_STREAM_NAME", "1");
        variables.put("AWS_LAMBDA_LOG_FORMAT", "JSON");
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        variables.put("AWS_ENDPOINT_URL_DYNAMODB", stack.endpoints().dynamodb().toString());
        variables.put("AWS_ENDPOINT_URL_LAMBDA", stack.endpoints().lambda().toString());
        variables.put(Setting.CONNECTIONS_TABLE.variable(), CONNECTIONS);
        variables.put(Setting.COUNTERS_TABLE.variable(), COUNT);
        variables.put(Setting.ALLOWED_ORIGINS.variable(), "*");
        variables.put(Setting.CALLBACK_URL.variable(), callbackUrl);
        variables.put("CALLBACK_URL", callbackUrl);
        return variables;
    }

    /** A client of the stack's DynamoDB. */
    DynamoDbClient dynamoDb() {
        return stack.dynamoDb();
    }

    /** The one visitor's connection. */
    String visitorId() {
        return visitorId;
    }

    /** The number of calls to DynamoDB. */
    long calls() {
        return stack.stats().dynamodb().calls().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Restores the initial state: one visitor and the count. */
    void reset() {
        received.clear();
        deleteAllBut(CONNECTIONS, "connectionId", visitorId);
        deleteAllBut(COUNT, "counterId", "site");
        stack.dynamoDb().putItem(request -> request.tableName(COUNT).item(count));
    }

    private void deleteAllBut(String table, String key, String kept) {
        for (String id : ids(table, key)) {
            if (!id.equals(kept)) {
                stack.dynamoDb()
                        .deleteItem(request -> request.tableName(table).key(Map.of(key, AttributeValue.fromS(id))));
            }
        }
    }

    private List<String> ids(String table, String key) {
        return stack.dynamoDb().scan(request -> request.tableName(table).projectionExpression(key)).items().stream()
                .flatMap(row -> row.values().stream())
                .map(AttributeValue::s)
                .toList();
    }

    /** Checks that the function has done its task; otherwise the measurement is invalid. */
    void check(Function function, String connectionId, String answer) throws InterruptedException {
        boolean done =
                switch (function) {
                    case CONNECT -> answer.contains("200") && hasRow(connectionId);
                    case BROADCAST -> received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS) != null;
                };
        if (!done) {
            throw new IllegalStateException(function.title() + " has not done its work; it answered " + answer);
        }
    }

    private boolean hasRow(String connectionId) {
        return stack.dynamoDb()
                .getItem(request ->
                        request.tableName(CONNECTIONS).key(Map.of("connectionId", AttributeValue.fromS(connectionId))))
                .hasItem();
    }

    @Override
    public void close() {
        visitor.abort();
        stack.close();
    }

    private record Inbox(BlockingQueue<String> received) implements WebSocket.Listener {

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            received.add(data.toString());
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }
}
