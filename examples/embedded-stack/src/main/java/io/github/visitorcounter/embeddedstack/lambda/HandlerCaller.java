package io.github.visitorcounter.embeddedstack.lambda;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Calls a function's handler with its context, and writes Lambda's report lines. */
final class HandlerCaller {

    /** Lambda's limit for the event of a synchronous invocation, and for every answer. */
    static final int MAXIMUM_PAYLOAD_BYTES = 6 * 1024 * 1024;

    private final FunctionDefinition definition;
    private final FunctionIdentity identity;
    private final LambdaSettings settings;

    HandlerCaller(FunctionDefinition definition, FunctionIdentity identity, LambdaSettings settings) {
        this.definition = definition;
        this.identity = identity;
        this.settings = settings;
    }

    /** Calls the handler; an exception becomes an error result. */
    InvocationResult call(LambdaInstance instance, Invocation invocation) {
        invocation.log.keep("START RequestId: " + invocation.requestId + " Version: " + FunctionIdentity.VERSION);
        InvocationContext context = new InvocationContext(
                invocation.requestId,
                identity,
                invocation.functionArn,
                definition.memoryMegabytes(),
                settings.clock().instant().plus(definition.timeout()),
                settings.clock(),
                invocation.log);
        try {
            String payload = instance.call(invocation.payload, context);
            int bytes = payload.getBytes(StandardCharsets.UTF_8).length;
            return bytes <= MAXIMUM_PAYLOAD_BYTES
                    ? invocation.succeeded(payload)
                    : invocation.failed(ErrorDocument.tooLarge(bytes, MAXIMUM_PAYLOAD_BYTES));
        } catch (Throwable error) {
            // Errors are caught as well: on Lambda, an Error ends the function's process; it must not end this one.
            invocation.log.error(error);
            return invocation.failed(ErrorDocument.of(error));
        }
    }

    /** Counts a finished invocation and ends its log. */
    void report(Invocation invocation, InvocationResult result, Duration billed) {
        long millis = Math.max(1, (billed.toNanos() + 999_999) / 1_000_000); // Lambda bills each started millisecond.
        settings.meter()
                .invocation(
                        definition.name(), result.failed(), Duration.ofMillis(millis), definition.memoryMegabytes());
        invocation.log.keep("END RequestId: " + invocation.requestId);
        invocation.log.keep("REPORT RequestId: " + invocation.requestId + "\tBilled Duration: " + millis
                + " ms\tMemory Size: " + definition.memoryMegabytes() + " MB");
    }
}
