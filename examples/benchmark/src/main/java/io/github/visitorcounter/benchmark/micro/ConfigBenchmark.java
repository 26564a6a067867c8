package io.github.visitorcounter.benchmark.micro;

import io.github.visitorcounter.VisitorCounterConfig;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Variables become settings: once for each cold start. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ConfigBenchmark {

    private final Map<String, String> environment = Map.of(
            VisitorCounterConfig.CONNECTIONS_TABLE, "ConnectionIDs",
            VisitorCounterConfig.COUNTERS_TABLE, "VisitorCount",
            VisitorCounterConfig.ALLOWED_COUNTERS, "home,news,shop",
            VisitorCounterConfig.POST_CONCURRENCY, "512",
            VisitorCounterConfig.CALLBACK_URL, "https://abcdef1234.execute-api.eu-central-1.amazonaws.com/prod");

    /** All of them checked. */
    @Benchmark
    public Object config() {
        return VisitorCounterConfig.builder().environment(environment).build();
    }
}
