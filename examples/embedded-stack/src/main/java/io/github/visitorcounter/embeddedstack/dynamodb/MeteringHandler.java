package io.github.visitorcounter.embeddedstack.dynamodb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.embeddedstack.access.AccessControl;
import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.control.Meter;
import io.github.visitorcounter.embeddedstack.dynamodb.BufferedExchange.HeldResponse;
import io.github.visitorcounter.embeddedstack.dynamodb.BufferedExchange.ReplacedRequest;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Wraps DynamoDB Local: rejects calls on items that a function's policy does not allow, applies the injected faults,
 * emulates transaction conflicts, and counts calls with their consumed capacity. Calls on tables and streams, and calls
 * of the stack's own clients, are passed through unchanged.
 */
final class MeteringHandler extends Handler.Wrapper {

    private static final String RETURN_CAPACITY = "ReturnConsumedCapacity";
    private static final String CAPACITY = "ConsumedCapacity";
    private static final JsonMapper JSON = new JsonMapper();

    private final TableAccess tables;
    private final AccessControl access;
    private final FaultInjector faults;
    private final ItemContention contention;
    private final Meter meter;

    MeteringHandler(
            Handler dynamoDb,
            TableAccess tables,
            AccessControl access,
            FaultInjector faults,
            ItemContention contention,
            Meter meter) {
        super(dynamoDb);
        this.tables = tables;
        this.access = access;
        this.faults = faults;
        this.contention = contention;
        this.meter = meter;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        DataOperation operation = DataOperation.ofTarget(request.getHeaders().get("X-Amz-Target"));
        if (operation == null || request.getHeaders().contains(LocalClients.OWN_CALL_HEADER)) {
            return super.handle(request, response, callback);
        }
        Content.Source.asByteBuffer(request, new Promise<>() {
            @Override
            public void succeeded(ByteBuffer body) {
                byte[] bytes = BufferUtil.toArray(body);
                Duration latency = Duration.ofMillis(faults.faults().dynamodbLatencyMillis());
                // Never on this thread, which may be the selector's: DynamoDB Local blocks.
                onPool(
                        request,
                        callback,
                        () -> later(
                                latency,
                                request,
                                callback,
                                () -> answer(operation, bytes, request, response, callback)));
            }

            @Override
            public void failed(Throwable failure) {
                callback.failed(failure);
            }
        });
        return true;
    }

    private static void later(Duration delay, Request request, Callback callback, Runnable call) {
        if (delay.isZero() || delay.isNegative()) {
            call.run();
        } else {
            request.getComponents()
                    .getScheduler()
                    .schedule(() -> onPool(request, callback, call), delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private static void onPool(Request request, Callback callback, Runnable call) {
        request.getComponents().getExecutor().execute(() -> {
            try {
                call.run();
            } catch (RuntimeException e) {
                callback.failed(e);
            }
        });
    }

    private void answer(DataOperation operation, byte[] body, Request request, Response response, Callback callback) {
        JsonNode input = parse(body);
        Faults inForce = faults.faults();
        String rejection = access.rejection(request, tables.attempts(operation, input));
        if (rejection != null) {
            reject(operation, input, InjectedError.accessDenied(rejection), response, callback);
        } else if (faults.occurs(inForce.dynamodbThrottleRatio())) {
            reject(operation, input, InjectedError.throttled(), response, callback);
        } else if (operation == DataOperation.TransactWriteItems && faults.occurs(inForce.dynamodbConflictRatio())) {
            reject(operation, input, InjectedError.conflict(input), response, callback);
        } else {
            ItemContention.Admission admission = contention.admit(operation, input);
            ObjectNode error = admission.rejection();
            if (error != null) {
                reject(operation, input, error, response, callback);
            } else {
                forward(operation, input, body, request, response, callback, admission);
            }
        }
    }

    private void reject(
            DataOperation operation, JsonNode input, ObjectNode error, Response response, Callback callback) {
        response.setStatus(400);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/x-amz-json-1.0");
        response.getHeaders().put("x-amzn-RequestId", UUID.randomUUID().toString());
        count(operation, input, response.getStatus(), error);
        BufferedExchange.send(response, write(error), callback);
    }

    private void forward(
            DataOperation operation,
            JsonNode input,
            byte[] body,
            Request request,
            Response response,
            Callback callback,
            ItemContention.Admission admission) {
        boolean capacityIsOurs =
                input.isObject() && input.path(RETURN_CAPACITY).asText("NONE").equals("NONE");
        byte[] sent = capacityIsOurs ? write(((ObjectNode) input.deepCopy()).put(RETURN_CAPACITY, "INDEXES")) : body;
        HeldResponse held = new HeldResponse(request, response);
        long preparedNanos = System.nanoTime();
        if (!admission.duration().isZero()) {
            request.getComponents()
                    .getScheduler()
                    .schedule(admission::durationOver, admission.duration().toNanos(), TimeUnit.NANOSECONDS);
        }
        Callback whenHandled = Callback.from(
                () -> {
                    boolean succeeded = held.getStatus() == 200;
                    Duration since = Duration.ofNanos(System.nanoTime() - preparedNanos);
                    Duration untilCommit = succeeded ? admission.duration().minus(since) : Duration.ZERO;
                    later(untilCommit, request, callback, () -> {
                        admission.ended(succeeded); // First: the client's next request must not meet this one.
                        JsonNode answer = parse(held.body());
                        count(operation, input, held.getStatus(), answer);
                        boolean strip = capacityIsOurs && answer.has(CAPACITY);
                        byte[] answered = strip ? write(((ObjectNode) answer).without(CAPACITY)) : held.body();
                        BufferedExchange.send(response, answered, callback);
                    });
                },
                failure -> {
                    admission.ended(false);
                    callback.failed(failure);
                });
        try {
            if (!super.handle(new ReplacedRequest(request, sent), held, whenHandled)) {
                whenHandled.failed(new IllegalStateException("DynamoDB Local did not answer " + operation));
            }
        } catch (Exception failure) {
            whenHandled.failed(failure);
        }
    }

    private void count(DataOperation operation, JsonNode input, int status, JsonNode answer) {
        double units = ConsumedCapacity.units(operation, input, status, answer);
        boolean writes = operation.writes();
        meter.dynamoDbCall(operation.name(), writes ? 0 : units, writes ? units : 0);
    }

    /** Parses a request. DynamoDB Local rejects bodies that are not JSON. */
    private static JsonNode parse(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException notJson) {
            return MissingNode.getInstance();
        }
    }

    private static byte[] write(JsonNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree could not be written", e);
        }
    }
}
