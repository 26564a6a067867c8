package io.github.visitorcounter.benchmark.micro;

import com.amazonaws.services.lambda.runtime.Context;
import io.github.visitorcounter.ConnectHandler;
import io.github.visitorcounter.Ports;
import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.internal.lambda.StreamEvents;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Converts events to the handlers' input. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class EventBenchmark {

    private static final int RECORDS = 100;

    private final Context context = new QuietContext();
    private final ConnectHandler handler = new FreeConnectHandler();
    private final byte[] connect = SampleEvents.connect();
    private final byte[] batch = SampleEvents.batch(RECORDS);

    /** Handles a {@code $connect} event, with a store without cost. */
    @Benchmark
    public Object connect() throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        handler.handleRequest(new ByteArrayInputStream(connect), answer, context);
        return answer;
    }

    /** Converts a hundred stream records to a request. */
    @Benchmark
    public Object hundredRecords() throws IOException {
        return StreamEvents.read(new ByteArrayInputStream(batch));
    }

    private static final class FreeConnectHandler extends ConnectHandler {

        FreeConnectHandler() {
            super(
                    VisitorCounterConfig.builder()
                            .set(Setting.ALLOWED_ORIGINS, Set.of("*"))
                            .build(),
                    Ports.of(new FreePorts()));
        }
    }
}
