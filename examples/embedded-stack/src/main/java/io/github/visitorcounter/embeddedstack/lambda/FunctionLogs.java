package io.github.visitorcounter.embeddedstack.lambda;

import java.util.function.Consumer;

/** Passes the log lines of all functions to the sink, until it is closed. Thread-safe. */
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

    /** Drops later lines: interrupted functions would log failures that the shutdown has caused. */
    void close() {
        closed = true;
    }
}
