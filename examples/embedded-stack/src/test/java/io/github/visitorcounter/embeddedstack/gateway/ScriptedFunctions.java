package io.github.visitorcounter.embeddedstack.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.visitorcounter.embeddedstack.lambda.FunctionInvoker;
import io.github.visitorcounter.embeddedstack.lambda.InvocationResult;
import io.github.visitorcounter.embeddedstack.lambda.TooManyRequestsException;
import io.github.visitorcounter.embeddedstack.lambda.TooManyRequestsException.Reason;

import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import static org.assertj.core.api.Assertions.assertThat;

/** Functions that record their events and return scripted answers; 200 by default. */
final class ScriptedFunctions implements FunctionInvoker {

    static final String OK = "{\"statusCode\":200}";

    private static final JsonMapper JSON = new JsonMapper();
    private final Map<String, BlockingQueue<JsonNode>> events = new ConcurrentHashMap<>();
    private final Map<String, Function<JsonNode, CompletableFuture<InvocationResult>>> scripts =
            new ConcurrentHashMap<>();

    void forget() {
        events.clear();
        scripts.clear();
    }

    void answer(String functionName, String payload) {
        script(functionName, event -> CompletableFuture.completedFuture(result(payload)));
    }

    void script(String functionName, Function<JsonNode, CompletableFuture<InvocationResult>> script) {
        scripts.put(functionName, script);
    }

    void throttle(String functionName) {
        script(
                functionName,
                event -> CompletableFuture.failedFuture(new TooManyRequestsException(
                        Reason.ReservedFunctionConcurrentInvocationLimitExceeded, "Rate Exceeded.")));
    }

    static InvocationResult result(String payload) {
        return new InvocationResult("00000000-0000-0000-0000-000000000000", payload, null);
    }

    static InvocationResult crash() {
        return new InvocationResult(
                "00000000-0000-0000-0000-000000000000", "{\"errorMessage\":\"secret\"}", "Unhandled");
    }

    /** Waits for the next event of a function. */
    JsonNode next(String functionName) throws InterruptedException {
        JsonNode event = queue(functionName).poll(10, TimeUnit.SECONDS);
        assertThat(event).as("an event for " + functionName).isNotNull();
        return event;
    }

    int waiting(String functionName) {
        return queue(functionName).size();
    }

    @Override
    public CompletableFuture<InvocationResult> invoke(String functionName, String payload) {
        JsonNode event;
        try {
            event = JSON.readTree(payload);
        } catch (Exception e) {
            throw new AssertionError("not JSON: " + payload, e);
        }
        queue(functionName).add(event);
        return scripts.getOrDefault(functionName, any -> CompletableFuture.completedFuture(result(OK)))
                .apply(event);
    }

    private BlockingQueue<JsonNode> queue(String functionName) {
        return events.computeIfAbsent(functionName, name -> new LinkedBlockingQueue<>());
    }
}
