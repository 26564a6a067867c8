package io.github.visitorcounter.simulation;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.visitorcounter.SimulatedHandlers;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.internal.dynamodb.SimulatedAdapters;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/** The library's functions, deployed with some settings: the handlers and adapters as they are, on the world's AWS. */
final class SimulatedStack {

    private final Deployment deployment;
    private final Map<String, RequestStreamHandler> handlers;

    SimulatedStack(
            SimulatedWorld world,
            Deployment deployment,
            MemoryDynamoDb tables,
            Functions functions,
            Gateway gateway,
            Set<String> counters,
            VisitorBehaviour habits) {
        this.deployment = deployment;
        VisitorCounterConfig config = deployment.config(counters, habits);
        SimulatedAdapters aws = new SimulatedAdapters(
                new FaultyDynamoDb(world, tables), new FaultyLambda(world, functions), world, deployment.pageSize());
        Executor threads = task -> functions.run(world.invocation(), task);
        RequestStreamHandler broadcast =
                SimulatedHandlers.broadcast(config, aws.broadcastPorts(config, gateway, threads), world, threads);
        this.handlers = Map.of(
                Functions.CONNECT,
                SimulatedHandlers.connect(config, aws.counters(config), world),
                Functions.DISCONNECT,
                SimulatedHandlers.disconnect(
                        aws.counters(config),
                        deployment.announces() ? aws.announcer(Functions.BROADCAST) : null,
                        world),
                Functions.MESSAGE,
                SimulatedHandlers.message(config, aws.connections(null), aws.counters(config), world),
                Functions.RECONCILE,
                SimulatedHandlers.reconcile(config, aws.reconcilePorts(config, gateway), world),
                Functions.BROADCAST,
                broadcast,
                Functions.WAKE_UP,
                broadcast);
    }

    Deployment deployment() {
        return deployment;
    }

    RequestStreamHandler handler(String function) {
        return handlers.get(function);
    }
}
