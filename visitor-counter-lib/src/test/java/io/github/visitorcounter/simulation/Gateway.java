package io.github.visitorcounter.simulation;

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Simulates API Gateway, the network in front of it, and the pages. */
final class Gateway implements ApiGatewayManagementApiAsyncClient {

    private static final ObjectNode CONNECT = Events.load("connect");
    private static final ObjectNode DISCONNECT = Events.load("disconnect");
    private static final ObjectNode MESSAGE = Events.load("message");
    private static final double TYPICAL_MILLIS = 10;
    private static final int POST_TIMEOUT_MILLIS = 3_000;

    /** The stay of a visitor that never disconnects. */
    static final long FOR_GOOD = -1;

    private static final Duration VERY_LATE = Duration.ofMinutes(11);

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int MAX_QUESTIONS = 60;

    /** API Gateway closes a connection that was idle for so long. */
    private static final Duration IDLE = Duration.ofMinutes(10);

    private final SimulatedWorld world;
    private final Functions functions;
    private final Invariants invariants;
    private final VisitorBehaviour behaviour;
    private List<String> counters = List.of();
    private final Map<String, Socket> sockets = new LinkedHashMap<>();

    Gateway(SimulatedWorld world, Functions functions, Invariants invariants, VisitorBehaviour behaviour) {
        this.world = world;
        this.functions = functions;
        this.invariants = invariants;
        this.behaviour = behaviour;
    }

    /** Sets the counters among which visits walk. */
    void pages(List<String> counterIds) {
        counters = counterIds;
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
        // Holds no resources.
    }

    /** Opens a page that is counted and stays open. */
    void visitForGood(String counterId) {
        connect(counterId, FOR_GOOD, null, null, false);
    }

    /** Opens a page, and closes it after the stay. */
    Socket visit(String counterId, long stay) {
        boolean named = world.randomness().chance(behaviour.named());
        int visitor = world.randomness().between(0, sockets.size() / behaviour.tabs());
        boolean watches = world.randomness().chance(behaviour.watches());
        return connect(
                counterId,
                stay,
                named ? "visit-" + sockets.size() : null,
                named ? "visitor-" + visitor : null,
                watches);
    }

    private Socket connect(
            String counterId, long stay, @Nullable String visit, @Nullable String visitor, boolean watches) {
        String id = String.format("c%04d=", sockets.size());
        Socket socket = new Socket(id, counterId, world.scheduler().now() / 1_000 * 1_000, visit, visitor, watches);
        sockets.put(id, socket);
        world.log(() -> id + " asks to connect to " + counterId);
        ObjectNode event = event(CONNECT, socket);
        ObjectNode query = event.putObject("queryStringParameters").put("counter", counterId);
        if (visit != null) {
            query.put("visit", visit).put("visitor", visitor);
        }
        if (watches) {
            query.put("watch", "1");
        }
        String payload = event.toString();
        functions.invoke(Functions.CONNECT, "request-" + id, payload, answer -> answered(socket, answer, stay));
        if (world.randomness().chance(world.faults().connectTwice())) {
            connectAgain(socket, payload);
        }
        if (world.randomness().chance(world.faults().impatient())) {
            world.scheduler().after(world.randomness().upTo(1_000), () -> closePage(socket));
        }
        return socket;
    }

    /**
     * Repeats the connect event: soon, or after the transaction's token has expired, if the connection is still open
     * then.
     */
    private void connectAgain(Socket socket, String payload) {
        boolean late = world.randomness().chance(0.2);
        long delay =
                late ? SimulatedWorld.micros(VERY_LATE) : world.randomness().upTo(3_000);
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
            invariants.accepted(socket);
            long handshake = world.randomness().chance(world.faults().slowHandshake())
                    ? world.randomness().upTo(2_000)
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
            if (socket.onlyWatches()) {
                invariants.shownBy(socket).forEach(counterId -> askUntilAnswered(socket, counterId, MAX_QUESTIONS));
            } else if (world.randomness().chance(behaviour.asks())) {
                String counterId = world.randomness().one(invariants.shownBy(socket));
                world.scheduler().after(world.randomness().upTo(1_000), () -> ask(socket, counterId));
            }
            if (stay != FOR_GOOD) {
                world.scheduler().after(stay, () -> closePage(socket));
            }
        }
    }

    /** No change tells a page that only watches the first number: it asks. */
    private void askUntilAnswered(Socket socket, String counterId, int questions) {
        if (questions > 0 && socket.received(counterId).isEmpty()) {
            ask(socket, counterId);
            world.scheduler()
                    .after(SimulatedWorld.micros(PATIENCE), () -> askUntilAnswered(socket, counterId, questions - 1));
        }
    }

    /** Sends a message that requests a count; the page receives the answer. */
    private void ask(Socket socket, String counterId) {
        if (!socket.isReachable()) {
            return;
        }
        String question = counterId.equals(socket.counterId())
                ? "{\"action\":\"count\"}"
                : "{\"action\":\"count\",\"counter\":\"" + counterId + "\"}";
        String payload = event(MESSAGE, socket).put("body", question).toString();
        functions.invoke(Functions.MESSAGE, "message-" + socket.connectionId(), payload, answer -> {
            String body = answer.isOk() ? Json.tree(answer.body()).path("body").asText("") : "";
            if (body.contains("visitor-count") && socket.isReachable()) {
                invariants.answered(socket, Json.count(body));
                socket.receive(world.scheduler().now(), Json.count(body));
            }
        });
    }

    /** Closes the page. Some pages reconnect, before or after the disconnect event of the old connection. */
    private void closePage(Socket socket) {
        if (socket.state() == State.CLOSED || !socket.isClientThere()) {
            return;
        }
        if (world.randomness().chance(behaviour.reconnects())) {
            long stay = world.randomness().chance(0.5)
                    ? FOR_GOOD
                    : world.randomness().upTo(5_000);
            world.scheduler()
                    .after(
                            world.randomness().upTo(2_000),
                            () -> connect(
                                    nextPage(socket), stay, socket.visit(), socket.visitor(), socket.onlyWatches()));
        }
        if (socket.state() == State.OPEN
                && world.randomness().chance(world.faults().vanishing())) {
            world.log(() -> socket.connectionId() + " vanishes");
            socket.clientVanishes();
            world.scheduler().after(SimulatedWorld.micros(IDLE), () -> close(socket));
        } else {
            close(socket);
        }
    }

    private String nextPage(Socket socket) {
        return counters.size() > 1 && world.randomness().chance(0.5)
                ? world.randomness().one(counters)
                : socket.counterId();
    }

    /** Closes the connection, and sends the disconnect event unless it is lost. */
    private void close(Socket socket) {
        world.log(() -> socket.connectionId() + " closes");
        socket.close(world.scheduler().now());
        if (world.randomness().chance(world.faults().disconnectLost())) {
            world.log(() -> "the $disconnect of " + socket.connectionId() + " is lost");
            return;
        }
        String payload = event(DISCONNECT, socket).toString();
        boolean twice = world.randomness().chance(world.faults().disconnectTwice());
        for (int time = 0; time < (twice ? 2 : 1); time++) {
            long delay = world.randomness().chance(world.faults().disconnectLate())
                    ? world.randomness().upTo(120_000)
                    : world.latency(20);
            world.scheduler().after(delay, () -> disconnect(socket, payload));
        }
    }

    private void disconnect(Socket socket, String payload) {
        String request = "disconnect-" + socket.connectionId();
        functions.invoke(Functions.DISCONNECT, request, payload, answer -> {
            if (!answer.isOk()) {
                invariants.departureFailed(socket);
            }
        });
    }

    /** Closes all connections without disconnect events. */
    void closeAll() {
        sockets.values().stream()
                .filter(socket -> socket.state() != State.CLOSED)
                .forEach(socket -> socket.close(world.scheduler().now()));
    }

    /** Closes the connections of vanished clients without disconnect events. */
    void closeVanished() {
        sockets.values().stream()
                .filter(socket -> socket.state() == State.OPEN && !socket.isClientThere())
                .forEach(socket -> socket.close(world.scheduler().now()));
    }

    /** The caller waits here for the answer. */
    @Override
    public CompletableFuture<GetConnectionResponse> getConnection(GetConnectionRequest request) {
        world.step();
        world.travel(TYPICAL_MILLIS);
        InjectedFaults faults = world.faults();
        if (world.randomness().chance(faults.throttled())) {
            return CompletableFuture.failedFuture(
                    LimitExceededException.builder().statusCode(429).build());
        } else if (world.randomness().chance(faults.failed())) {
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
        CompletableFuture<PostToConnectionResponse> answer = new CompletableFuture<>();
        invocation.postBegins();
        var unused = answer.whenComplete((response, failure) -> invocation.postEnds());
        String message = request.data().asUtf8String();
        invariants.posts(invocation, request.connectionId(), Json.tree(message));
        world.scheduler()
                .after(world.latency(TYPICAL_MILLIS), () -> processPost(request.connectionId(), message, answer));
        return answer;
    }

    private void processPost(String connectionId, String message, CompletableFuture<PostToConnectionResponse> answer) {
        Socket socket = sockets.get(connectionId);
        InjectedFaults faults = world.faults();
        if (socket.isBad() || world.injects(faults.hanging())) {
            hang(socket, message, answer);
        } else if (world.injects(faults.throttled())) {
            fail(answer, LimitExceededException.builder().statusCode(429).build());
        } else if (world.injects(faults.failed())) {
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

    /**
     * Occasionally answers 410 for an open connection: at most once in a hundred calls, and never three times in a
     * minute.
     */
    private boolean isFalselyGone(Socket socket) {
        return socket.state() == State.OPEN
                && socket.answersFalsely(
                        world.injects(world.faults().falseGone()),
                        world.scheduler().now());
    }

    private void hang(Socket socket, String message, CompletableFuture<PostToConnectionResponse> answer) {
        if (!socket.isBad()
                && socket.state() == State.OPEN
                && world.randomness().chance(0.5)) {
            world.scheduler().after(world.randomness().upTo(10_000), () -> deliver(socket, message));
        }
        world.scheduler()
                .after(
                        POST_TIMEOUT_MILLIS * 1_000L,
                        () -> answer.completeExceptionally(ApiCallTimeoutException.create(POST_TIMEOUT_MILLIS)));
    }

    /** API Gateway does not always name the error. */
    private RuntimeException gone() {
        return world.randomness().chance(0.5)
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
        invariants.delivered(socket, Json.count(message));
        if (socket.isClientThere()) {
            socket.receive(world.scheduler().now(), Json.count(message));
        }
    }
}
