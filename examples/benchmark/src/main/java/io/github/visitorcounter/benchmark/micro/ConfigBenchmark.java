package io.github.visitorcounter.benchmark.micro;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Converts environment variables to settings: once for each cold start. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ConfigBenchmark {

    private final Map<String, String> environment = Map.of(
            Setting.CONNECTIONS_TABLE.variable(), "ConnectionIDs",
            Setting.COUNTERS_TABLE.variable(), "VisitorCount",
            Setting.ALLOWED_COUNTERS.variable(), "home,news,shop",
            Setting.POST_CONCURRENCY.variable(), "512",
            Setting.CALLBACK_URL.variable(), "https://abcdef1234.execute-api.eu-central-1.amazonaws.com/prod");

    /** All settings, with their checks. */
    @Benchmark
    public Object config() {
        return VisitorCounterConfig.builder().environment(environment).build();
    }
}
