package io.github.visitorcounter.demo;

import io.github.visitorcounter.ConnectHandler;
import io.github.visitorcounter.CountHandler;
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

/**
 * The visitor counter as a stack: the tables, functions, routes and the event source mapping that the templates deploy.
 */
public final class CounterStack {

    /** What starts the broadcast of a disconnect. */
    public enum DisconnectTrigger {
        /**
         * {@code DisconnectHandler} invokes the broadcasting function, and the stream's filter excludes disconnects.
         */
        BY_INVOCATION,
        /** The stream starts it, as for connects. */
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

    /** The function of reconcile; on AWS a schedule invokes it, here the caller does. */
    public static final String RECONCILE = "reconcile";

    /** The function of client messages, except pings. */
    public static final String MESSAGE = "message";

    /** The function that answers counts over HTTP. */
    public static final String HTTP_COUNT = "http-count";

    /** The index of the table of connections by counter. It exists if {@link Setting#COUNTER_INDEX} is set. */
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

    /** Small: most invocations only check whether the budget allows a broadcast. */
    private static final int WAKE_UP_MEGABYTES = 256;

    private CounterStack() {}

    /**
     * Describes the stack.
     *
     * @param trigger what starts the broadcast of a disconnect
     * @return a builder, to be completed with ports and a site
     */
    public static EmbeddedStack.Builder describe(DisconnectTrigger trigger) {
        return describe(trigger, Map.of());
    }

    /**
     * Describes the stack of a site with many counters.
     *
     * @param trigger what starts the broadcast of a disconnect
     * @param counters the allowed counters, as in {@link Setting#ALLOWED_COUNTERS}
     * @return a builder, to be completed with ports and a site
     */
    public static EmbeddedStack.Builder describeCounters(DisconnectTrigger trigger, String counters) {
        return describe(
                trigger,
                Map.of(Setting.ALLOWED_COUNTERS.variable(), counters, Setting.COUNTER_INDEX.variable(), COUNTER_INDEX));
    }

    /**
     * Describes the stack with additional settings.
     *
     * @param trigger what starts the broadcast of a disconnect
     * @param settings environment variables of all functions, which override this stack's
     * @return a builder, to be completed with ports and a site
     */
    public static EmbeddedStack.Builder describe(DisconnectTrigger trigger, Map<String, String> settings) {
        return describe(trigger, settings, 1);
    }

    /**
     * Describes the stack with additional settings and a batching window.
     *
     * @param trigger what starts the broadcast of a disconnect
     * @param settings environment variables of all functions, which override this stack's
     * @param wakeUpWindowSeconds the batching window of wake-ups
     * @return a builder, to be completed with ports and a site
     */
    public static EmbeddedStack.Builder describe(
            DisconnectTrigger trigger, Map<String, String> settings, int wakeUpWindowSeconds) {
        return EmbeddedStack.builder()
                .table(connections(settings.containsKey(Setting.COUNTER_INDEX.variable())))
                .table(TableDefinition.keyedBy(COUNTERS_TABLE, "counterId")
                        .withTimeToLive("expiresAt")
                        .withStream(StreamViewType.NEW_IMAGE))
                .function(build(connect(), settings))
                .function(build(disconnect(trigger), settings))
                .function(build(broadcast(BROADCAST), settings))
                .function(build(broadcast(WAKE_UP).memoryMegabytes(WAKE_UP_MEGABYTES), settings))
                .function(build(reconcile(), settings))
                .function(build(function(MESSAGE, MessageHandler.class), settings))
                .eventSourceMapping(broadcasts(trigger))
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

    /**
     * Adds the count over HTTP, at {@code /count} and {@code /badge.svg}.
     *
     * @param stack a stack of this class
     * @param settings environment variables of the function, which override this stack's
     * @return the builder
     */
    public static EmbeddedStack.Builder withHttpCount(EmbeddedStack.Builder stack, Map<String, String> settings) {
        FunctionDefinition.Builder function =
                function(HTTP_COUNT, CountHandler.class).environment(Setting.ALLOWED_ORIGINS.variable(), "*");
        return stack.function(build(function, settings)).functionUrl(HTTP_COUNT);
    }

    /** Only a site with many counters needs the index, whose writes are charged. */
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

    /** Any origin is allowed: local visitors may be programs, and the page's port is unknown before the start. */
    private static FunctionDefinition.Builder connect() {
        return function(CONNECT, ConnectHandler.class).environment(Setting.ALLOWED_ORIGINS.variable(), "*");
    }

    private static FunctionDefinition.Builder disconnect(DisconnectTrigger trigger) {
        FunctionDefinition.Builder function = function(DISCONNECT, DisconnectHandler.class);
        return trigger == DisconnectTrigger.BY_INVOCATION
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

    private static EventSourceMapping broadcasts(DisconnectTrigger trigger) {
        String filter = trigger == DisconnectTrigger.BY_INVOCATION ? COUNT_CHANGED_NOT_BY_DISCONNECT : COUNT_CHANGED;
        return mapping(BROADCAST, filter).build();
    }

    /** Deferred broadcasts run after the batching window. */
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
