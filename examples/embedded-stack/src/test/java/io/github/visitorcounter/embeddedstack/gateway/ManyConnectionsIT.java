package io.github.visitorcounter.embeddedstack.gateway;

import io.github.visitorcounter.embeddedstack.lambda.InvocationResult;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

class ManyConnectionsIT {

    @Test
    void a_thousand_clients_connect_receive_a_message_and_disconnect() throws Exception {
        try (TestGateway gateway = new TestGateway(TestGateway.api().build())) {
            Executor slow = CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);
            gateway.functions.script(
                    "connect",
                    event -> CompletableFuture.<InvocationResult>supplyAsync(
                            () -> ScriptedFunctions.result(ScriptedFunctions.OK), slow));
            List<TestClient> clients = new ArrayList<>();
            List<CompletableFuture<?>> handshakes = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                TestClient client = new TestClient();
                clients.add(client);
                handshakes.add(gateway.http
                        .newWebSocketBuilder()
                        .buildAsync(gateway.socketUri(""), client)
                        .thenAccept(socket -> client.socket = socket));
            }
            CompletableFuture.allOf(handshakes.toArray(CompletableFuture<?>[]::new))
                    .get(60, SECONDS);

            Set<String> ids = new HashSet<>();
            for (int i = 0; i < 1000; i++) {
                ids.add(gateway.functions
                        .next("connect")
                        .path("requestContext")
                        .path("connectionId")
                        .asText());
            }
            assertThat(ids).hasSize(1000);
            try (var sdk = gateway.sdk()) {
                for (String id : ids) {
                    sdk.postToConnection(request -> request.connectionId(id).data(SdkBytes.fromUtf8String("to all")));
                }
            }
            for (TestClient client : clients) {
                assertThat(client.next()).isEqualTo("to all");
            }

            clients.forEach(client -> client.socket.abort());

            Set<String> left = new HashSet<>();
            for (int i = 0; i < 1000; i++) {
                left.add(gateway.functions
                        .next("disconnect")
                        .path("requestContext")
                        .path("connectionId")
                        .asText());
            }
            assertThat(left).isEqualTo(ids);
        }
    }
}
