package io.github.visitorcounter.embeddedstack.lambda;

import io.github.visitorcounter.embeddedstack.control.Meter;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records invocations; these tests count nothing else. */
final class RecordingMeter implements Meter {

    record Metered(String function, boolean failed, long billedMillis, int memoryMegabytes) {}

    final List<Metered> invocations = new CopyOnWriteArrayList<>();
    final List<String> throttled = new CopyOnWriteArrayList<>();

    @Override
    public void invocation(String functionName, boolean failed, Duration billed, int memoryMegabytes) {
        invocations.add(new Metered(functionName, failed, billed.toMillis(), memoryMegabytes));
    }

    @Override
    public void connectionAccepted() {}

    @Override
    public void connectionRejected() {}

    @Override
    public void connectionClosed(Duration lasted) {}

    @Override
    public void clientMessage(int bytes) {}

    @Override
    public void post(int status, int bytes) {}

    @Override
    public void dynamoDbCall(String operation, double readUnits, double writeUnits) {}

    @Override
    public void throttled(String functionName) {
        throttled.add(functionName);
    }

    @Override
    public void dynamoDbConflict(String table) {}
}
