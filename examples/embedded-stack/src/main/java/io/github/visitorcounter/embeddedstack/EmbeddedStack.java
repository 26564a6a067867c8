package io.github.visitorcounter.embeddedstack;

import io.github.visitorcounter.embeddedstack.access.Access;
import io.github.visitorcounter.embeddedstack.access.AccessControl;
import io.github.visitorcounter.embeddedstack.access.AccessHandler;
import io.github.visitorcounter.embeddedstack.access.Policy;
import io.github.visitorcounter.embeddedstack.control.CallCounts;
import io.github.visitorcounter.embeddedstack.control.ControlHandler;
import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.control.Prices;
import io.github.visitorcounter.embeddedstack.control.SameOriginHandler;
import io.github.visitorcounter.embeddedstack.control.Stats;
import io.github.visitorcounter.embeddedstack.dynamodb.DynamoDbServer;
import io.github.visitorcounter.embeddedstack.dynamodb.TableDefinition;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketGateway;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import io.github.visitorcounter.embeddedstack.lambda.InvocationResult;
import io.github.visitorcounter.embeddedstack.lambda.LambdaSettings;
import io.github.visitorcounter.embeddedstack.lambda.LocalLambda;
import io.github.visitorcounter.embeddedstack.schedule.Schedule;
import io.github.visitorcounter.embeddedstack.schedule.Schedules;
import io.github.visitorcounter.embeddedstack.site.SiteHandler;
import io.github.visitorcounter.embeddedstack.stream.EventSourceMapping;
import io.github.visitorcounter.embeddedstack.stream.EventSourceMappings;
import io.github.visitorcounter.embeddedstack.stream.StreamSource;
import org.eclipse.jetty.server.Handler;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A WebSocket API, Lambda functions, DynamoDB tables and their streams, running in this JVM on 127.0.0.1. No AWS account is
 * contacted. Thread-safe.
 *
 * <pre>{@code
 * try (EmbeddedStack stack = EmbeddedStack.builder()
 *         .table(new TableDefinition(request))
 *         .function(FunctionDefinition.builder("connect").handler(ConnectHandler.class).build())
 *         .webSocketApi(WebSocketApi.builder().route("$connect", new RouteTarget.LambdaProxy("connect")).build())
 *         .start()) {
 *     URI socket = stack.endpoints().websocket();
 * }
 * }</pre>
 *
 * @since 0.1.0
 */
public final class EmbeddedStack implements AutoCloseable {

    private static final String CONTROL_PATH = "/_local";

    private final Shutdown shutdown;
    private final StackEndpoints endpoints;
    private final CallCounts counts;
    private final FaultInjector faults;
    private final AccessControl access;
    private final LocalLambda lambda;
    private final EventSourceMappings mappings;
    private final DynamoDbClient dynamoDb;

    /** Starts everything; what has been started is in the shutdown when it fails. */
    private EmbeddedStack(Builder wanted, Shutdown shutdown) {
        this.shutdown = shutdown;
        this.counts = new CallCounts(wanted.clock, wanted.prices);
        this.faults = new FaultInjector(new Random(wanted.randomSeed));
        faults.set(wanted.faults);
        Map<String, Optional<Policy>> policies = new HashMap<>();
        wanted.functions.forEach(function -> policies.put(function.name(), function.policy()));
        this.access = new AccessControl(wanted.accountId, policies);

        FrontDoor frontDoor = FrontDoor.bind(wanted.port);
        shutdown.add(frontDoor);
        DynamoDbServer database = shutdown.add(DynamoDbServer.start(
                wanted.dynamoDbPort,
                wanted.region,
                wanted.accountId,
                Duration.ofMillis(wanted.dynamodbTransactionMillis),
                access,
                faults,
                counts));
        this.dynamoDb = shutdown.add(database.client());
        DynamoDbStreamsClient streams = shutdown.add(database.streamsClient());
        Map<String, String> streamArns = database.createTables(wanted.tables);
        this.endpoints = endpoints(frontDoor.port(), wanted.webSocketApi.stage(), database.endpoint());

        LambdaSettings settings = new LambdaSettings(
                wanted.region,
                wanted.accountId,
                wanted.clock,
                () -> UUID.randomUUID().toString(),
                wanted.asyncRetryDelays,
                faults,
                counts,
                wanted.logSink);
        this.lambda = shutdown.add(new LocalLambda(wanted.functions, endpoints, settings));
        checkReferences(wanted);
        // Nothing is written yet, and clients wait at the bound port: the order of the next steps is that of closing.
        this.mappings = shutdown.add(EventSourceMappings.start(
                wanted.eventSourceMappings,
                new StreamSource(streams, streamArns, wanted.region, wanted.accountId),
                lambda,
                faults,
                wanted.pollInterval));
        shutdown.add(new Schedules(wanted.schedules, lambda, wanted.clock, wanted.region, wanted.accountId));
        WebSocketGateway gateway = shutdown.add(new WebSocketGateway(
                wanted.webSocketApi, lambda, faults, counts, wanted.clock, new Random(~wanted.randomSeed)));

        String apiArn =
                "arn:aws:execute-api:" + wanted.region + ":" + wanted.accountId + ":" + wanted.webSocketApi.apiId();
        Handler open = new SameOriginHandler(new Handler.Sequence(handlers(gateway, wanted)), frontDoor.port());
        frontDoor.serve(new AccessHandler(open, access, apiArn, lambda::arn));
        if (wanted.prewarm) {
            lambda.prewarm();
        }
    }

    private List<Handler> handlers(WebSocketGateway gateway, Builder wanted) {
        List<Handler> handlers = new ArrayList<>();
        handlers.add(gateway.handler());
        handlers.add(lambda.invokeApi());
        handlers.add(new ControlHandler(CONTROL_PATH, counts::stats, faults));
        if (!wanted.siteRoots.isEmpty()) {
            handlers.add(new SiteHandler(wanted.siteRoots, wanted.welcomeFile));
        }
        return handlers;
    }

    private void checkReferences(Builder wanted) {
        List<String> problems = new ArrayList<>();
        wanted.eventSourceMappings.stream()
                .filter(mapping -> !lambda.has(mapping.functionName()))
                .forEach(mapping -> problems.add("the event source mapping of table '" + mapping.tableName()
                        + "' leads to '" + mapping.functionName() + "'"));
        wanted.schedules.stream()
                .filter(schedule -> !lambda.has(schedule.functionName()))
                .forEach(schedule -> problems.add(
                        "the schedule '" + schedule.name() + "' leads to '" + schedule.functionName() + "'"));
        wanted.webSocketApi.functionNames().stream()
                .filter(name -> !lambda.has(name))
                .forEach(name -> problems.add("a route leads to '" + name + "'"));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("There is no such function: " + String.join("; ", problems)
                    + ". Functions of this stack: "
                    + wanted.functions.stream().map(FunctionDefinition::name).toList());
        }
    }

    private static StackEndpoints endpoints(int port, String stage, URI dynamoDb) {
        String authority = "127.0.0.1:" + port;
        String root = "http://" + authority;
        return new StackEndpoints(
                URI.create(root + "/"),
                URI.create("ws://" + authority + "/" + stage),
                URI.create(root + "/" + stage),
                URI.create(root),
                dynamoDb,
                URI.create(root + CONTROL_PATH));
    }

    /** Starts the description of a stack. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where the stack is reached. */
    public StackEndpoints endpoints() {
        return endpoints;
    }

    /** What has happened so far, and what it would have cost on AWS. */
    public Stats stats() {
        return counts.stats();
    }

    /**
     * What functions did so far to tables, functions and connections, each kind once: what their policies have to allow. What
     * Lambda does in a role's name for an event source mapping, a log or a destination is not among it.
     */
    public Set<Access> accesses() {
        return access.accesses();
    }

    /** The faults now in force. */
    public Faults faults() {
        return faults.faults();
    }

    /**
     * Replaces all faults.
     *
     * @param newFaults the faults from now on; {@link Faults#NONE} to end them
     */
    public void faults(Faults newFaults) {
        faults.set(Objects.requireNonNull(newFaults, "newFaults"));
    }

    /** A client for looking into tables: its calls are neither counted nor failed. The stack closes it. */
    public DynamoDbClient dynamoDb() {
        return dynamoDb;
    }

    /**
     * Invokes a function and waits for its answer ({@code RequestResponse}).
     *
     * @param functionName its name or ARN
     * @param payload the event, as JSON
     * @return completes with the function's answer or its error; completes exceptionally only when the invocation could not be
     *     made, for instance with {@link io.github.visitorcounter.embeddedstack.lambda.FunctionNotFoundException}
     */
    public CompletableFuture<InvocationResult> invoke(String functionName, String payload) {
        return lambda.invoke(functionName, payload);
    }

    /**
     * Completes when every record that has been written to a stream, and what the functions wrote because of it, has been
     * delivered; see {@link EventSourceMappings#drained()}.
     */
    public CompletableFuture<Void> streamsDrained() {
        return mappings.drained();
    }

    /**
     * Stops the stack: the connections with their {@code $disconnect}s, the event source mappings, the functions, DynamoDB, and
     * the web server. Takes about ten seconds at most; a handler that ignores its interruption is abandoned. Further calls do
     * nothing.
     */
    @Override
    public void close() {
        shutdown.run();
    }

    /** Collects what a stack consists of. Not thread-safe. */
    public static final class Builder {

        private int port;
        private int dynamoDbPort;
        private int dynamodbTransactionMillis = 10;
        private String region = "us-east-1";
        private String accountId = "000000000000";
        private final List<TableDefinition> tables = new ArrayList<>();
        private final List<FunctionDefinition> functions = new ArrayList<>();
        private final List<EventSourceMapping> eventSourceMappings = new ArrayList<>();
        private final List<Schedule> schedules = new ArrayList<>();
        private final List<URI> siteRoots = new ArrayList<>();
        private String welcomeFile = "index.html";
        private WebSocketApi webSocketApi = WebSocketApi.builder().build();
        private Faults faults = Faults.NONE;
        private Prices prices = Prices.US_EAST_1;
        private Clock clock = Clock.systemUTC();
        private long randomSeed = System.nanoTime();
        private List<Duration> asyncRetryDelays = LambdaSettings.ASYNC_RETRY_DELAYS_OF_AWS;
        private Duration pollInterval = EventSourceMappings.DEFAULT_POLL_INTERVAL;
        private Consumer<String> logSink = System.out::println;
        private boolean prewarm = true;

        private Builder() {}

        /**
         * Sets the port of everything but DynamoDB.
         *
         * @param newPort 0, the default, for any free one
         */
        public Builder port(int newPort) {
            port = newPort;
            return this;
        }

        /**
         * Sets DynamoDB's port.
         *
         * @param newPort 0, the default, for any free one
         */
        public Builder dynamoDbPort(int newPort) {
            dynamoDbPort = newPort;
            return this;
        }

        /**
         * Sets how long a DynamoDB transaction takes from prepare to commit. Meanwhile it holds its items: another transaction
         * with one of them is cancelled with {@code TransactionConflict}, and a plain write of one of them fails with {@code
         * TransactionConflictException}, as on AWS. One item sustains at most {@code 1000 / millis} transactions a second.
         *
         * @param millis 0 or more; 10 by default (AWS publishes no figure); 0 carries out one transaction after the other, so that
         *     none conflicts
         * @throws IllegalArgumentException if it is negative
         */
        public Builder dynamodbTransactionMillis(int millis) {
            if (millis < 0) {
                throw new IllegalArgumentException("dynamodbTransactionMillis must be 0 or more, not " + millis);
            }
            dynamodbTransactionMillis = millis;
            return this;
        }

        /**
         * Sets the region that functions and ARNs show.
         *
         * @param newRegion default {@code us-east-1}
         */
        public Builder region(String newRegion) {
            region = Objects.requireNonNull(newRegion, "region");
            return this;
        }

        /**
         * Sets the account that ARNs show.
         *
         * @param newAccountId 12 digits, default all zero
         * @throws IllegalArgumentException if it is not 12 digits
         */
        public Builder accountId(String newAccountId) {
            if (!newAccountId.matches("\\d{12}")) {
                throw new IllegalArgumentException("accountId must be 12 digits, not '" + newAccountId + "'");
            }
            accountId = newAccountId;
            return this;
        }

        /** Adds a table, empty at the start. */
        public Builder table(TableDefinition table) {
            tables.add(Objects.requireNonNull(table, "table"));
            return this;
        }

        /** Adds a function. */
        public Builder function(FunctionDefinition function) {
            functions.add(Objects.requireNonNull(function, "function"));
            return this;
        }

        /** Adds an event source mapping from a table's stream to a function. */
        public Builder eventSourceMapping(EventSourceMapping mapping) {
            eventSourceMappings.add(Objects.requireNonNull(mapping, "mapping"));
            return this;
        }

        /** Adds a schedule that invokes a function. */
        public Builder schedule(Schedule schedule) {
            schedules.add(Objects.requireNonNull(schedule, "schedule"));
            return this;
        }

        /** Sets the WebSocket API; without it connections are accepted and nothing listens to them. */
        public Builder webSocketApi(WebSocketApi api) {
            webSocketApi = Objects.requireNonNull(api, "api");
            return this;
        }

        /**
         * Adds a folder of static files; a file is taken from the first folder that has it.
         *
         * @param directory a folder on disk; an edited file shows at the next reload
         */
        public Builder site(Path directory) {
            return site(directory.toAbsolutePath().normalize().toUri());
        }

        /**
         * Adds a folder of static files; a file is taken from the first folder that has it.
         *
         * @param folder a folder of the class path, for instance from {@code Class.getResource}
         */
        public Builder site(URI folder) {
            siteRoots.add(Objects.requireNonNull(folder, "folder"));
            return this;
        }

        /** Sets the file of the site that is shown at its root; {@code index.html} by default. */
        public Builder welcomeFile(String name) {
            welcomeFile = Objects.requireNonNull(name, "name");
            return this;
        }

        /** Sets the faults to begin with; none by default. */
        public Builder faults(Faults newFaults) {
            faults = Objects.requireNonNull(newFaults, "faults");
            return this;
        }

        /** Sets the prices of the estimated cost; those of us-east-1 by default. */
        public Builder prices(Prices newPrices) {
            prices = Objects.requireNonNull(newPrices, "prices");
            return this;
        }

        /** Sets the clock of events, contexts and statistics; time limits and polls run by the real one. */
        public Builder clock(Clock newClock) {
            clock = Objects.requireNonNull(newClock, "clock");
            return this;
        }

        /** Makes the faults' dice and the connections' ids the same in each run; different in each by default. */
        public Builder randomSeed(long seed) {
            randomSeed = seed;
            return this;
        }

        /**
         * Sets the waits before the retries of asynchronous invocations.
         *
         * @param first before the first; AWS: 1 minute
         * @param second before the second; AWS: 2 minutes
         */
        public Builder asyncRetryDelays(Duration first, Duration second) {
            asyncRetryDelays = List.of(first, second);
            return this;
        }

        /** Sets how long an idle event source mapping waits between polls; 250 ms by default, as Lambda's. */
        public Builder pollInterval(Duration interval) {
            pollInterval = Objects.requireNonNull(interval, "interval");
            return this;
        }

        /** Sets where the functions' log lines go, from many threads; to standard output by default. */
        public Builder logSink(Consumer<String> sink) {
            logSink = Objects.requireNonNull(sink, "sink");
            return this;
        }

        /**
         * Sets whether an instance of every function is initialised before {@link #start()} returns; true by default. Otherwise,
         * as on AWS, the first invocation waits for it, and finds out when it cannot be initialised.
         */
        public Builder prewarm(boolean ahead) {
            prewarm = ahead;
            return this;
        }

        /**
         * Starts the stack. When this returns, everything accepts traffic.
         *
         * @throws StackStartException if a port is taken, a definition does not fit the others, or a function cannot be
         *     initialised; nothing is left running
         */
        public EmbeddedStack start() {
            Shutdown shutdown = new Shutdown();
            boolean started = false;
            try {
                EmbeddedStack stack = new EmbeddedStack(this, shutdown);
                started = true;
                return stack;
            } catch (StackStartException e) {
                throw e;
            } catch (RuntimeException e) {
                throw new StackStartException(String.valueOf(e.getMessage()), e);
            } finally {
                if (!started) {
                    shutdown.run();
                }
            }
        }
    }
}
