package io.github.visitorcounter.embeddedstack.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.visitorcounter.embeddedstack.lambda.FunctionInvoker;
import io.github.visitorcounter.embeddedstack.lambda.InvocationResult;
import io.github.visitorcounter.embeddedstack.lambda.TooManyRequestsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls the integration of a route, and reads its answer as API Gateway does. */
final class Integrations {

    private static final Logger LOG = LoggerFactory.getLogger(Integrations.class);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final FunctionInvoker invoker;
    private final Duration timeout;
    private volatile boolean closed;

    Integrations(FunctionInvoker invoker, Duration timeout) {
        this.invoker = invoker;
        this.timeout = timeout;
    }

    sealed interface Outcome {}

    /** {@code body} is null if the function returned none. */
    record Answer(
            int statusCode,
            Map<String, String> headers,
            @Nullable String body) implements Outcome {

        static final Answer OK = new Answer(200, Map.of(), null);

        boolean successful() {
            return statusCode / 100 == 2;
        }
    }

    /**
     * The integration failed. The messages are known from public logs. The status 504 after 29 seconds is that of REST
     * APIs and unverified for WebSocket APIs, as is the status 500 when Lambda throttles the function.
     */
    enum Failure implements Outcome {
        INTERNAL_SERVER_ERROR(502, "Internal server error"),
        THROTTLED(500, "Internal server error"),
        TIMED_OUT(504, "Endpoint request timed out");

        final int handshakeStatus;
        final String message;

        Failure(int handshakeStatus, String message) {
            this.handshakeStatus = handshakeStatus;
            this.message = message;
        }
    }

    /** Never completes exceptionally. */
    CompletableFuture<Outcome> call(RouteTarget target, Events.Event event) {
        if (target instanceof RouteTarget.LambdaProxy lambda) {
            return invoke(lambda.functionName(), event.json())
                    .handle((result, failure) -> outcome(lambda.functionName(), result, failure));
        }
        String template = ((RouteTarget.Mock) target).responseTemplate();
        return CompletableFuture.completedFuture(new Answer(200, Map.of(), MockTemplate.fill(template, event)));
    }

    /** Invokes a function; completes exceptionally with {@link TimeoutException} after the integration timeout. */
    CompletableFuture<InvocationResult> invoke(String functionName, String payload) {
        try {
            // A copy, because the timeout ends the wait only: the function continues.
            return invoker.invoke(functionName, payload).copy().orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Later failures are not logged as warnings: the stack is stopping the functions. */
    void close() {
        closed = true;
    }

    private Outcome outcome(String functionName, @Nullable InvocationResult result, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (closed) {
            LOG.debug("Function {} has not answered before the stack was closed", functionName, cause);
            return Failure.INTERNAL_SERVER_ERROR;
        }
        if (cause instanceof TimeoutException) {
            LOG.warn("Function {} has not answered within the integration timeout", functionName);
            return Failure.TIMED_OUT;
        }
        if (cause instanceof TooManyRequestsException throttled) {
            LOG.warn("Function {} was throttled: {}", functionName, throttled.reason());
            return Failure.THROTTLED;
        }
        if (result == null) {
            LOG.error("Function {} could not be invoked", functionName, cause);
            return Failure.INTERNAL_SERVER_ERROR;
        }
        if (result.failed()) {
            LOG.warn("Function {} failed: {}", functionName, result.payload());
            return Failure.INTERNAL_SERVER_ERROR;
        }
        Answer answer = parse(result.payload());
        if (answer == null) {
            LOG.warn(
                    "Function {} answered {}; a proxy integration needs an object with a statusCode from 200 to 599,"
                            + " and headers and body of text if any",
                    functionName,
                    result.payload());
            return Failure.INTERNAL_SERVER_ERROR;
        }
        return answer;
    }

    private static @Nullable Answer parse(String payload) {
        JsonNode json;
        try {
            json = JSON.readTree(payload);
        } catch (JsonProcessingException e) {
            return null;
        }
        // Lambda's own blueprints answer with text, "200".
        JsonNode statusCode = json.path("statusCode");
        boolean status = (statusCode.isIntegralNumber() || statusCode.isTextual())
                && statusCode.asText().matches("[2-5][0-9][0-9]");
        JsonNode body = json.path("body");
        JsonNode headers = json.path("headers");
        if (!status || !(isAbsent(body) || body.isTextual()) || !(isAbsent(headers) || headers.isObject())) {
            return null;
        }
        Map<String, String> headerValues = new LinkedHashMap<>();
        headers.fieldNames()
                .forEachRemaining(
                        name -> headerValues.put(name, headers.path(name).asText()));
        return new Answer(statusCode.asInt(), headerValues, isAbsent(body) ? null : body.asText());
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }
}
