package io.github.visitorcounter.embeddedstack.lambda;

import java.util.function.Consumer;

/** Where the lines of all functions go, until it is closed. Thread-safe. */
final class FunctionLogs implements Consumer<String> {

    private final Consumer<String> sink;
    private volatile boolean closed;

    FunctionLogs(Consumer<String> sink) {
        this.sink = sink;
    }

    @Override
    public void accept(String line) {
        if (!closed) {
            sink.accept(line);
        }
    }

    /** Drops later lines: functions that the stack interrupts report failures that are not their own. */
    void close() {
        closed = true;
    }
}
