package io.github.visitorcounter.simulation;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.visitorcounter.ConnectHandler;
import io.github.visitorcounter.DisconnectHandler;
import io.github.visitorcounter.MessageHandler;
import io.github.visitorcounter.Ports;
import io.github.visitorcounter.ReconcileHandler;
import io.github.visitorcounter.StreamBroadcastHandler;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.internal.dynamodb.SimulatedAdapters;
import io.github.visitorcounter.internal.testing.TestPorts;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * The library's functions with the settings of a deployment: the production handlers and adapters on simulated AWS
 * services.
 */
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
            VisitorBehaviour behaviour) {
        this.deployment = deployment;
        VisitorCounterConfig config = deployment.config(counters, behaviour);
        SimulatedAdapters aws = new SimulatedAdapters(
                new FaultyDynamoDb(world, tables), new FaultyLambda(world, functions), world, deployment.pageSize());
        Executor threads = task -> functions.run(world.invocation(), task);
        Ports broadcasting = aws.ports(config, gateway, threads).ports();
        RequestStreamHandler broadcast = new StreamBroadcastHandler(config, broadcasting) {};
        TestPorts disconnecting = aws.ports(config, gateway, threads)
                .withRequester(deployment.requestsBroadcasts() ? aws.broadcastRequester(Functions.BROADCAST) : null);
        // Scans one segment after another; parallel scans are not simulated.
        Ports reconciling = aws.ports(config, gateway, Runnable::run).ports();
        this.handlers = Map.of(
                Functions.CONNECT,
                new ConnectHandler(config, aws.ports(config, gateway, threads).ports()) {},
                Functions.DISCONNECT,
                new DisconnectHandler(config, disconnecting.ports()) {},
                Functions.MESSAGE,
                new MessageHandler(config, aws.ports(config, gateway, threads).ports()) {},
                Functions.RECONCILE,
                new ReconcileHandler(config, reconciling) {},
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
