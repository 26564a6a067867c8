package com.example.lowest;

import com.fasterxml.jackson.databind.cfg.PackageVersion;
import io.github.visitorcounter.ConnectHandler;
import io.github.visitorcounter.DisconnectHandler;
import io.github.visitorcounter.Setting;
import io.github.visitorcounter.StreamBroadcastHandler;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.dynamodb.TableDefinition;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import io.github.visitorcounter.embeddedstack.stream.EventSourceMapping;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** The library and the stack with the lowest supported versions of their dependencies. */
@Timeout(240)
class LowestVersionsIT {

    @Test
    void visitors_are_counted_and_see_each_other() throws Exception {
        assertThat(VersionInfo.SDK_VERSION).isEqualTo("2.33.0");
        assertThat(PackageVersion.VERSION).hasToString("2.13.5");
        try (EmbeddedStack stack = EmbeddedStack.builder()
                .table(TableDefinition.keyedBy("ConnectionIDs", "connectionId").withTimeToLive("expiresAt"))
                .table(TableDefinition.keyedBy("VisitorCount", "counterId").withStream(StreamViewType.NEW_IMAGE))
                .function(function("connect", ConnectHandler.class).build())
                .function(function("disconnect", DisconnectHandler.class).build())
                .function(function("broadcast", StreamBroadcastHandler.class)
                        .environment(
                                Setting.CALLBACK_URL.variable(),
                                endpoints -> endpoints.management().toString())
                        .build())
                .eventSourceMapping(EventSourceMapping.builder("VisitorCount", "broadcast")
                        .filter("{\"dynamodb\":{\"NewImage\":{\"lastChange\":{\"S\":[{\"exists\":true}]}}}}")
                        .reportBatchItemFailures(true)
                        .build())
                .webSocketApi(WebSocketApi.builder()
                        .route(WebSocketApi.CONNECT, new RouteTarget.LambdaProxy("connect"))
                        .route(WebSocketApi.DISCONNECT, new RouteTarget.LambdaProxy("disconnect"))
                        .build())
                .start()) {
            BlockingQueue<String> messages = new LinkedBlockingQueue<>();
            open(stack, messages);
            open(stack, new LinkedBlockingQueue<>());
            String message;
            do {
                message = messages.poll(60, TimeUnit.SECONDS);
                assertThat(message).as("a message that shows both").isNotNull();
            } while (!message.contains("\"live\":2"));
        }
    }

    private static FunctionDefinition.Builder function(String name, Class<?> handler) {
        return FunctionDefinition.builder(name)
                .handler(handler)
                .timeout(Duration.ofSeconds(60))
                .environment(Setting.ALLOWED_ORIGINS.variable(), "*");
    }

    private static void open(EmbeddedStack stack, BlockingQueue<String> messages) throws Exception {
        HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(stack.endpoints().websocket(), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                        messages.add(data.toString());
                        socket.request(1);
                        return null;
                    }
                })
                .get(60, TimeUnit.SECONDS);
    }
}
