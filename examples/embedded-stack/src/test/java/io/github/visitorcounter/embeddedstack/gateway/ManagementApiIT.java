package io.github.visitorcounter.embeddedstack.gateway;

import io.github.visitorcounter.embeddedstack.control.Faults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.ApiGatewayManagementApiException;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.GetConnectionResponse;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.GoneException;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.LimitExceededException;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.PayloadTooLargeException;

import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ManagementApiIT {

    private static final String NOBODY = "AAAAAAAAAAAAAAA=";
    private static final int KB = 1024;
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
    void a_post_reaches_the_client_as_text() throws Exception {
        TestClient client = gateway.connect();

        post(client.id, "grüß dich");

        assertThat(client.next()).isEqualTo("grüß dich");
        assertThat(gateway.meter.calls).containsExactly("accepted", "post 200 11");
    }

    @Test
    void posts_one_after_another_arrive_in_their_order() throws Exception {
        TestClient client = gateway.connect();

        for (int i = 0; i < 100; i++) {
            post(client.id, "message " + i);
        }

        for (int i = 0; i < 100; i++) {
            assertThat(client.next()).isEqualTo("message " + i);
        }
    }

    @Test
    void a_post_of_128_KB_comes_in_frames_of_32_KB() throws Exception {
        try (RawClient client = connectRaw()) {
            String id = gateway.functions
                    .next("connect")
                    .path("requestContext")
                    .path("connectionId")
                    .asText();

            post(id, "ü".repeat(64 * KB));

            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 4; i++) {
                RawClient.Frame frame = client.read();
                assertThat(frame.payload().remaining()).isEqualTo(32 * KB);
                assertThat(frame.opcode()).isEqualTo(i == 0 ? 1 : 0);
                assertThat(frame.fin()).isEqualTo(i == 3);
                text.append(frame.text());
            }
            assertThat(text.toString()).isEqualTo("ü".repeat(64 * KB));
        }
    }

    @Test
    void frames_of_concurrent_large_posts_are_not_interleaved() throws Exception {
        TestClient client = gateway.connect();
        List<CompletableFuture<Void>> posts = new ArrayList<>();
        for (char letter : new char[] {'a', 'b', 'c', 'd'}) {
            posts.add(CompletableFuture.runAsync(
                    () -> postUntilAccepted(client.id, String.valueOf(letter).repeat(100 * KB))));
        }
        CompletableFuture.allOf(posts.toArray(CompletableFuture<?>[]::new)).get();

        for (int i = 0; i < 4; i++) {
            String message = client.next();
            assertThat(message).isEqualTo(message.substring(0, 1).repeat(100 * KB));
        }
    }

    @Test
    void a_post_over_128_KB_is_too_large() throws Exception {
        TestClient client = gateway.connect();

        assertThatThrownBy(() -> post(client.id, "x".repeat(128 * KB + 1)))
                .isInstanceOf(PayloadTooLargeException.class);
        assertThatThrownBy(() -> post(client.id, "x".repeat(3000 * KB))).isInstanceOf(PayloadTooLargeException.class);

        post(client.id, "still there");
        assertThat(client.next()).isEqualTo("still there");
    }

    @Test
    void an_empty_post_is_an_empty_message() throws Exception {
        TestClient client = gateway.connect();

        post(client.id, "");

        assertThat(client.next()).isEmpty();
    }

    @Test
    void an_unknown_connection_is_410_for_every_operation() throws Exception {
        assertThatThrownBy(() -> post(NOBODY, "x")).isInstanceOf(GoneException.class);
        assertThatThrownBy(() -> sdk.getConnection(request -> request.connectionId(NOBODY)))
                .isInstanceOf(GoneException.class);
        assertThatThrownBy(() -> sdk.deleteConnection(request -> request.connectionId(NOBODY)))
                .isInstanceOf(GoneException.class);

        HttpResponse<String> response = call("POST", "/@connections/AAAAAAAAAAAAAAA%3D", "x");
        assertThat(response.statusCode()).isEqualTo(410);
        assertThat(response.headers().firstValue("x-amzn-ErrorType")).hasValue("GoneException");
        assertThat(response.headers().firstValue("x-amzn-RequestId")).isPresent();
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "=", "no.id=", "no id="})
    void a_malformed_id_is_a_bad_request(String id) {
        assertThatThrownBy(() -> post(id, "x")).isInstanceOfSatisfying(ApiGatewayManagementApiException.class, e -> {
            assertThat(e.statusCode()).isEqualTo(400);
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo("BadRequestException");
            assertThat(e.awsErrorDetails().errorMessage()).isEqualTo("Invalid connectionId: " + id);
        });
    }

    @Test
    void get_describes_a_connection() throws Exception {
        Instant before = Instant.now();
        TestClient client = gateway.connect();
        GetConnectionResponse fresh = sdk.getConnection(request -> request.connectionId(client.id));
        post(client.id, "x");
        GetConnectionResponse used = sdk.getConnection(request -> request.connectionId(client.id));

        assertThat(fresh.connectedAt()).isBetween(before.minusMillis(1), Instant.now());
        assertThat(fresh.lastActiveAt()).isEqualTo(fresh.connectedAt());
        assertThat(fresh.identity().sourceIp()).isEqualTo("127.0.0.1");
        assertThat(fresh.identity().userAgent()).isEqualTo("test-client");
        assertThat(used.connectedAt()).isEqualTo(fresh.connectedAt());
        assertThat(used.lastActiveAt()).isAfter(fresh.lastActiveAt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/@connections/", "/%40connections/"})
    void escapes_in_the_path_are_decoded(String prefix) throws Exception {
        TestClient client = gateway.connect();

        assertThat(call("POST", prefix + client.id.replace("=", "%3D"), "escaped")
                        .statusCode())
                .isEqualTo(200);
        assertThat(call("POST", prefix + client.id, "plain").statusCode()).isEqualTo(200);

        assertThat(client.next()).isEqualTo("escaped");
        assertThat(client.next()).isEqualTo("plain");
    }

    @Test
    void delete_answers_204() throws Exception {
        TestClient client = gateway.connect();

        assertThat(call("DELETE", "/@connections/" + client.id, "").statusCode())
                .isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "GET", "DELETE", "PUT"})
    void callers_that_do_not_sign_are_forbidden(String method) throws Exception {
        TestClient client = gateway.connect();
        HttpRequest request = HttpRequest.newBuilder(gateway.managementUri("/@connections/" + client.id))
                .method(method, BodyPublishers.ofString("x"))
                .build();

        HttpResponse<String> response = gateway.http.send(request, BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).isEqualTo("{\"message\":\"Missing Authentication Token\"}");
    }

    @Test
    void posts_are_rejected_when_the_clients_buffer_is_full() throws Exception {
        try (RawClient client = connectRaw()) {
            String id = gateway.functions
                    .next("connect")
                    .path("requestContext")
                    .path("connectionId")
                    .asText();
            int accepted = 0;
            LimitExceededException full = null;
            while (full == null && accepted < 1000) { // 125 MB; the system's socket buffers hold a few.
                try {
                    post(id, "x".repeat(128 * KB));
                    accepted++;
                } catch (LimitExceededException e) {
                    full = e;
                }
            }
            assertThat(full).isNotNull();

            int read = 0;
            while (read < accepted * 4) {
                client.read();
                read++;
            }
            postUntilAccepted(id, "room again");
            assertThat(client.read().text()).isEqualTo("room again");
        }
    }

    @Test
    void injected_faults_answer_as_aws_does_and_deliver_nothing() throws Exception {
        TestClient client = gateway.connect();

        gateway.faults.set(postFaults(0, 1, 0, 0, 0));
        assertThatThrownBy(() -> post(client.id, "410")).isInstanceOf(GoneException.class);
        gateway.faults.set(postFaults(0, 0, 1, 0, 0));
        assertThatThrownBy(() -> post(client.id, "429")).isInstanceOf(LimitExceededException.class);
        gateway.faults.set(postFaults(0, 0, 0, 1, 0));
        assertThatThrownBy(() -> post(client.id, "500"))
                .isInstanceOfSatisfying(ApiGatewayManagementApiException.class, e -> assertThat(e.statusCode())
                        .isEqualTo(500));
        gateway.faults.set(Faults.NONE);
        post(client.id, "200");

        assertThat(client.next()).isEqualTo("200");
        assertThat(gateway.meter.calls)
                .containsExactly("accepted", "post 410 3", "post 429 3", "post 500 3", "post 200 3");
    }

    @Test
    void injected_latency_delays_the_answer_and_holds_no_thread() throws Exception {
        TestClient client = gateway.connect();
        gateway.faults.set(postFaults(300, 0, 0, 0, 0));
        Instant start = Instant.now();

        List<CompletableFuture<HttpResponse<String>>> posts = new ArrayList<>();
        for (int i = 0; i < 250; i++) { // Jetty's pool has 200 threads.
            posts.add(
                    gateway.http.sendAsync(signed("POST", "/@connections/" + client.id, "x"), BodyHandlers.ofString()));
        }
        posts.get(0).get();

        assertThat(Duration.between(start, Instant.now())).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        for (CompletableFuture<HttpResponse<String>> post : posts) {
            assertThat(post.get().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_hanging_post_is_released_when_the_gateway_closes() throws Exception {
        TestGateway hanging = new TestGateway(TestGateway.api().build());
        hanging.faults.set(postFaults(0, 0, 0, 0, 1));
        CompletableFuture<HttpResponse<InputStream>> post = hanging.http.sendAsync(
                HttpRequest.newBuilder(hanging.managementUri("/@connections/" + NOBODY))
                        .header("Authorization", "AWS4-HMAC-SHA256 x")
                        .POST(BodyPublishers.ofString("x"))
                        .build(),
                BodyHandlers.ofInputStream());
        TestGateway.await("the post", () -> hanging.meter.calls.contains("post 0 1"));
        assertThat(post).isNotDone();

        hanging.close();

        assertThatThrownBy(post::get).hasMessageContaining("IOException");
    }

    @Test
    void a_hanging_post_is_released_when_its_caller_disconnects() throws Exception {
        try (TestGateway hanging = new TestGateway(TestGateway.api().build())) {
            hanging.faults.set(postFaults(0, 0, 0, 0, 1));
            RawClient caller = new RawClient(hanging);
            caller.write("POST /local/@connections/AAAAAAAAAAAAAAA= HTTP/1.1\r\nHost: raw\r\nContent-Length: 1\r\n\r\nx"
                    .getBytes(StandardCharsets.US_ASCII));
            TestGateway.await("the post", () -> hanging.meter.calls.contains("post 0 1"));
            assertThat(hanging.tcpConnections()).isEqualTo(1);

            caller.close();

            TestGateway.await("its end", () -> hanging.tcpConnections() == 0);
        }
    }

    private static void post(String id, String text) {
        sdk.postToConnection(request -> request.connectionId(id).data(SdkBytes.fromUtf8String(text)));
    }

    private static void postUntilAccepted(String id, String text) {
        Instant deadline = Instant.now().plus(TestGateway.PATIENCE);
        while (true) {
            try {
                post(id, text);
                return;
            } catch (LimitExceededException e) {
                assertThat(Instant.now()).isBefore(deadline);
            }
        }
    }

    private static HttpRequest signed(String method, String path, String body) {
        return HttpRequest.newBuilder(gateway.managementUri(path))
                .header("Authorization", "AWS4-HMAC-SHA256 Credential=local")
                .method(method, BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                .build();
    }

    private static HttpResponse<String> call(String method, String path, String body) throws Exception {
        return gateway.http.send(signed(method, path, body), BodyHandlers.ofString());
    }

    @Test
    void a_false_410_is_answered_for_an_open_connection() throws Exception {
        TestClient client = gateway.connect();
        gateway.faults.set(Faults.builder().falseGoneRatio(1).build());
        assertThatThrownBy(() -> post(client.id, "lost")).isInstanceOf(GoneException.class);
        assertThatThrownBy(() -> sdk.getConnection(request -> request.connectionId(client.id)))
                .isInstanceOf(GoneException.class);

        gateway.faults.set(Faults.builder().falseGoneRatio(0.5).build());
        int gone = 0;
        for (int i = 0; i < 100; i++) {
            try {
                sdk.getConnection(request -> request.connectionId(client.id));
            } catch (GoneException falsely) {
                gone++;
            }
        }
        assertThat(gone).as("independent of the calls before").isBetween(20, 80);

        gateway.faults.set(Faults.NONE);
        post(client.id, "open all the time");
        assertThat(client.next()).isEqualTo("open all the time");
    }

    private static Faults postFaults(int latencyMillis, double gone, double limited, double broken, double hang) {
        return Faults.builder()
                .postLatencyMillis(latencyMillis)
                .post410Ratio(gone)
                .post429Ratio(limited)
                .post500Ratio(broken)
                .postHangRatio(hang)
                .build();
    }

    private static RawClient connectRaw() throws Exception {
        RawClient client = new RawClient(gateway).startHandshake();
        assertThat(client.response()).startsWith("HTTP/1.1 101 ");
        return client;
    }
}
