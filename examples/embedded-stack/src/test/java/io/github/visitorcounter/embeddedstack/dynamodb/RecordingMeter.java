package io.github.visitorcounter.embeddedstack.dynamodb;

import io.github.visitorcounter.embeddedstack.control.Meter;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records DynamoDB calls, such as {@code PutItem r0.0 w1.0}. */
public final class RecordingMeter implements Meter {

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<String> conflicts = new CopyOnWriteArrayList<>();

    List<String> conflicts() {
        return conflicts;
    }

    List<String> calls() {
        return calls;
    }

    @Override
    public void dynamoDbCall(String operation, double readUnits, double writeUnits) {
        calls.add(operation + " r" + readUnits + " w" + writeUnits);
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
    public void invocation(String functionName, boolean failed, Duration billed, int memoryMegabytes) {}

    @Override
    public void throttled(String functionName) {}

    @Override
    public void dynamoDbConflict(String table) {
        conflicts.add(table);
    }
}
