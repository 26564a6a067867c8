package io.github.visitorcounter.internal.lambda;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of the log. Its message is a constant that names the event; all variable data is in its fields, so that
 * CloudWatch Logs Insights can filter and sum them.
 *
 * <p>It must not contain personal data: no IP address, header, query, or id of a visitor, a visit or an open
 * connection.
 *
 * @param level its level
 * @param message the event: constant text
 * @param fields strings, numbers and booleans, in the order in which they are written
 * @param failure the exception or error; null if there is none
 */
public record LogLine(
        LogLevel level,
        String message,
        Map<String, Object> fields,
        @Nullable Throwable failure) {

    /**
     * Copies the fields.
     *
     * @param level its level
     * @param message the event
     * @param fields its fields
     * @param failure the exception or error
     */
    public LogLine {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** Creates a line about an event of every visitor. It is written only at the log level DEBUG or TRACE. */
    public static LogLine debug(String message) {
        return new LogLine(LogLevel.DEBUG, message, Map.of(), null);
    }

    /** Creates a line about the result of an invocation. */
    public static LogLine info(String message) {
        return new LogLine(LogLevel.INFO, message, Map.of(), null);
    }

    /** Creates a line that needs the attention of an operator. The invocation continued. */
    public static LogLine warn(String message) {
        return new LogLine(LogLevel.WARN, message, Map.of(), null);
    }

    /** Creates a line about a failed invocation or hook. */
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

    /** Adds an exception or error, of which the class, the message and the stack trace are written. */
    public LogLine because(Throwable thrown) {
        return new LogLine(level, message, fields, thrown);
    }

    LogLine at(LogLevel otherLevel) {
        return new LogLine(otherLevel, message, fields, failure);
    }
}
