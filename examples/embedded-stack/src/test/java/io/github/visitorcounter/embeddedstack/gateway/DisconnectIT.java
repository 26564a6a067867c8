package io.github.visitorcounter.embeddedstack.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.gateway.TestClient.Close;
import io.github.visitorcounter.embeddedstack.lambda.InvocationResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.GoneException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DisconnectIT {

    private static TestGateway gateway;
    private static ApiGatewayManagementApiClient sdk;

    @BeforeAll
    static void start() throws Exception {
        gateway = new TestGateway(TestGateway.api().build());
        sdk = gateway.sdk();
    }

    @AfterAll
    static void stop() throws Exception {
        sdk.close();
        gateway.close();
    }

    @BeforeEach
    void reset() throws Exception {
        gateway.reset();
    }

    @Test
    void the_event_has_the_fields_of_api_gateway_and_no_other() throws Exception {
        TestClient client = gateway.connect();
        client.leave(4001, "enough");

        JsonNode event = gateway.functions.next("disconnect");
        JsonNode context = event.path("requestContext");
        assertThat(names(event))
                .containsExactlyInAnyOrder("headers", "multiValueHeaders", "requestContext", "isBase64Encoded");
        assertThat(names(event.path("headers")))
                .containsExactlyInAnyOrder("Host", "x-api-key", "X-Forwarded-For", "x-restapi");
        assertThat(names(context))
                .containsExactlyInAnyOrder(
                        "routeKey",
                        "disconnectStatusCode",
                        "eventType",
                        "extendedRequestId",
                        "requestTime",
                        "messageDirection",
                        "disconnectReason",
                        "stage",
                        "connectedAt",
                        "requestTimeEpoch",
                        "identity",
                        "requestId",
                        "domainName",
                        "connectionId",
                        "apiId");
        assertThat(context.path("routeKey").asText()).isEqualTo("$disconnect");
        assertThat(context.path("eventType").asText()).isEqualTo("DISCONNECT");
        assertThat(context.path("connectionId").asText()).isEqualTo(client.id);
        assertEnd(context, 4001, "enough");
        assertThatThrownBy(() -> sdk.getConnection(request -> request.connectionId(client.id)))
                .isInstanceOf(GoneException.class);
        TestGateway.await("the meter", () -> gateway.meter.calls.contains("closed"));
        assertThat(gateway.meter.durations).hasSize(1).allMatch(lasted -> lasted.compareTo(Duration.ZERO) > 0);
    }

    @Test
    void a_close_frame_without_a_code_is_1005() throws Exception {
        try (RawClient client = connectRaw()) {
            client.frame(true, 8, new byte[0]);

            assertEnd(
                    gateway.functions.next("disconnect").path("requestContext"),
                    1005,
                    "Client-side close frame status not set");
        }
    }

    @Test
    void a_closed_page_is_1001_without_a_reason() throws Exception {
        try (RawClient client = connectRaw()) {
            client.frame(true, 8, new byte[] {0x03, (byte) 0xe9});

            assertEnd(gateway.functions.next("disconnect").path("requestContext"), 1001, "");
        }
    }

    @Test
    void a_client_that_vanishes_without_a_close_frame_is_1006() throws Exception {
        connectRaw().vanish();
        assertEnd(gateway.functions.next("disconnect").path("requestContext"), 1006, "");

        connectRaw().close();
        assertEnd(gateway.functions.next("disconnect").path("requestContext"), 1006, "");
    }

    @Test
    void delete_closes_with_1000_and_the_connection_is_gone_at_once() throws Exception {
        TestClient client = gateway.connect();

        sdk.deleteConnection(request -> request.connectionId(client.id));

        assertThatThrownBy(() -> sdk.getConnection(request -> request.connectionId(client.id)))
                .isInstanceOf(GoneException.class);
        assertThat(client.close()).isEqualTo(new Close(1000, "Connection Closed Normally"));
        assertEnd(gateway.functions.next("disconnect").path("requestContext"), 1000, "Connection Closed Normally");
    }

    @Test
    void a_client_that_does_not_answer_the_close_frame_is_cut_off() throws Exception {
        try (RawClient client = connectRaw()) {
            String id = gateway.functions
                    .next("connect")
                    .path("requestContext")
                    .path("connectionId")
                    .asText();

            sdk.deleteConnection(request -> request.connectionId(id));

            assertThat(client.read().closeCode()).isEqualTo(1000);
            assertEnd(gateway.functions.next("disconnect").path("requestContext"), 1000, "Connection Closed Normally");
        }
    }

    @Test
    void an_idle_connection_is_closed_and_pings_do_not_keep_it() throws Exception {
        try (TestGateway hasty = new TestGateway(
                TestGateway.api().idleTimeout(Duration.ofSeconds(1)).build())) {
            TestClient pinging = hasty.connect();
            TestClient talking = hasty.connect();
            TestClient listening = hasty.connect();
            try (ApiGatewayManagementApiClient hastySdk = hasty.sdk()) {
                Instant patience = Instant.now().plus(TestGateway.PATIENCE);
                while (!pinging.closed.isDone() && Instant.now().isBefore(patience)) {
                    pinging.ping();
                    talking.send("{\"action\":\"silent\"}");
                    hastySdk.postToConnection(
                            request -> request.connectionId(listening.id).data(SdkBytes.fromUtf8String("x")));
                    Thread.sleep(20); // The pace of the traffic.
                }
            }

            assertThat(pinging.closed).isDone();
            assertThat(pinging.close()).isEqualTo(new Close(1001, "Going away"));
            JsonNode context = hasty.functions.next("disconnect").path("requestContext");
            assertThat(context.path("connectionId").asText()).isEqualTo(pinging.id);
            assertEnd(context, 1001, "Going away");
            assertThat(talking.closed).isNotDone();
            assertThat(listening.closed).isNotDone();
        }
    }

    @Test
    void a_connection_ends_at_the_maximum_duration_however_busy_it_is() throws Exception {
        try (TestGateway hasty = new TestGateway(
                TestGateway.api().maximumDuration(Duration.ofMillis(300)).build())) {
            TestClient client = hasty.connect();
            Instant patience = Instant.now().plus(TestGateway.PATIENCE);
            while (!client.closed.isDone() && Instant.now().isBefore(patience)) {
                client.trySend("{\"action\":\"silent\"}");
                Thread.sleep(20); // The pace of the traffic.
            }

            assertThat(client.close()).isEqualTo(new Close(1001, "Going away"));
            assertEnd(hasty.functions.next("disconnect").path("requestContext"), 1001, "Going away");
        }
    }

    @Test
    void a_lost_disconnect_is_never_invoked() throws Exception {
        gateway.faults.set(disconnectFaults(1, 0, 0));
        gateway.connect().leave(1000, "");
        TestGateway.await("the lost one", () -> gateway.meter.calls.contains("closed"));

        gateway.faults.set(Faults.NONE);
        TestClient told = gateway.connect();
        told.leave(1000, "");

        assertThat(gateway.functions
                        .next("disconnect")
                        .path("requestContext")
                        .path("connectionId")
                        .asText())
                .isEqualTo(told.id);
        assertThat(gateway.functions.waiting("disconnect")).isZero();
    }

    @Test
    void a_duplicated_disconnect_is_invoked_twice_with_the_same_event() throws Exception {
        gateway.faults.set(disconnectFaults(0, 1, 0));

        gateway.connect().leave(1000, "");

        assertThat(gateway.functions.next("disconnect")).isEqualTo(gateway.functions.next("disconnect"));
    }

    @Test
    void a_delayed_disconnect_is_invoked_later() throws Exception {
        gateway.faults.set(disconnectFaults(0, 0, 300));
        TestClient client = gateway.connect();

        client.leave(1000, "");
        TestGateway.await("the close", () -> gateway.meter.calls.contains("closed"));
        Instant closed = Instant.now();
        gateway.functions.next("disconnect");

        assertThat(Duration.between(closed, Instant.now())).isGreaterThan(Duration.ofMillis(250));
    }

    @Test
    void closing_the_gateway_closes_every_connection_and_waits_for_its_disconnect() throws Exception {
        TestGateway closing = new TestGateway(TestGateway.api().build());
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(closing.connect());
        }
        List<CompletableFuture<InvocationResult>> running = new ArrayList<>();
        closing.functions.script("disconnect", event -> {
            CompletableFuture<InvocationResult> result = new CompletableFuture<InvocationResult>()
                    .completeOnTimeout(ScriptedFunctions.result(ScriptedFunctions.OK), 200, MILLISECONDS);
            synchronized (running) {
                running.add(result);
            }
            return result;
        });

        closing.gateway.close();

        synchronized (running) {
            assertThat(running).hasSize(20).allMatch(CompletableFuture::isDone);
        }
        for (TestClient client : clients) {
            assertThat(client.close()).isEqualTo(new Close(1001, "Going away"));
        }
        assertThatThrownBy(() -> TestClient.open(closing, "")).hasMessageContaining("WebSocketHandshakeException");
        closing.close();
        closing.close();
    }

    private static Faults disconnectFaults(double lose, double duplicate, int delayMillis) {
        return Faults.builder()
                .loseDisconnectRatio(lose)
                .duplicateDisconnectRatio(duplicate)
                .delayDisconnectMillis(delayMillis)
                .build();
    }

    private static void assertEnd(JsonNode context, int statusCode, String reason) {
        assertThat(context.path("disconnectStatusCode").isInt()).isTrue();
        assertThat(context.path("disconnectStatusCode").asInt()).isEqualTo(statusCode);
        assertThat(context.path("disconnectReason").asText()).isEqualTo(reason);
    }

    private static RawClient connectRaw() throws Exception {
        RawClient client = new RawClient(gateway).startHandshake();
        assertThat(client.response()).startsWith("HTTP/1.1 101 ");
        return client;
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
