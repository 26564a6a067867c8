package io.github.visitorcounter.internal.lambda;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of the log. Its message is the same each time, and names what happened; what differs is in its fields, so that CloudWatch
 * Logs Insights can filter and add them.
 *
 * <p>Nothing in it may be personal data: no address, no header, no query, no id of a visitor, a visit or an open connection.
 *
 * @param level how much it matters
 * @param message what happened: constant text
 * @param fields texts, numbers and booleans, in the order in which they are written
 * @param failure why; null when nothing was thrown
 */
public record LogLine(
        LogLevel level,
        String message,
        Map<String, Object> fields,
        @Nullable Throwable failure) {

    /**
     * Copies the fields.
     *
     * @param level how much it matters
     * @param message what happened
     * @param fields its fields
     * @param failure why
     */
    public LogLine {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** Begins a line about what happens for every visitor. It is written only where the function's log level asks for it. */
    public static LogLine debug(String message) {
        return new LogLine(LogLevel.DEBUG, message, Map.of(), null);
    }

    /** Begins a line about what an invocation did. */
    public static LogLine info(String message) {
        return new LogLine(LogLevel.INFO, message, Map.of(), null);
    }

    /** Begins a line that an operator should look at. The invocation went on. */
    public static LogLine warn(String message) {
        return new LogLine(LogLevel.WARN, message, Map.of(), null);
    }

    /** Begins a line about an invocation, or a hook, that failed. */
    public static LogLine error(String message) {
        return new LogLine(LogLevel.ERROR, message, Map.of(), null);
    }

    public LogLine with(String name, @Nullable String text) {
        return text == null ? this : withField(name, text);
    }

    public LogLine with(String name, long number) {
        return withField(name, number);
    }

    public LogLine with(String name, boolean flag) {
        return withField(name, flag);
    }

    private LogLine withField(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(fields);
        more.put(name, value);
        return new LogLine(level, message, more, failure);
    }

    /** Adds why: the exception's class, its message and its stack trace. */
    public LogLine because(Throwable thrown) {
        return new LogLine(level, message, fields, thrown);
    }

    LogLine at(LogLevel otherLevel) {
        return new LogLine(otherLevel, message, fields, failure);
    }
}
