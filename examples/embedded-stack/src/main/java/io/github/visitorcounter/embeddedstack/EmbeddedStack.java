package io.github.visitorcounter.embeddedstack;

import io.github.visitorcounter.embeddedstack.access.Access;
import io.github.visitorcounter.embeddedstack.client.WebSocketClient;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.control.Prices;
import io.github.visitorcounter.embeddedstack.control.Stats;
import io.github.visitorcounter.embeddedstack.dynamodb.TableDefinition;
import io.github.visitorcounter.embeddedstack.engine.RunningStack;
import io.github.visitorcounter.embeddedstack.engine.StackDescription;
import io.github.visitorcounter.embeddedstack.engine.StackEngine;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import io.github.visitorcounter.embeddedstack.isolation.Isolation;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import io.github.visitorcounter.embeddedstack.lambda.InvocationResult;
import io.github.visitorcounter.embeddedstack.schedule.Schedule;
import io.github.visitorcounter.embeddedstack.stream.EventSourceMapping;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A WebSocket API, Lambda functions, DynamoDB tables and their streams, running in this JVM on 127.0.0.1. No AWS
 * account is contacted. Thread-safe.
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

    private static final String ENGINE = "io.github.visitorcounter.embeddedstack.engine.Engine";

    private final RunningStack running;
    private final ProjectDatabase database;

    private EmbeddedStack(RunningStack running, ProjectDatabase database) {
        this.running = running;
        this.database = database;
    }

    /** Starts the description of a stack. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where the stack is reached. */
    public StackEndpoints endpoints() {
        return running.endpoints();
    }

    /**
     * Connects a WebSocket client for tests to the WebSocket API.
     *
     * @return an open connection, which the caller closes
     * @throws io.github.visitorcounter.embeddedstack.client.HandshakeRejectedException if the API rejects the handshake
     */
    public WebSocketClient connect() {
        return client().connect();
    }

    /** Prepares a WebSocket client for tests, with query parameters, headers or subprotocols, for the WebSocket API. */
    public WebSocketClient.Builder client() {
        return WebSocketClient.to(endpoints().websocket());
    }

    /** What has happened so far, and what it would have cost on AWS. */
    public Stats stats() {
        return running.stats();
    }

    /**
     * The distinct actions that functions have performed on tables, functions and connections: what their policies must
     * allow. Actions that Lambda performs with a function's role, for an event source mapping, a log or a destination,
     * are not included.
     */
    public Set<Access> accesses() {
        return running.accesses();
    }

    /** The current faults. */
    public Faults faults() {
        return running.faults();
    }

    /**
     * Replaces all faults.
     *
     * @param newFaults the new faults; {@link Faults#NONE} for none
     */
    public void faults(Faults newFaults) {
        running.faults(Objects.requireNonNull(newFaults, "newFaults"));
    }

    /**
     * A client for reading and editing tables in tests. Its calls are neither counted nor subject to faults. The stack
     * closes it.
     */
    public DynamoDbClient dynamoDb() {
        return database.client();
    }

    /**
     * Invokes a function and waits for its answer ({@code RequestResponse}).
     *
     * @param functionName its name or ARN
     * @param payload the event, as JSON
     * @return completes with the function's answer or its error; completes exceptionally only if the function could not
     *     be invoked, for instance with {@link io.github.visitorcounter.embeddedstack.lambda.FunctionNotFoundException}
     */
    public CompletableFuture<InvocationResult> invoke(String functionName, String payload) {
        return running.invoke(functionName, payload);
    }

    /**
     * Completes when every record written to a stream, including records that functions write in response, has been
     * delivered, or discarded by the rules of its event source mapping.
     */
    public CompletableFuture<Void> streamsDrained() {
        return running.streamsDrained();
    }

    /**
     * Stops the stack: the connections with their {@code $disconnect}s, the event source mappings, the functions,
     * DynamoDB, and the web server. Ends all faults first. Running functions have a few seconds to finish; then they
     * are interrupted, and their later log lines are dropped. Takes about ten seconds at most; a handler that ignores
     * its interruption is abandoned. Further calls do nothing.
     */
    @Override
    public void close() {
        running.close();
        database.close();
    }

    /** Builds a stack. Not thread-safe. */
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
        private Optional<String> functionUrl = Optional.empty();
        private Faults faults = Faults.NONE;
        private Prices prices = Prices.US_EAST_1;
        private Clock clock = Clock.systemUTC();
        private long randomSeed = System.nanoTime();
        private List<Duration> asyncRetryDelays = List.of(Duration.ofMinutes(1), Duration.ofMinutes(2));
        private Duration pollInterval = Duration.ofMillis(250);
        private Consumer<String> logSink = System.out::println;
        private boolean prewarm = true;
        private boolean brokenFunctionsAllowed;

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
         * Sets how long a DynamoDB transaction takes from prepare to commit. It locks its items for that time: another
         * transaction on one of them is cancelled with {@code TransactionConflict}, and a plain write of one of them
         * fails with {@code TransactionConflictException}, as on AWS. One item supports at most {@code 1000 / millis}
         * transactions a second.
         *
         * @param millis 0 or more; 10 by default (AWS publishes no figure); 0 runs transactions one after the other,
         *     without conflicts
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

        /** Sets the WebSocket API. By default, connections are accepted and no function is invoked. */
        public Builder webSocketApi(WebSocketApi api) {
            webSocketApi = Objects.requireNonNull(api, "api");
            return this;
        }

        /**
         * Gives a function a function URL. It is the root of {@link StackEndpoints#page()}: the function answers the
         * requests for paths that neither the WebSocket API nor the site has, as if one CloudFront distribution served
         * them all.
         *
         * @param functionName the function, with its alias if it is invoked by one
         */
        public Builder functionUrl(String functionName) {
            functionUrl = Optional.of(functionName);
            return this;
        }

        /**
         * Adds a folder of static files; each file is served from the first folder that contains it.
         *
         * @param directory a folder on disk; edits are visible after a reload
         */
        public Builder site(Path directory) {
            return site(directory.toAbsolutePath().normalize().toUri());
        }

        /**
         * Adds a folder of static files; each file is served from the first folder that contains it.
         *
         * @param folder a folder of the class path, for instance from {@code Class.getResource}
         */
        public Builder site(URI folder) {
            siteRoots.add(Objects.requireNonNull(folder, "folder"));
            return this;
        }

        /** Sets the file that is served at the root of the site; {@code index.html} by default. */
        public Builder welcomeFile(String name) {
            welcomeFile = Objects.requireNonNull(name, "name");
            return this;
        }

        /** Sets the initial faults; none by default. */
        public Builder faults(Faults newFaults) {
            faults = Objects.requireNonNull(newFaults, "faults");
            return this;
        }

        /** Sets the prices of the estimated cost; those of us-east-1 by default. */
        public Builder prices(Prices newPrices) {
            prices = Objects.requireNonNull(newPrices, "prices");
            return this;
        }

        /** Sets the clock of events, contexts and statistics; time limits and polls use the system clock. */
        public Builder clock(Clock newClock) {
            clock = Objects.requireNonNull(newClock, "clock");
            return this;
        }

        /** Makes random faults and connection ids the same in each run; they differ by default. */
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
         * Sets whether an instance of every function is initialised before {@link #start()} returns; true by default.
         * If false, the first invocation initialises the function and fails if that fails, as on AWS.
         */
        public Builder prewarm(boolean ahead) {
            prewarm = ahead;
            return this;
        }

        /**
         * Sets whether the stack starts even if a function cannot be initialised; false by default. If true, the error
         * is written to that function's log, and its invocations fail, as on AWS.
         */
        public Builder brokenFunctionsAllowed(boolean allowed) {
            brokenFunctionsAllowed = allowed;
            return this;
        }

        /**
         * Starts the stack. When this returns, everything accepts traffic.
         *
         * @throws StackStartException if a port is in use, a definition refers to another that does not exist, or a
         *     function cannot be initialised and {@link #brokenFunctionsAllowed} is false; nothing is left running
         */
        public EmbeddedStack start() {
            ProjectDatabase database = new ProjectDatabase(region, tables);
            StackDescription description = describe(database);
            boolean started = false;
            try {
                RunningStack running = Isolation.call(
                        () -> Isolation.create(StackEngine.class, ENGINE).start(description));
                started = true;
                return new EmbeddedStack(running, database);
            } catch (StackStartException e) {
                throw e;
            } catch (RuntimeException e) {
                throw new StackStartException(String.valueOf(e.getMessage()), e);
            } finally {
                if (!started) {
                    database.close();
                }
            }
        }

        private StackDescription describe(Function<URI, Map<String, String>> tableCreation) {
            return new StackDescription(
                    port,
                    dynamoDbPort,
                    dynamodbTransactionMillis,
                    region,
                    accountId,
                    tableCreation,
                    functions,
                    eventSourceMappings,
                    schedules,
                    siteRoots,
                    welcomeFile,
                    webSocketApi,
                    functionUrl,
                    faults,
                    prices,
                    clock,
                    randomSeed,
                    asyncRetryDelays,
                    pollInterval,
                    logSink,
                    prewarm,
                    brokenFunctionsAllowed);
        }
    }
}
