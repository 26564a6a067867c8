package io.github.visitorcounter.embeddedstack.engine;

import io.github.visitorcounter.embeddedstack.StackEndpoints;
import io.github.visitorcounter.embeddedstack.access.Access;
import io.github.visitorcounter.embeddedstack.access.AccessControl;
import io.github.visitorcounter.embeddedstack.access.AccessHandler;
import io.github.visitorcounter.embeddedstack.access.Policy;
import io.github.visitorcounter.embeddedstack.control.CallCounts;
import io.github.visitorcounter.embeddedstack.control.ControlHandler;
import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.control.SameOriginHandler;
import io.github.visitorcounter.embeddedstack.control.Stats;
import io.github.visitorcounter.embeddedstack.dynamodb.DynamoDbServer;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketGateway;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import io.github.visitorcounter.embeddedstack.lambda.FunctionInitialisationException;
import io.github.visitorcounter.embeddedstack.lambda.InvocationResult;
import io.github.visitorcounter.embeddedstack.lambda.LambdaSettings;
import io.github.visitorcounter.embeddedstack.lambda.LocalLambda;
import io.github.visitorcounter.embeddedstack.schedule.Schedules;
import io.github.visitorcounter.embeddedstack.site.SiteHandler;
import io.github.visitorcounter.embeddedstack.stream.EventSourceMappings;
import io.github.visitorcounter.embeddedstack.stream.StreamSource;
import io.github.visitorcounter.embeddedstack.url.FunctionUrlHandler;
import org.eclipse.jetty.server.Handler;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A running stack: its servers, functions and pollers, and the order in which they start and stop. Thread-safe. */
final class Parts implements RunningStack {

    private static final String CONTROL_PATH = "/_local";

    private final Shutdown shutdown;
    private final StackEndpoints endpoints;
    private final CallCounts counts;
    private final FaultInjector faults;
    private final AccessControl access;
    private final LocalLambda lambda;
    private final EventSourceMappings mappings;

    /** Starts all parts. If one fails, the parts started before are registered in the shutdown. */
    Parts(StackDescription description, Shutdown shutdown) {
        this.shutdown = shutdown;
        this.counts = new CallCounts(description.clock(), description.prices());
        this.faults = new FaultInjector(new Random(description.randomSeed()));
        faults.set(description.faults());
        Map<String, Optional<Policy>> policies = new HashMap<>();
        description.functions().forEach(function -> policies.put(function.name(), function.policy()));
        this.access = new AccessControl(description.accountId(), policies);

        StackServer server = StackServer.bind(description.port());
        shutdown.add(server);
        DynamoDbServer database = shutdown.add(DynamoDbServer.start(
                description.dynamoDbPort(),
                description.region(),
                description.accountId(),
                Duration.ofMillis(description.dynamodbTransactionMillis()),
                access,
                faults,
                counts));
        DynamoDbStreamsClient streams = shutdown.add(database.streamsClient());
        Map<String, String> streamArns = description.tableCreation().apply(database.endpoint());
        this.endpoints = endpoints(server.port(), description.webSocketApi().stage(), database.endpoint());

        LambdaSettings settings = new LambdaSettings(
                description.region(),
                description.accountId(),
                description.clock(),
                () -> UUID.randomUUID().toString(),
                description.asyncRetryDelays(),
                faults,
                counts,
                description.logSink());
        this.lambda = shutdown.add(new LocalLambda(description.functions(), endpoints, settings));
        checkReferences(description);
        // No request is served yet, so the order of the next steps matters only for closing, which is the reverse.
        this.mappings = shutdown.add(EventSourceMappings.start(
                description.eventSourceMappings(),
                new StreamSource(streams, streamArns, description.region(), description.accountId()),
                lambda,
                faults,
                description.pollInterval()));
        shutdown.add(new Schedules(
                description.schedules(), lambda, description.clock(), description.region(), description.accountId()));
        String apiArn = "arn:aws:execute-api:" + description.region() + ":" + description.accountId() + ":"
                + description.webSocketApi().apiId();
        WebSocketGateway gateway = shutdown.add(new WebSocketGateway(
                description.webSocketApi(),
                apiArn,
                lambda,
                faults,
                counts,
                description.clock(),
                new Random(~description.randomSeed())));

        Handler open = new SameOriginHandler(new Handler.Sequence(handlers(gateway, description)), server.port());
        server.serve(new AccessHandler(open, access, apiArn, lambda::arn));
        if (description.prewarm()) {
            prewarm(description);
        }
    }

    private void prewarm(StackDescription description) {
        try {
            lambda.prewarm();
        } catch (FunctionInitialisationException broken) {
            if (!description.brokenFunctionsAllowed()) {
                throw broken;
            }
            Stream.concat(Stream.of(broken), Stream.of(broken.getSuppressed()))
                    .forEach(each -> description.logSink().accept(each.getMessage() + "; its invocations will fail"));
        }
    }

    private List<Handler> handlers(WebSocketGateway gateway, StackDescription description) {
        List<Handler> handlers = new ArrayList<>();
        handlers.add(gateway.handler());
        handlers.add(lambda.invokeApi());
        handlers.add(new ControlHandler(CONTROL_PATH, counts::stats, faults));
        if (!description.siteRoots().isEmpty()) {
            handlers.add(new SiteHandler(description.siteRoots(), description.welcomeFile()));
        }
        description
                .functionUrl()
                .ifPresent(function -> handlers.add(
                        new FunctionUrlHandler(function, lambda, description.clock(), () -> UUID.randomUUID()
                                .toString())));
        handlers.add(new UnknownPathHandler(!description.siteRoots().isEmpty()));
        return handlers;
    }

    private void checkReferences(StackDescription description) {
        List<String> problems = new ArrayList<>();
        description.eventSourceMappings().stream()
                .filter(mapping -> !lambda.has(mapping.functionName()))
                .forEach(mapping -> problems.add("the event source mapping of table '" + mapping.tableName()
                        + "' leads to '" + mapping.functionName() + "'"));
        description.schedules().stream()
                .filter(schedule -> !lambda.has(schedule.functionName()))
                .forEach(schedule -> problems.add(
                        "the schedule '" + schedule.name() + "' leads to '" + schedule.functionName() + "'"));
        description.webSocketApi().functionNames().stream()
                .filter(name -> !lambda.has(name))
                .forEach(name -> problems.add("a route or the authorizer leads to '" + name + "'"));
        description
                .functionUrl()
                .filter(name -> !lambda.has(name))
                .ifPresent(name -> problems.add("the function URL leads to '" + name + "'"));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("There is no such function: " + String.join("; ", problems)
                    + ". Functions of this stack: "
                    + description.functions().stream()
                            .map(FunctionDefinition::name)
                            .toList());
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

    @Override
    public StackEndpoints endpoints() {
        return endpoints;
    }

    @Override
    public Stats stats() {
        return counts.stats();
    }

    @Override
    public Set<Access> accesses() {
        return access.accesses();
    }

    @Override
    public Faults faults() {
        return faults.faults();
    }

    @Override
    public void faults(Faults newFaults) {
        faults.set(newFaults);
    }

    @Override
    public CompletableFuture<InvocationResult> invoke(String functionName, String payload) {
        return lambda.invoke(functionName, payload);
    }

    @Override
    public CompletableFuture<Void> streamsDrained() {
        return mappings.drained();
    }

    @Override
    public void close() {
        faults.set(Faults.NONE); // Faults must not delay the shutdown.
        shutdown.run();
    }
}
