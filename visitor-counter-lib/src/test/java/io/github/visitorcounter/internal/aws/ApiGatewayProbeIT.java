package io.github.visitorcounter.internal.aws;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import io.github.visitorcounter.internal.reconcile.ConnectionProbe.Answer;
import io.github.visitorcounter.internal.reconcile.ConnectionProbe.State;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiAsyncClient;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** The probe with the SDK's real client, on the embedded API Gateway. */
class ApiGatewayProbeIT {

    private static final BlockingQueue<String> CONNECTED = new LinkedBlockingQueue<>();
    private static final BlockingQueue<String> DISCONNECTED = new LinkedBlockingQueue<>();

    private static EmbeddedStack stack;
    private static ApiGatewayManagementApiAsyncClient client;

    @BeforeAll
    static void start() {
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
        System.setProperty("aws.region", "us-east-1");
        stack = EmbeddedStack.builder()
                .function(recording("connect", CONNECTED))
                .function(recording("disconnect", DISCONNECTED))
                .webSocketApi(WebSocketApi.builder()
                        .route(WebSocketApi.CONNECT, new RouteTarget.LambdaProxy("connect"))
                        .route(WebSocketApi.DISCONNECT, new RouteTarget.LambdaProxy("disconnect"))
                        .build())
                .start();
        client = client(stack.endpoints().management());
    }

    private static ApiGatewayManagementApiAsyncClient client(URI callbackUrl) {
        return AwsClients.connections(callbackUrl, 10, Duration.ofSeconds(5));
    }

    private static FunctionDefinition recording(String name, BlockingQueue<String> connectionIds) {
        RequestStreamHandler handler = (input, output, context) -> {
            connectionIds.add(connectionId(input));
            output.write("{\"statusCode\":200}".getBytes(StandardCharsets.UTF_8));
        };
        return FunctionDefinition.builder(name).handlerObjects(() -> handler).build();
    }

    private static String connectionId(InputStream event) throws IOException {
        return new ObjectMapper()
                .readTree(event)
                .at("/requestContext/connectionId")
                .textValue();
    }

    @AfterAll
    static void stop() {
        client.close();
        stack.close();
    }

    @Test
    void a_connection_is_open_until_it_is_closed() throws Exception {
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(stack.endpoints().websocket(), new WebSocket.Listener() {})
                .get(30, TimeUnit.SECONDS);
        String connectionId = CONNECTED.take();
        assertThat(probe(client, connectionId)).isEqualTo(Answer.OPEN);

        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(30, TimeUnit.SECONDS);
        assertThat(DISCONNECTED.poll(30, TimeUnit.SECONDS)).isEqualTo(connectionId);
        assertThat(probe(client, connectionId)).isEqualTo(Answer.GONE);
    }

    @Test
    void state_is_unknown_without_an_answer() throws Exception {
        try (ApiGatewayManagementApiAsyncClient unreachable = client(URI.create("http://127.0.0.1:1/prod"))) {
            Answer answer = probe(unreachable, "L0SM9cOFvHcCIhw=");

            assertThat(answer.state()).isEqualTo(State.UNKNOWN);
            assertThat(answer.failure().check()).contains("VISITOR_COUNTER_CALLBACK_URL");
        }
    }

    private static Answer probe(ApiGatewayManagementApiAsyncClient through, String connectionId) throws Exception {
        return new ApiGatewayProbe(through)
                .ask(connectionId)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }
}
