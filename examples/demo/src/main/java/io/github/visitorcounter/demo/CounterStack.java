package io.github.visitorcounter.demo;

import io.github.visitorcounter.ConnectHandler;
import io.github.visitorcounter.DisconnectHandler;
import io.github.visitorcounter.MessageHandler;
import io.github.visitorcounter.ReconcileHandler;
import io.github.visitorcounter.Setting;
import io.github.visitorcounter.StreamBroadcastHandler;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.StackEndpoints;
import io.github.visitorcounter.embeddedstack.dynamodb.TableDefinition;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import io.github.visitorcounter.embeddedstack.schedule.Schedule;
import io.github.visitorcounter.embeddedstack.stream.EventSourceMapping;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The visitor counter as a stack: the tables, functions, routes and the event source mapping that the templates deploy. */
public final class CounterStack {

    /** How the departure of a visitor is announced. */
    public enum Announcement {
        /** {@code DisconnectHandler} invokes the broadcasting function, and the stream's filter leaves departures out. */
        BY_INVOCATION,
        /** The stream announces departures like arrivals. */
        BY_STREAM
    }

    /** The function of {@code $connect}. */
    public static final String CONNECT = "connect";

    /** The function of {@code $disconnect}. */
    public static final String DISCONNECT = "disconnect";

    /** The function behind the stream. */
    public static final String BROADCAST = "broadcast";

    /** The function of the wake-ups: the same handler, behind the second mapping of the stream. */
    public static final String WAKE_UP = "wake-up";

    /** The function that heals; on AWS a schedule invokes it, here whoever wants it to run. */
    public static final String RECONCILE = "reconcile";

    /** The function of what pages say, but for pings. */
    public static final String MESSAGE = "message";

    /** The index of the table of connections by counter. It is there when {@link Setting#COUNTER_INDEX} names it. */
    public static final String COUNTER_INDEX = "byCounter";

    private static final String CONNECTIONS_TABLE = "ConnectionIDs";
    private static final String COUNTERS_TABLE = "VisitorCount";

    /** Records without {@code lastChange} are not about a count. */
    private static final String COUNT_CHANGED =
            "{\"dynamodb\":{\"NewImage\":{\"lastChange\":{\"S\":[{\"exists\":true}]}}}}";

    private static final String COUNT_CHANGED_NOT_BY_DISCONNECT =
            "{\"dynamodb\":{\"NewImage\":{\"lastChange\":{\"S\":[{\"anything-but\":[\"DISCONNECT\"]}]}}}}";

    private static final String WAKE_UP_REQUESTED = "{\"eventName\":[\"INSERT\",\"MODIFY\"],"
            + "\"dynamodb\":{\"NewImage\":{\"counterId\":{\"S\":[{\"prefix\":\"wake#\"}]}}}}";

    /** Small: most invocations only look whether the budget allows a broadcast. */
    private static final int WAKE_UP_MEGABYTES = 256;

    private CounterStack() {}

    /**
     * Describes the stack.
     *
     * @param announcement how departures are announced
     * @return a description to be completed with ports and a site, and started
     */
    public static EmbeddedStack.Builder describe(Announcement announcement) {
        return describe(announcement, Map.of());
    }

    /**
     * Describes the stack of a site with many counters.
     *
     * @param announcement how departures are announced
     * @param counters the counters that a page may choose, as {@link Setting#ALLOWED_COUNTERS} has them
     * @return a description to be completed with ports and a site, and started
     */
    public static EmbeddedStack.Builder describeRooms(Announcement announcement, String counters) {
        return describe(
                announcement,
                Map.of(Setting.ALLOWED_COUNTERS.variable(), counters, Setting.COUNTER_INDEX.variable(), COUNTER_INDEX));
    }

    /**
     * Describes the stack with settings of its own.
     *
     * @param announcement how departures are announced
     * @param settings environment variables of all functions, which go before this stack's
     * @return a description to be completed with ports and a site, and started
     */
    public static EmbeddedStack.Builder describe(Announcement announcement, Map<String, String> settings) {
        return describe(announcement, settings, 1);
    }

    /**
     * Describes the stack with settings and a clock of its own.
     *
     * @param announcement how departures are announced
     * @param settings environment variables of all functions, which go before this stack's
     * @param wakeUpWindowSeconds the batching window of wake-ups
     * @return a description to be completed with ports and a site, and started
     */
    public static EmbeddedStack.Builder describe(
            Announcement announcement, Map<String, String> settings, int wakeUpWindowSeconds) {
        return EmbeddedStack.builder()
                .table(connections(settings.containsKey(Setting.COUNTER_INDEX.variable())))
                .table(TableDefinition.keyedBy(COUNTERS_TABLE, "counterId")
                        .withTimeToLive("expiresAt")
                        .withStream(StreamViewType.NEW_IMAGE))
                .function(build(connect(), settings))
                .function(build(disconnect(announcement), settings))
                .function(build(broadcast(BROADCAST), settings))
                .function(build(broadcast(WAKE_UP).memoryMegabytes(WAKE_UP_MEGABYTES), settings))
                .function(build(reconcile(), settings))
                .function(build(function(MESSAGE, MessageHandler.class), settings))
                .eventSourceMapping(broadcasts(announcement))
                .eventSourceMapping(wakeUps(wakeUpWindowSeconds))
                .schedule(new Schedule(RECONCILE, RECONCILE, Duration.ofMinutes(5), null))
                .webSocketApi(WebSocketApi.builder()
                        .stage("local")
                        .route(WebSocketApi.CONNECT, new RouteTarget.LambdaProxy(CONNECT))
                        .route(WebSocketApi.DISCONNECT, new RouteTarget.LambdaProxy(DISCONNECT))
                        .routeWithResponse("ping", new RouteTarget.Mock("{\"type\":\"pong\"}"))
                        .routeWithResponse("count", new RouteTarget.LambdaProxy(MESSAGE))
                        .routeWithResponse(WebSocketApi.DEFAULT, new RouteTarget.LambdaProxy(MESSAGE))
                        .build());
    }

    /** Only a site with many counters needs the index, and pays for its writes. */
    private static TableDefinition connections(boolean byCounter) {
        TableDefinition table =
                TableDefinition.keyedBy(CONNECTIONS_TABLE, "connectionId").withTimeToLive("expiresAt");
        return byCounter
                ? table.withIndex(COUNTER_INDEX, "counterId", "connectedAt", List.of("expiresAt", "visit"))
                : table;
    }

    private static FunctionDefinition build(FunctionDefinition.Builder function, Map<String, String> settings) {
        settings.forEach(function::environment);
        return function.build();
    }

    /** Any origin: on this machine visitors are programs as often as pages, and the page's port is not known before the start. */
    private static FunctionDefinition.Builder connect() {
        return function(CONNECT, ConnectHandler.class).environment(Setting.ALLOWED_ORIGINS.variable(), "*");
    }

    private static FunctionDefinition.Builder disconnect(Announcement announcement) {
        FunctionDefinition.Builder function = function(DISCONNECT, DisconnectHandler.class);
        return announcement == Announcement.BY_INVOCATION
                ? function.environment(Setting.BROADCAST_FUNCTION.variable(), BROADCAST)
                : function;
    }

    private static FunctionDefinition.Builder broadcast(String name) {
        return function(name, StreamBroadcastHandler.class)
                .environment(Setting.CALLBACK_URL.variable(), CounterStack::callbackUrl)
                .timeout(Duration.ofSeconds(60));
    }

    private static FunctionDefinition.Builder reconcile() {
        return function(RECONCILE, ReconcileHandler.class)
                .environment(Setting.CALLBACK_URL.variable(), CounterStack::callbackUrl)
                .timeout(Duration.ofSeconds(60));
    }

    private static String callbackUrl(StackEndpoints endpoints) {
        return endpoints.management().toString();
    }

    private static FunctionDefinition.Builder function(String name, Class<?> handler) {
        return FunctionDefinition.builder(name)
                .handler(handler)
                .timeout(Duration.ofSeconds(10))
                .memoryMegabytes(1_024)
                .environment(Setting.CONNECTIONS_TABLE.variable(), CONNECTIONS_TABLE)
                .environment(Setting.COUNTERS_TABLE.variable(), COUNTERS_TABLE);
    }

    private static EventSourceMapping broadcasts(Announcement announcement) {
        String filter = announcement == Announcement.BY_INVOCATION ? COUNT_CHANGED_NOT_BY_DISCONNECT : COUNT_CHANGED;
        return mapping(BROADCAST, filter).build();
    }

    /** The batching window is the clock of the broadcasts that have to wait. */
    private static EventSourceMapping wakeUps(int windowSeconds) {
        return mapping(WAKE_UP, WAKE_UP_REQUESTED)
                .maximumBatchingWindowInSeconds(windowSeconds)
                .build();
    }

    private static EventSourceMapping.Builder mapping(String function, String filter) {
        return EventSourceMapping.builder(COUNTERS_TABLE, function)
                .batchSize(1_000)
                .filter(filter)
                .reportBatchItemFailures(true)
                .bisectBatchOnFunctionError(true)
                .maximumRetryAttempts(3)
                .maximumRecordAgeInSeconds(60);
    }
}
