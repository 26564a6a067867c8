package io.github.visitorcounter.embeddedstack;

import io.github.visitorcounter.embeddedstack.client.WebSocketClient;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.dynamodb.TableDefinition;
import io.github.visitorcounter.embeddedstack.gateway.LambdaAuthorizer;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import io.github.visitorcounter.embeddedstack.junit.EmbeddedStackExtension;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import io.github.visitorcounter.embeddedstack.stream.EventSourceMapping;
import io.github.visitorcounter.embeddedstack.template.StackTemplate;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The snippets of the README: they compile, and {@link ReadmeTest} compares them. */
final class ReadmeSnippets {

    private ReadmeSnippets() {}

    @RegisterExtension
    static final EmbeddedStackExtension STACK = EmbeddedStackExtension.of(() -> EmbeddedStack.builder()
            .table(TableDefinition.keyedBy("Rooms", "roomId").withStream(StreamViewType.NEW_IMAGE))
            .function(FunctionDefinition.builder("connect")
                    .handler("com.example.ConnectHandler")
                    .environment(
                            "CALLBACK_URL", endpoints -> endpoints.management().toString())
                    .build())
            .function(FunctionDefinition.builder("broadcast")
                    .handler("com.example.BroadcastHandler")
                    .build())
            .eventSourceMapping(EventSourceMapping.builder("Rooms", "broadcast")
                    .reportBatchItemFailures(true)
                    .build())
            .webSocketApi(WebSocketApi.builder()
                    .authorizer(new LambdaAuthorizer("connect", List.of("route.request.querystring.token")))
                    .route(WebSocketApi.CONNECT, new RouteTarget.LambdaProxy("connect"))
                    .routeWithResponse("ping", new RouteTarget.Mock("{\"type\":\"pong\"}"))
                    .build()));

    static void withoutJUnit() throws IOException {
        StackTemplate template = StackTemplate.read(Path.of("template.yaml"), Map.of("Stage", "test"));
        template.unsupportedResources().forEach(System.out::println);
        try (EmbeddedStack stack = template.describe().start();
                WebSocketClient ann = stack.client().query("token", "ann").connect()) {
            stack.faults(Faults.builder()
                    .post429Ratio(0.05)
                    .dynamodbConflictRatio(0.2)
                    .build());
            ann.send("{\"action\":\"ping\"}");
        }
    }
}
