package io.github.visitorcounter.embeddedstack.gateway;

import io.github.visitorcounter.embeddedstack.control.SilentMeter;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Records all calls. */
final class RecordingMeter extends SilentMeter {

    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<Duration> durations = new CopyOnWriteArrayList<>();

    /** All accepted and closed connections; not reset between tests. */
    final AtomicInteger accepted = new AtomicInteger();

    final AtomicInteger closed = new AtomicInteger();

    void forget() {
        calls.clear();
        durations.clear();
    }

    @Override
    public void connectionAccepted() {
        calls.add("accepted");
        accepted.incrementAndGet();
    }

    @Override
    public void connectionRejected() {
        calls.add("rejected");
    }

    @Override
    public void connectionClosed(Duration lasted) {
        durations.add(lasted);
        calls.add("closed");
        closed.incrementAndGet();
    }

    @Override
    public void clientMessage(int bytes) {
        calls.add("message " + bytes);
    }

    @Override
    public void post(int status, int bytes) {
        calls.add("post " + status + " " + bytes);
    }

    @Override
    public void invocation(String functionName, boolean failed, Duration billed, int memoryMegabytes) {
        throw new AssertionError("the gateway runs no functions itself");
    }

    @Override
    public void dynamoDbCall(String operation, double readUnits, double writeUnits) {
        throw new AssertionError("the gateway calls no DynamoDB");
    }
}
