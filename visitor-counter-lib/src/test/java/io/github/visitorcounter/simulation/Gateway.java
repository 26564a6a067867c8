package io.github.visitorcounter.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.simulation.Invocation.Answer;
import io.github.visitorcounter.simulation.Socket.State;
import io.github.visitorcounter.testing.Events;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiAsyncClient;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.ApiGatewayManagementApiException;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.GetConnectionRequest;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.GetConnectionResponse;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.GoneException;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.LimitExceededException;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.PostToConnectionRequest;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.PostToConnectionResponse;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** API Gateway, the network before it, and the pages: connections come, go, and are posted to. */
final class Gateway implements ApiGatewayManagementApiAsyncClient {

    private static final ObjectNode CONNECT = Events.load("connect");
    private static final ObjectNode DISCONNECT = Events.load("disconnect");
    private static final ObjectNode MESSAGE = Events.load("message");
    private static final double TYPICAL_MILLIS = 10;
    private static final int POST_TIMEOUT_MILLIS = 3_000;

    /** The stay of a visitor who does not leave. */
    static final long FOR_GOOD = -1;

    private static final Duration VERY_LATE = Duration.ofMinutes(11);

    /** API Gateway closes a connection on which nothing was heard for so long. */
    private static final Duration IDLE = Duration.ofMinutes(10);

    private final SimulatedWorld world;
    private final Functions functions;
    private final Invariants ledger;
    private final VisitorBehaviour habits;
    private final Map<String, Socket> sockets = new LinkedHashMap<>();

    Gateway(SimulatedWorld world, Functions functions, Invariants ledger, VisitorBehaviour habits) {
        this.world = world;
        this.functions = functions;
        this.ledger = ledger;
        this.habits = habits;
    }

    Map<String, Socket> sockets() {
        return sockets;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    /** A visitor opens the page, and leaves it after a while. */
    Socket visit(String counterId, long stay) {
        boolean named = world.dice().chance(habits.named());
        int visitor = world.dice().between(0, sockets.size() / habits.tabs());
        return connect(counterId, stay, named ? "visit-" + sockets.size() : null, named ? "visitor-" + visitor : null);
    }

    private Socket connect(String counterId, long stay, @Nullable String visit, @Nullable String visitor) {
        String id = String.format("c%04d=", sockets.size());
        Socket socket = new Socket(id, counterId, world.scheduler().now() / 1_000 * 1_000, visit, visitor);
        sockets.put(id, socket);
        world.log(() -> id + " asks to connect to " + counterId);
        ObjectNode event = event(CONNECT, socket);
        ObjectNode query = event.putObject("queryStringParameters").put("counter", counterId);
        if (visit != null) {
            query.put("visit", visit).put("visitor", visitor);
        }
        String payload = event.toString();
        functions.invoke(Functions.CONNECT, "request-" + id, payload, answer -> answered(socket, answer, stay));
        if (world.dice().chance(world.troubles().connectTwice())) {
            connectAgain(socket, payload);
        }
        if (world.dice().chance(world.troubles().impatient())) {
            world.scheduler().after(world.dice().upTo(1_000), () -> leave(socket));
        }
        return socket;
    }

    /** Soon after; or so late that DynamoDB has forgotten the transaction's token, if the connection is still there then. */
    private void connectAgain(Socket socket, String payload) {
        boolean late = world.dice().chance(0.2);
        long delay = late ? SimulatedWorld.micros(VERY_LATE) : world.dice().upTo(3_000);
        world.scheduler().after(delay, () -> {
            if (!late || socket.state() == State.OPEN) {
                functions.invoke(Functions.CONNECT, "request-" + socket.connectionId(), payload, again -> {});
            }
        });
    }

    private ObjectNode event(ObjectNode template, Socket socket) {
        ObjectNode event = template.deepCopy();
        event.withObject("/requestContext")
                .put("connectionId", socket.connectionId())
                .put("connectedAt", SimulatedWorld.START.toEpochMilli() + socket.connectedAt() / 1_000)
                .put("requestTimeEpoch", world.now().toEpochMilli());
        return event;
    }

    private void answered(Socket socket, Answer answer, long stay) {
        if (answer.isOk() && Json.tree(answer.body()).path("statusCode").asInt() == 200) {
            socket.accept();
            ledger.accepted(socket);
            long handshake = world.dice().chance(world.troubles().slowHandshake())
                    ? world.dice().upTo(2_000)
                    : world.latency(5);
            world.scheduler().after(handshake, () -> open(socket, stay));
        } else {
            world.log(() -> socket.connectionId() + " is rejected: " + answer.body());
            socket.close(world.scheduler().now());
        }
    }

    private void open(Socket socket, long stay) {
        if (socket.state() == State.HANDSHAKE) {
            world.log(() -> socket.connectionId() + " is open");
            socket.open(world.scheduler().now());
            if (world.dice().chance(habits.asks())) {
                world.scheduler().after(world.dice().upTo(1_000), () -> ask(socket));
            }
            if (stay != FOR_GOOD) {
                world.scheduler().after(stay, () -> leave(socket));
            }
        }
    }

    /** The page asks for the count; what the function answers goes to it. */
    private void ask(Socket socket) {
        if (!socket.isReachable()) {
            return;
        }
        String payload = event(MESSAGE, socket).toString();
        functions.invoke(Functions.MESSAGE, "message-" + socket.connectionId(), payload, answer -> {
            String body = answer.isOk() ? Json.tree(answer.body()).path("body").asText("") : "";
            if (body.contains("visitor-count") && socket.isReachable()) {
                ledger.answered(socket, Json.tree(body));
                socket.receive(
                        world.scheduler().now(), Json.tree(body).path("version").asLong());
            }
        });
    }

    /** The client goes away; some come again, before or after API Gateway has said that they were gone. */
    private void leave(Socket socket) {
        if (socket.state() == State.CLOSED || !socket.isClientThere()) {
            return;
        }
        if (world.dice().chance(habits.reconnects())) {
            long stay = world.dice().chance(0.5) ? FOR_GOOD : world.dice().upTo(5_000);
            world.scheduler()
                    .after(
                            world.dice().upTo(2_000),
                            () -> connect(socket.counterId(), stay, socket.visit(), socket.visitor()));
        }
        if (socket.state() == State.OPEN && world.dice().chance(world.troubles().vanishing())) {
            world.log(() -> socket.connectionId() + " vanishes");
            socket.clientVanishes();
            world.scheduler().after(SimulatedWorld.micros(IDLE), () -> close(socket));
        } else {
            close(socket);
        }
    }

    /** API Gateway knows that it is closed, and mostly says so. */
    private void close(Socket socket) {
        world.log(() -> socket.connectionId() + " closes");
        socket.close(world.scheduler().now());
        if (world.dice().chance(world.troubles().disconnectLost())) {
            world.log(() -> "the $disconnect of " + socket.connectionId() + " is lost");
            return;
        }
        String payload = event(DISCONNECT, socket).toString();
        boolean twice = world.dice().chance(world.troubles().disconnectTwice());
        for (int time = 0; time < (twice ? 2 : 1); time++) {
            long delay = world.dice().chance(world.troubles().disconnectLate())
                    ? world.dice().upTo(120_000)
                    : world.latency(20);
            world.scheduler().after(delay, () -> disconnect(socket, payload));
        }
    }

    private void disconnect(Socket socket, String payload) {
        String request = "disconnect-" + socket.connectionId();
        functions.invoke(Functions.DISCONNECT, request, payload, answer -> {
            if (!answer.isOk()) {
                ledger.departureFailed(socket);
            }
        });
    }

    /** Everyone is thrown out, without a word. */
    void closeAll() {
        sockets.values().stream()
                .filter(socket -> socket.state() != State.CLOSED)
                .forEach(socket -> socket.close(world.scheduler().now()));
    }

    /** What is left of clients that are gone is closed, without a word. */
    void forgetTheVanished() {
        sockets.values().stream()
                .filter(socket -> socket.state() == State.OPEN && !socket.isClientThere())
                .forEach(socket -> socket.close(world.scheduler().now()));
    }

    /** Whoever asks waits here for the answer. */
    @Override
    public CompletableFuture<GetConnectionResponse> getConnection(GetConnectionRequest request) {
        world.step();
        world.travel(TYPICAL_MILLIS);
        InjectedFaults troubles = world.troubles();
        if (world.dice().chance(troubles.throttled())) {
            return CompletableFuture.failedFuture(
                    LimitExceededException.builder().statusCode(429).build());
        } else if (world.dice().chance(troubles.failed())) {
            return CompletableFuture.failedFuture(
                    ApiGatewayManagementApiException.builder().statusCode(500).build());
        }
        Socket socket = sockets.get(request.connectionId());
        return socket.state() == State.OPEN && !isFalselyGone(socket)
                ? CompletableFuture.completedFuture(
                        GetConnectionResponse.builder().build())
                : CompletableFuture.failedFuture(gone());
    }

    @Override
    public CompletableFuture<PostToConnectionResponse> postToConnection(PostToConnectionRequest request) {
        world.step();
        Invocation invocation = world.invocation();
        ledger.posts(invocation, request.connectionId());
        CompletableFuture<PostToConnectionResponse> answer = new CompletableFuture<>();
        invocation.postBegins();
        var unused = answer.whenComplete((response, failure) -> invocation.postEnds());
        String message = request.data().asUtf8String();
        world.scheduler().after(world.latency(TYPICAL_MILLIS), () -> arrive(request.connectionId(), message, answer));
        return answer;
    }

    private void arrive(String connectionId, String message, CompletableFuture<PostToConnectionResponse> answer) {
        Socket socket = sockets.get(connectionId);
        InjectedFaults troubles = world.troubles();
        if (socket.isBad() || world.injects(troubles.hanging())) {
            hang(socket, message, answer);
        } else if (world.injects(troubles.throttled())) {
            fail(answer, LimitExceededException.builder().statusCode(429).build());
        } else if (world.injects(troubles.failed())) {
            fail(
                    answer,
                    ApiGatewayManagementApiException.builder().statusCode(500).build());
        } else if (isFalselyGone(socket)) {
            world.log(() -> "a false 410 for " + socket.connectionId());
            fail(answer, gone());
        } else if (socket.state() == State.OPEN) {
            deliver(socket, message);
            world.scheduler()
                    .after(
                            world.latency(TYPICAL_MILLIS),
                            () -> answer.complete(
                                    PostToConnectionResponse.builder().build()));
        } else {
            fail(answer, gone());
        }
    }

    /** API Gateway answers 410 now and then for a connection that is open: as rarely as one of a hundred, never three times in a minute. */
    private boolean isFalselyGone(Socket socket) {
        return socket.state() == State.OPEN
                && socket.answersFalsely(
                        world.injects(world.troubles().falseGone()),
                        world.scheduler().now());
    }

    private void hang(Socket socket, String message, CompletableFuture<PostToConnectionResponse> answer) {
        if (!socket.isBad() && socket.state() == State.OPEN && world.dice().chance(0.5)) {
            world.scheduler().after(world.dice().upTo(10_000), () -> deliver(socket, message));
        }
        world.scheduler()
                .after(
                        POST_TIMEOUT_MILLIS * 1_000L,
                        () -> answer.completeExceptionally(ApiCallTimeoutException.create(POST_TIMEOUT_MILLIS)));
    }

    /** API Gateway does not always name the error. */
    private RuntimeException gone() {
        return world.dice().chance(0.5)
                ? GoneException.builder()
                        .statusCode(410)
                        .awsErrorDetails(AwsErrorDetails.builder()
                                .errorCode("GoneException")
                                .build())
                        .build()
                : ApiGatewayManagementApiException.builder().statusCode(410).build();
    }

    private void fail(CompletableFuture<?> answer, Throwable failure) {
        world.scheduler().after(world.latency(TYPICAL_MILLIS), () -> answer.completeExceptionally(failure));
    }

    private void deliver(Socket socket, String message) {
        if (socket.state() != State.OPEN) {
            return;
        }
        JsonNode json = Json.tree(message);
        ledger.delivered(socket, json);
        if (socket.isClientThere()) {
            socket.receive(world.scheduler().now(), json.path("version").asLong());
        }
    }
}
