package io.github.visitorcounter.embeddedstack.gateway;

import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget.LambdaProxy;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget.Mock;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import static org.assertj.core.api.Assertions.assertThat;

/** A gateway on a loopback server, with functions that a test scripts. */
final class TestGateway implements AutoCloseable {

    /** The fields of {@code requestContext} in an event of {@code $connect}. */
    static final List<String> CONNECT_CONTEXT = List.of(
            "routeKey",
            "eventType",
            "extendedRequestId",
            "requestTime",
            "messageDirection",
            "stage",
            "connectedAt",
            "requestTimeEpoch",
            "identity",
            "requestId",
            "domainName",
            "connectionId",
            "apiId");

    static final String API_ARN = "arn:aws:execute-api:us-east-1:000000000000:localapi01";
    static final Duration PATIENCE = Duration.ofSeconds(10);

    final ScriptedFunctions functions = new ScriptedFunctions();
    final RecordingMeter meter = new RecordingMeter();
    final FaultInjector faults = new FaultInjector(new Random(1));
    final HttpClient http = HttpClient.newHttpClient();
    final WebSocketGateway gateway;
    /** The number of handshakes accepted on the client's side. */
    final AtomicInteger accepted = new AtomicInteger();

    final List<TestClient> clients = new CopyOnWriteArrayList<>();
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http()));

    TestGateway(WebSocketApi api) throws Exception {
        gateway = new WebSocketGateway(api, API_ARN, functions, faults, meter, Clock.systemUTC(), new Random(42));
        connector.setHost("127.0.0.1");
        connector.setAcceptQueueSize(4096);
        server.addConnector(connector);
        server.setHandler(gateway.handler());
        server.start();
    }

    private static HttpConfiguration http() {
        HttpConfiguration http = new HttpConfiguration();
        http.setRequestHeaderSize(64 * 1024);
        return http;
    }

    /** Every kind of route. */
    static WebSocketApi.Builder api() {
        return WebSocketApi.builder()
                .route("$connect", new LambdaProxy("connect"))
                .route("$disconnect", new LambdaProxy("disconnect"))
                .route("$default", new LambdaProxy("default"))
                .route("oneway", new LambdaProxy("oneway"))
                .routeWithResponse("twoway", new LambdaProxy("twoway"))
                .routeWithResponse("ping", new Mock("{\"type\":\"pong\"}"))
                .route("silent", new Mock("never seen"));
    }

    int port() {
        return connector.getLocalPort();
    }

    int tcpConnections() {
        return connector.getConnectedEndPoints().size();
    }

    String host() {
        return "127.0.0.1:" + port();
    }

    URI socketUri(String query) {
        return URI.create("ws://" + host() + "/local" + query);
    }

    URI managementUri(String path) {
        return URI.create("http://" + host() + "/local" + path);
    }

    TestClient connect() throws Exception {
        return connect("");
    }

    /** Connects a client, and sets its connection id. */
    TestClient connect(String query) throws Exception {
        TestClient client = TestClient.open(this, query);
        client.id = functions
                .next("connect")
                .path("requestContext")
                .path("connectionId")
                .asText();
        return client;
    }

    ApiGatewayManagementApiClient sdk() {
        return ApiGatewayManagementApiClient.builder()
                .endpointOverride(managementUri(""))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(config -> config.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    /** Closes the connections of earlier tests, and resets the records. */
    void reset() throws InterruptedException {
        clients.forEach(client -> client.socket.abort());
        clients.clear();
        // A client receives the 101 shortly before the gateway counts it.
        await("the last test's connections", () -> meter.accepted.get() == accepted.get());
        await("their end", () -> meter.closed.get() == accepted.get());
        functions.forget();
        meter.forget();
        faults.set(Faults.NONE);
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("waiting for " + what).isBefore(deadline);
            Thread.sleep(5); // The poll interval; there is no event to wait for.
        }
    }

    @Override
    public void close() {
        gateway.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("Server not stopped", e);
        }
    }
}
