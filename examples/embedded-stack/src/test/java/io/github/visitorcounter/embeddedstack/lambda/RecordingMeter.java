package io.github.visitorcounter.embeddedstack.lambda;

import io.github.visitorcounter.embeddedstack.control.SilentMeter;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records invocations; these tests count nothing else. */
final class RecordingMeter extends SilentMeter {

    record Metered(String function, boolean failed, long billedMillis, int memoryMegabytes) {}

    final List<Metered> invocations = new CopyOnWriteArrayList<>();
    final List<String> throttled = new CopyOnWriteArrayList<>();

    @Override
    public void invocation(String functionName, boolean failed, Duration billed, int memoryMegabytes) {
        invocations.add(new Metered(functionName, failed, billed.toMillis(), memoryMegabytes));
    }

    @Override
    public void throttled(String functionName) {
        throttled.add(functionName);
    }
}
