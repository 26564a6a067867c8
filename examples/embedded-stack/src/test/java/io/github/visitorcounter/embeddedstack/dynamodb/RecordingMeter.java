package io.github.visitorcounter.embeddedstack.dynamodb;

import io.github.visitorcounter.embeddedstack.control.SilentMeter;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records DynamoDB calls, such as {@code PutItem r0.0 w1.0}. */
public final class RecordingMeter extends SilentMeter {

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
    public void dynamoDbConflict(String table) {
        conflicts.add(table);
    }
}
