package io.github.visitorcounter.embeddedstack.lambda;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** The log of one invocation: its lines go to the stack's sink at once, and its last 4 KB are kept for whoever asked. */
final class InvocationLog implements LambdaLogger {

    private static final int TAIL_BYTES = 4096;

    private final String functionName;
    private final Consumer<String> sink;
    private final StringBuilder tail = new StringBuilder();

    InvocationLog(String functionName, Consumer<String> sink) {
        this.functionName = functionName;
        this.sink = sink;
    }

    @Override
    public void log(String message) {
        message.lines().forEach(line -> sink.accept("[" + functionName + "] " + line));
        keep(message);
    }

    @Override
    public void log(byte[] message) {
        log(new String(message, StandardCharsets.UTF_8));
    }

    @Override
    public void log(String message, LogLevel level) {
        log(level == LogLevel.UNDEFINED ? message : level + " " + message);
    }

    @Override
    public void log(byte[] message, LogLevel level) {
        log(new String(message, StandardCharsets.UTF_8), level);
    }

    void error(Throwable error) {
        StringWriter trace = new StringWriter();
        error.printStackTrace(new PrintWriter(trace, true));
        log(trace.toString());
    }

    /** Adds what Lambda itself writes around an invocation; it would only be noise in the sink. */
    synchronized void keep(String message) {
        tail.append(message.endsWith("\n") ? message : message + "\n");
        if (tail.length() > 2 * TAIL_BYTES) {
            tail.delete(0, tail.length() - TAIL_BYTES);
        }
    }

    synchronized byte[] tail() {
        byte[] bytes = tail.toString().getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOfRange(bytes, Math.max(0, bytes.length - TAIL_BYTES), bytes.length);
    }
}
