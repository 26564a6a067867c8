package io.github.visitorcounter.benchmark.original;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.StackEndpoints;
import io.github.visitorcounter.embeddedstack.dynamodb.TableDefinition;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import io.github.visitorcounter.embeddedstack.stream.EventSourceMapping;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

import java.time.Duration;
import java.util.function.Function;

/**
 * The original design as a stack: an event source mapping with Lambda's defaults, and a direct invocation at each
 * disconnect.
 */
public final class OriginalStack {

    /** The function behind the stream. */
    public static final String BROADCAST = "broadcast";

    private static final String CONNECT = "connect";
    private static final String DISCONNECT = "disconnect";
    private static final int DEFAULT_BATCH = 100;
    private static final String ARRIVALS = "{\"dynamodb\":{\"NewImage\":{\"left\":{\"S\":[\"no\"]}}}}";

    private OriginalStack() {}

    /**
     * Describes the stack.
     *
     * @param callbackUrl where the broadcasting function posts
     * @return a builder, ready to start
     */
    public static EmbeddedStack.Builder describe(Function<StackEndpoints, String> callbackUrl) {
        return EmbeddedStack.builder()
                .table(new TableDefinition(
                        table(OriginalTables.CONNECTIONS, "connectionId").build()))
                .table(new TableDefinition(table(OriginalTables.COUNT, "counterId")
                        .streamSpecification(
                                stream -> stream.streamEnabled(true).streamViewType(StreamViewType.NEW_IMAGE))
                        .build()))
                .function(FunctionDefinition.builder(CONNECT)
                        .handler(OriginalConnectHandler.class)
                        .timeout(Duration.ofSeconds(10))
                        .build())
                .function(FunctionDefinition.builder(DISCONNECT)
                        .handler(OriginalDisconnectHandler.class)
                        .timeout(Duration.ofSeconds(10))
                        .build())
                .function(FunctionDefinition.builder(BROADCAST)
                        .handler(OriginalBroadcastHandler.class)
                        .environment(OriginalBroadcastHandler.CALLBACK_URL, callbackUrl)
                        .timeout(Duration.ofMinutes(15))
                        .build())
                .eventSourceMapping(EventSourceMapping.builder(OriginalTables.COUNT, BROADCAST)
                        .batchSize(DEFAULT_BATCH)
                        .filter(ARRIVALS)
                        .build())
                .webSocketApi(WebSocketApi.builder()
                        .stage("local")
                        .route(WebSocketApi.CONNECT, new RouteTarget.LambdaProxy(CONNECT))
                        .route(WebSocketApi.DISCONNECT, new RouteTarget.LambdaProxy(DISCONNECT))
                        .build());
    }

    private static CreateTableRequest.Builder table(String name, String key) {
        return CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(AttributeDefinition.builder()
                        .attributeName(key)
                        .attributeType(ScalarAttributeType.S)
                        .build())
                .keySchema(KeySchemaElement.builder()
                        .attributeName(key)
                        .keyType(KeyType.HASH)
                        .build());
    }
}
