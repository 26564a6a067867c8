package io.github.visitorcounter.benchmark.micro;

import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.count.VisitorCount;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Converts a count to a message: once for each broadcast. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MessageBenchmark {

    private final VisitorCount count = new VisitorCount("site", 1_234, 5_678_901, 11_356_568, Instant.EPOCH);

    /** The default format. */
    @Benchmark
    public @Nullable Object format() {
        return MessageFormat.JSON.format(count);
    }
}
