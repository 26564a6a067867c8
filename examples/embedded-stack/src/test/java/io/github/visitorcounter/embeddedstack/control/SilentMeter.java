package io.github.visitorcounter.embeddedstack.control;

import java.time.Duration;

/** Counts nothing; a test overrides what it looks at. */
public abstract class SilentMeter implements Meter {

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
    public void dynamoDbCall(String operation, double readUnits, double writeUnits) {}

    @Override
    public void dynamoDbConflict(String table) {}
}
