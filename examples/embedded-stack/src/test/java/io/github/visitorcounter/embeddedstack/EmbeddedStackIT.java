package io.github.visitorcounter.embeddedstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.embeddedstack.chat.Chat;
import io.github.visitorcounter.embeddedstack.client.HandshakeRejectedException;
import io.github.visitorcounter.embeddedstack.client.WebSocketClient;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.control.Stats;
import io.github.visitorcounter.embeddedstack.dynamodb.TableDefinition;
import io.github.visitorcounter.embeddedstack.dynamodb.TestTables;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget.LambdaProxy;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget.Mock;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import io.github.visitorcounter.embeddedstack.lambda.handlers.BrokenConstructorHandler;
import io.github.visitorcounter.embeddedstack.lambda.handlers.EchoHandler;
import io.github.visitorcounter.embeddedstack.stream.EventSourceMapping;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A chat, which has nothing to do with counting visitors, from socket to socket through every part of the stack. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EmbeddedStackIT {

    private static final String[] SIGNED = {"Authorization", "AWS4-HMAC-SHA256"};

    @TempDir
    static Path site;

    private static EmbeddedStack stack;

    @BeforeAll
    static void start() throws Exception {
        Files.writeString(site.resolve("index.html"), "<h1>Chat</h1>");
        stack = EmbeddedStack.builder()
                .table(new TableDefinition(TestTables.streamed("Members").toBuilder()
                        .streamSpecification((StreamSpecification) null)
                        .build()))
                .table(new TableDefinition(TestTables.streamed("Sayings")))
                .function(function("join", Chat.Join.class))
                .function(function("leave", Chat.Leave.class))
                .function(function("say", Chat.Say.class))
                .function(function("tell", Chat.Tell.class))
                .webSocketApi(WebSocketApi.builder()
                        .route("$connect", new LambdaProxy("join"))
                        .route("$disconnect", new LambdaProxy("leave"))
                        .route("say", new LambdaProxy("say"))
                        .routeWithResponse("ping", new Mock("{\"type\":\"pong\"}"))
                        .build())
                .eventSourceMapping(
                        EventSourceMapping.builder("Sayings", "tell").build())
                .pollInterval(Duration.ofMillis(50))
                .site(site)
                .start();
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    private static FunctionDefinition function(String name, Class<?> handler) {
        return FunctionDefinition.builder(name)
                .handler(handler)
                .environment("MEMBERS_TABLE", "Members")
                .environment("SAYINGS_TABLE", "Sayings")
                .timeout(Duration.ofSeconds(20))
                .build();
    }

    @Test
    @Order(1)
    void every_member_receives_messages_until_it_disconnects() throws Exception {
        List<WebSocketClient> clients = List.of(stack.connect(), stack.connect(), stack.connect());
        assertThat(members()).isEqualTo(3);

        String hello = "{\"action\":\"say\",\"text\":\"Grüezi\"}";
        clients.get(0).send(hello);
        for (WebSocketClient client : clients) {
            assertThat(client.awaitMessage()).isEqualTo(hello);
        }

        clients.get(1).send("{\"action\":\"ping\"}");
        assertThat(clients.get(1).awaitMessage()).isEqualTo("{\"type\":\"pong\"}");

        clients.forEach(WebSocketClient::close);
        Await.until("everyone has left", () -> members() == 0);

        Await.until("the last invocation is counted", () -> left() == 3);
        Stats stats = stack.stats();
        assertThat(stats.connections().accepted()).isEqualTo(3);
        assertThat(stats.connections().open()).isZero();
        assertThat(stats.messages().count()).as("say, ping and pong").isEqualTo(3);
        assertThat(stats.posts().ok()).isEqualTo(3);
        assertThat(stats.invocations().get("join").count()).isEqualTo(3);
        assertThat(stats.invocations().get("tell").errors()).isZero();
        assertThat(stats.dynamodb().calls())
                .containsEntry("PutItem", 4L)
                .containsEntry("DeleteItem", 3L)
                .containsEntry("Scan", 1L);
        assertThat(stats.estimatedCost().total()).isPositive();
    }

    @Test
    void a_handler_may_reject_a_connection() {
        assertThatExceptionOfType(HandshakeRejectedException.class)
                .isThrownBy(() -> stack.client().query("uninvited", "1").connect())
                .satisfies(e -> assertThat(e.status()).isEqualTo(403));
    }

    @Test
    void a_hundred_concurrent_connects_succeed() throws Exception {
        List<CompletableFuture<WebSocket>> opening = new ArrayList<>();
        HttpClient browser = HttpClient.newHttpClient();
        for (int i = 0; i < 100; i++) {
            opening.add(browser.newWebSocketBuilder()
                    .buildAsync(stack.endpoints().websocket(), new WebSocket.Listener() {}));
        }
        for (CompletableFuture<WebSocket> socket : opening) {
            socket.get(30, TimeUnit.SECONDS);
        }
        assertThat(members()).isEqualTo(100);

        opening.forEach(socket -> socket.join().abort());
        Await.until("everyone has left", () -> members() == 0);
    }

    @Test
    void the_endpoints_are_those_of_the_ready_line() throws Exception {
        StackEndpoints endpoints = stack.endpoints();
        JsonNode json = new ObjectMapper().readTree(endpoints.toJson());

        int port = endpoints.page().getPort();
        assertThat(endpoints.toJson())
                .isEqualTo("{\"page\":\"http://127.0.0.1:" + port + "/\",\"websocket\":\"ws://127.0.0.1:" + port
                        + "/local\",\"management\":\"http://127.0.0.1:" + port
                        + "/local\",\"lambda\":\"http://127.0.0.1:"
                        + port + "\",\"dynamodb\":\"" + endpoints.dynamodb() + "\",\"control\":\"http://127.0.0.1:"
                        + port
                        + "/_local\"}");
        assertThat(json).hasSize(6);
        assertThat(Http.send("GET", port, "/", "").body()).isEqualTo("<h1>Chat</h1>");
        assertThat(Http.send("GET", port, "/_local/stats", "").statusCode()).isEqualTo(200);
        assertThat(Http.send("POST", port, "/2015-03-31/functions/nobody/invocations", "{}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(Http.send("GET", port, "/local/@connections/L0SM9cOFvHcCIhw%3D", "", SIGNED)
                        .statusCode())
                .isEqualTo(410);
    }

    @Test
    void a_foreign_page_is_rejected() throws Exception {
        int port = stack.endpoints().page().getPort();

        for (String path : List.of("/_local/faults", "/2015-03-31/functions/leave/invocations")) {
            assertThat(Http.send(
                                    path.contains("faults") ? "PUT" : "POST",
                                    port,
                                    path,
                                    "{}",
                                    "Origin",
                                    "http://evil.example")
                            .statusCode())
                    .as(path)
                    .isEqualTo(403);
        }
    }

    @Test
    void faults_are_set_over_http() throws Exception {
        int port = stack.endpoints().page().getPort();
        WebSocketClient client = stack.connect();
        String id = stack.dynamoDb()
                .scan(request -> request.tableName("Members"))
                .items()
                .get(0)
                .get("id")
                .s();
        String post = "/local/@connections/" + id.replace("=", "%3D");

        Http.send("PUT", port, "/_local/faults", "{\"post429Ratio\":1}");
        assertThat(stack.faults().post429Ratio()).isEqualTo(1);
        assertThat(Http.send("POST", port, post, "lost", SIGNED).statusCode()).isEqualTo(429);

        stack.faults(Faults.NONE);
        assertThat(Http.send("POST", port, post, "heard", SIGNED).statusCode()).isEqualTo(200);
        assertThat(client.awaitMessage()).isEqualTo("heard");

        client.close();
        Await.until("everyone has left", () -> members() == 0);
    }

    @Test
    void a_port_in_use_is_reported() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatExceptionOfType(StackStartException.class)
                    .isThrownBy(() ->
                            EmbeddedStack.builder().port(taken.getLocalPort()).start())
                    .withMessage("Port " + taken.getLocalPort()
                            + " on 127.0.0.1 is taken: stop the program that uses it, or choose another port, 0 for any"
                            + " free one.");
            assertThatExceptionOfType(StackStartException.class)
                    .isThrownBy(() -> EmbeddedStack.builder()
                            .dynamoDbPort(taken.getLocalPort())
                            .start())
                    .withMessageContaining("Port " + taken.getLocalPort());
        }
    }

    @Test
    void all_inconsistent_definitions_are_reported() {
        assertThatExceptionOfType(StackStartException.class)
                .isThrownBy(() -> EmbeddedStack.builder()
                        .table(new TableDefinition(TestTables.streamed("Sayings")))
                        .function(FunctionDefinition.builder("echo")
                                .handler(EchoHandler.class)
                                .build())
                        .eventSourceMapping(
                                EventSourceMapping.builder("Sayings", "tel").build())
                        .webSocketApi(WebSocketApi.builder()
                                .route("$connect", new LambdaProxy("jion"))
                                .build())
                        .start())
                .withMessageContainingAll("'tel'", "'jion'", "[echo]");
    }

    @Test
    void a_failed_initialisation_is_reported_with_its_cause() {
        assertThatExceptionOfType(StackStartException.class)
                .isThrownBy(() -> EmbeddedStack.builder()
                        .function(FunctionDefinition.builder("broken")
                                .handler(BrokenConstructorHandler.class)
                                .build())
                        .start())
                .withMessageContainingAll("'broken'", BrokenConstructorHandler.class.getName(), "no table configured");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void closing_delivers_every_disconnect_and_frees_the_ports() throws Exception {
        WebSocketClient client = stack.connect();
        long before = left();

        stack.close();
        stack.close();

        assertThat(client.awaitClose().code()).isEqualTo(1001);
        assertThat(left()).isEqualTo(before + 1);
        for (URI endpoint : List.of(stack.endpoints().page(), stack.endpoints().dynamodb())) {
            try (ServerSocket free = new ServerSocket(endpoint.getPort(), 1, InetAddress.getLoopbackAddress())) {
                assertThat(free.isBound()).isTrue();
            }
        }
        Await.until("all threads have ended", () -> Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .noneMatch(name -> name.matches("(embedded-stack|lambda|stream|websocket-gateway|dynamodb)-.*")));
    }

    private static long left() {
        Stats.Invocations invocations = stack.stats().invocations().get("leave");
        return invocations == null ? 0 : invocations.count();
    }

    private static int members() {
        return stack.dynamoDb().scan(request -> request.tableName("Members")).count();
    }
}
