package io.github.visitorcounter.internal.lambda;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes log lines in the format that the function's {@code LoggingConfig} sets. Thread-safe.
 *
 * <ul>
 *   <li>JSON: one object with {@code timestamp}, {@code level}, {@code message}, {@code AWSRequestId} and the line's
 *       fields. It is logged as bytes: Lambda's Java runtime wraps each string in such an object, in which the fields
 *       would be part of the message, but writes bytes unchanged, after the same filter by level.
 *   <li>Text: the message, then {@code name=value} for each field. The runtime prepends the level. A value with
 *       characters other than letters, digits and some punctuation is quoted as in JSON, so that it can neither end the
 *       line nor imitate another field.
 * </ul>
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html">Lambda's log
 *     formats</a>
 */
public final class FunctionLog {

    /** The maximum length of a field. Messages of exceptions are shorter; the response of a function may be longer. */
    static final int MAX_TEXT = 2_000;

    /** The maximum length of a stack trace. CloudWatch accepts events of 256 KB in every Region. */
    static final int MAX_STACK_TRACE = 20_000;

    private static final JsonFactory JSON = new JsonFactory();
    private static final Pattern PLAIN = Pattern.compile("[\\p{Alnum}_.:/*+-]+");

    private final LambdaLogger logger;
    private final @Nullable String requestId;
    private final boolean json;
    private final boolean debug;
    private final TimeSource timeSource;

    FunctionLog(LambdaLogger logger, @Nullable String requestId, boolean json, boolean debug, TimeSource timeSource) {
        this.logger = logger;
        this.requestId = requestId;
        this.json = json;
        this.debug = debug;
        this.timeSource = timeSource;
    }

    /**
     * Creates the log with the format and level in the function's environment.
     *
     * @param logger Lambda's logger
     * @param requestId the invocation's id; null during initialisation
     * @param timeSource the clock
     * @return the log
     */
    public static FunctionLog of(LambdaLogger logger, @Nullable String requestId, TimeSource timeSource) {
        // With text format the variable is not set, and the runtime would write every line.
        String level = System.getenv("AWS_LAMBDA_LOG_LEVEL");
        return new FunctionLog(
                logger,
                requestId,
                "JSON".equalsIgnoreCase(System.getenv("AWS_LAMBDA_LOG_FORMAT")),
                level != null && Pattern.matches("DEBUG|TRACE", level.toUpperCase(Locale.ROOT)),
                timeSource);
    }

    /** Writes a line. */
    public void write(LogLine line) {
        if (line.level() == LogLevel.DEBUG && !debug) {
            return;
        }
        if (json) {
            logger.log(json(line).getBytes(StandardCharsets.UTF_8), line.level());
        } else {
            logger.log(text(line), line.level());
        }
    }

    private String json(LogLine line) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeStringField("timestamp", timeSource.now().toString());
            out.writeStringField("level", line.level().name());
            out.writeStringField("message", line.message());
            if (requestId != null) {
                out.writeStringField("AWSRequestId", requestId);
            }
            for (Map.Entry<String, Object> field : line.fields().entrySet()) {
                if (field.getValue() instanceof Long number) {
                    out.writeNumberField(field.getKey(), number);
                } else if (field.getValue() instanceof Boolean flag) {
                    out.writeBooleanField(field.getKey(), flag);
                } else {
                    out.writeStringField(field.getKey(), cut(field.getValue().toString(), MAX_TEXT));
                }
            }
            Throwable failure = line.failure();
            if (failure != null) {
                out.writeStringField("errorType", failure.getClass().getName());
                out.writeStringField("errorMessage", cut(String.valueOf(failure.getMessage()), MAX_TEXT));
                out.writeStringField("stackTrace", stackTrace(failure));
            }
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.append('\n').toString();
    }

    private static String text(LogLine line) {
        StringBuilder text = new StringBuilder(line.message());
        line.fields().forEach((name, value) -> append(text, name, value.toString()));
        Throwable failure = line.failure();
        if (failure != null) {
            append(text, "errorType", failure.getClass().getName());
            append(text, "errorMessage", String.valueOf(failure.getMessage()));
            text.append('\n').append(stackTrace(failure));
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String name, String value) {
        text.append(' ').append(name).append('=');
        if (PLAIN.matcher(value).matches()) {
            text.append(cut(value, MAX_TEXT));
        } else {
            text.append('"');
            JsonStringEncoder.getInstance().quoteAsString(cut(value, MAX_TEXT), text);
            text.append('"');
        }
    }

    private static String stackTrace(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, true));
        return cut(trace.toString(), MAX_STACK_TRACE);
    }

    private static String cut(String text, int max) {
        return text.length() <= max ? text : text.substring(0, max) + " [cut]";
    }
}
