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
    Parts(StackDescription wanted, Shutdown shutdown) {
        this.shutdown = shutdown;
        this.counts = new CallCounts(wanted.clock(), wanted.prices());
        this.faults = new FaultInjector(new Random(wanted.randomSeed()));
        faults.set(wanted.faults());
        Map<String, Optional<Policy>> policies = new HashMap<>();
        wanted.functions().forEach(function -> policies.put(function.name(), function.policy()));
        this.access = new AccessControl(wanted.accountId(), policies);

        StackServer server = StackServer.bind(wanted.port());
        shutdown.add(server);
        DynamoDbServer database = shutdown.add(DynamoDbServer.start(
                wanted.dynamoDbPort(),
                wanted.region(),
                wanted.accountId(),
                Duration.ofMillis(wanted.dynamodbTransactionMillis()),
                access,
                faults,
                counts));
        DynamoDbStreamsClient streams = shutdown.add(database.streamsClient());
        Map<String, String> streamArns = wanted.tableCreation().apply(database.endpoint());
        this.endpoints = endpoints(server.port(), wanted.webSocketApi().stage(), database.endpoint());

        LambdaSettings settings = new LambdaSettings(
                wanted.region(),
                wanted.accountId(),
                wanted.clock(),
                () -> UUID.randomUUID().toString(),
                wanted.asyncRetryDelays(),
                faults,
                counts,
                wanted.logSink());
        this.lambda = shutdown.add(new LocalLambda(wanted.functions(), endpoints, settings));
        checkReferences(wanted);
        // No request is served yet, so the order of the next steps matters only for closing, which is the reverse.
        this.mappings = shutdown.add(EventSourceMappings.start(
                wanted.eventSourceMappings(),
                new StreamSource(streams, streamArns, wanted.region(), wanted.accountId()),
                lambda,
                faults,
                wanted.pollInterval()));
        shutdown.add(new Schedules(wanted.schedules(), lambda, wanted.clock(), wanted.region(), wanted.accountId()));
        String apiArn = "arn:aws:execute-api:" + wanted.region() + ":" + wanted.accountId() + ":"
                + wanted.webSocketApi().apiId();
        WebSocketGateway gateway = shutdown.add(new WebSocketGateway(
                wanted.webSocketApi(),
                apiArn,
                lambda,
                faults,
                counts,
                wanted.clock(),
                new Random(~wanted.randomSeed())));

        Handler open = new SameOriginHandler(new Handler.Sequence(handlers(gateway, wanted)), server.port());
        server.serve(new AccessHandler(open, access, apiArn, lambda::arn));
        if (wanted.prewarm()) {
            prewarm(wanted);
        }
    }

    private void prewarm(StackDescription wanted) {
        try {
            lambda.prewarm();
        } catch (FunctionInitialisationException broken) {
            if (!wanted.brokenFunctionsAllowed()) {
                throw broken;
            }
            Stream.concat(Stream.of(broken), Stream.of(broken.getSuppressed()))
                    .forEach(each -> wanted.logSink().accept(each.getMessage() + "; its invocations will fail"));
        }
    }

    private List<Handler> handlers(WebSocketGateway gateway, StackDescription wanted) {
        List<Handler> handlers = new ArrayList<>();
        handlers.add(gateway.handler());
        handlers.add(lambda.invokeApi());
        handlers.add(new ControlHandler(CONTROL_PATH, counts::stats, faults));
        if (!wanted.siteRoots().isEmpty()) {
            handlers.add(new SiteHandler(wanted.siteRoots(), wanted.welcomeFile()));
        }
        handlers.add(new UnknownPathHandler(!wanted.siteRoots().isEmpty()));
        return handlers;
    }

    private void checkReferences(StackDescription wanted) {
        List<String> problems = new ArrayList<>();
        wanted.eventSourceMappings().stream()
                .filter(mapping -> !lambda.has(mapping.functionName()))
                .forEach(mapping -> problems.add("the event source mapping of table '" + mapping.tableName()
                        + "' leads to '" + mapping.functionName() + "'"));
        wanted.schedules().stream()
                .filter(schedule -> !lambda.has(schedule.functionName()))
                .forEach(schedule -> problems.add(
                        "the schedule '" + schedule.name() + "' leads to '" + schedule.functionName() + "'"));
        wanted.webSocketApi().functionNames().stream()
                .filter(name -> !lambda.has(name))
                .forEach(name -> problems.add("a route or the authorizer leads to '" + name + "'"));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("There is no such function: " + String.join("; ", problems)
                    + ". Functions of this stack: "
                    + wanted.functions().stream().map(FunctionDefinition::name).toList());
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
