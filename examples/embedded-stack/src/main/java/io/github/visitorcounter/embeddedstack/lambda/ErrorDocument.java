package io.github.visitorcounter.embeddedstack.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.embeddedstack.lambda.runtime.HandlerFactory;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The JSON that Lambda returns if a function failed. */
final class ErrorDocument {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> CALLERS =
            List.of(LambdaInstance.class.getName(), HandlerFactory.class.getPackageName());

    private ErrorDocument() {}

    static String of(Throwable error) {
        return write(
                error.getMessage(),
                error.getClass().getName(),
                Arrays.stream(error.getStackTrace())
                        // Frames of the handler's caller are removed.
                        .takeWhile(frame -> CALLERS.stream().noneMatch(frame.getClassName()::startsWith))
                        .map(frame -> frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName()
                                + ":" + frame.getLineNumber() + ")")
                        .toArray(String[]::new));
    }

    static String timedOut(String requestId, Duration timeout) {
        return write(
                String.format(
                        Locale.ROOT,
                        "RequestId: %s Error: Task timed out after %.2f seconds",
                        requestId,
                        timeout.toMillis() / 1000.0),
                "Sandbox.Timedout",
                null);
    }

    static String tooLarge(int bytes, int maximumBytes) {
        return write(
                "Response payload size (" + bytes + " bytes) exceeded maximum allowed payload size (" + maximumBytes
                        + " bytes).",
                "Function.ResponseSizeTooLarge",
                null);
    }

    private static String write(@Nullable String message, String type, String @Nullable [] stackTrace) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("errorMessage", message);
        document.put("errorType", type);
        if (stackTrace != null) {
            document.put("stackTrace", stackTrace);
        }
        try {
            return JSON.writeValueAsString(document);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("Strings have a JSON form", impossible);
        }
    }
}
