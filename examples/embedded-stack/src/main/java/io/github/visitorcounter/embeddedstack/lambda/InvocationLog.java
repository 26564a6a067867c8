package io.github.visitorcounter.embeddedstack.lambda;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The log of one invocation: its lines are passed to the stack's sink at once, and its last 4 KB are kept for callers
 * that request them. Like Lambda's Java runtime, in JSON format it wraps each text in an object and drops levels below
 * INFO; bytes are passed on unchanged.
 */
final class InvocationLog implements LambdaLogger {

    private static final int TAIL_BYTES = 4096;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String functionName;
    private final @Nullable String requestId;
    private final LogFormat format;
    private final Clock clock;
    private final Consumer<String> sink;
    private final StringBuilder tail = new StringBuilder();

    InvocationLog(FunctionDefinition function, @Nullable String requestId, LambdaSettings settings) {
        this.functionName = function.name();
        this.requestId = requestId;
        this.format = function.logFormat();
        this.clock = settings.clock();
        this.sink = settings.logSink();
    }

    @Override
    public void log(String message) {
        log(message, LogLevel.UNDEFINED);
    }

    private void write(String message) {
        message.lines().forEach(line -> sink.accept("[" + functionName + "] " + line));
        keep(message);
    }

    @Override
    public void log(byte[] message) {
        write(new String(message, StandardCharsets.UTF_8));
    }

    @Override
    public void log(String message, LogLevel level) {
        if (isWritten(level)) {
            write(formatted(message, level));
        }
    }

    @Override
    public void log(byte[] message, LogLevel level) {
        if (isWritten(level)) {
            log(message);
        }
    }

    private boolean isWritten(LogLevel level) {
        return format != LogFormat.JSON || level == LogLevel.UNDEFINED || level.compareTo(LogLevel.INFO) >= 0;
    }

    private String formatted(String message, LogLevel level) {
        if (format != LogFormat.JSON) {
            return level == LogLevel.UNDEFINED ? message : "[" + level + "] " + message;
        }
        return JSON.createObjectNode()
                .put("timestamp", clock.instant().toString())
                .put("message", message)
                .put("level", level.name())
                .put("AWSRequestId", requestId)
                .toString();
    }

    void error(Throwable error) {
        StringWriter trace = new StringWriter();
        error.printStackTrace(new PrintWriter(trace, true));
        log(trace.toString(), format == LogFormat.JSON ? LogLevel.ERROR : LogLevel.UNDEFINED);
    }

    /** Adds a line that Lambda itself writes around an invocation; the sink does not receive it. */
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
