package io.github.visitorcounter.benchmark.cold;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.StreamBroadcastHandler;
import io.github.visitorcounter.benchmark.cold.FunctionProcess.Invocation;
import io.github.visitorcounter.benchmark.micro.SampleEvents;
import io.github.visitorcounter.benchmark.pass.ConnectionRows;
import io.github.visitorcounter.benchmark.pass.EndpointProcess;
import io.github.visitorcounter.benchmark.scenario.LibrarySettings;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Restores the wake-up function, which sends the count to all connections. */
final class WakeUpStart {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ColdStack stack;
    private final EndpointProcess endpoint;
    private final ConnectionRows rows;
    private final Path log;
    private int connections;

    /**
     * Creates an instance.
     *
     * @param stack the tables
     * @param endpoint receives the posts
     * @param log the file for the output of the last start
     */
    WakeUpStart(ColdStack stack, EndpointProcess endpoint, Path log) {
        this.stack = stack;
        this.endpoint = endpoint;
        this.rows = new ConnectionRows(stack.dynamoDb());
        this.log = log;
    }

    /**
     * What a start used.
     *
     * @param peakMegabytes the largest resident memory, the snapshot's part included
     * @param cpuMillis processor time since the restore
     */
    record Use(double peakMegabytes, double cpuMillis) {}

    /** Adds connections up to this number. */
    void connections(int number) {
        rows.fill(number);
        connections = number;
    }

    /** Starts a function of this size, and checks that it has posted to all connections. */
    Use run(int memoryMegabytes) throws InterruptedException {
        endpoint.begin(0);
        rows.change(connections);
        try (FunctionProcess process = start(memoryMegabytes)) {
            Invocation invocation = process.restoreAndInvoke();
            endpoint.await(connections, 0, PATIENCE);
            return new Use(process.peakMegabytes(), invocation.times().cpuMillis());
        }
    }

    private FunctionProcess start(int memoryMegabytes) {
        Map<String, String> environment = new HashMap<>(stack.environment());
        environment.putAll(LibrarySettings.unpaced());
        environment.put(Setting.CALLBACK_URL.variable(), endpoint.address().toString());
        environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
        environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(memoryMegabytes));
        return FunctionProcess.start(
                Packages.LIBRARY,
                new JavaRuntime(Packages.RUNTIME, memoryMegabytes)
                        .managedWithSnapshot(StreamBroadcastHandler.class.getName(), List.of()),
                environment,
                new String(SampleEvents.wakeUp(), StandardCharsets.UTF_8),
                log);
    }
}
