package io.github.visitorcounter.aws;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.broadcast.Relay;
import io.github.visitorcounter.internal.Orders;
import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Timekeeper;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Invokes the broadcasting function itself. Thread-safe. */
public final class LambdaRelay implements Relay {

    private static final int FORBIDDEN = 403;

    private final LambdaClient client;
    private final String function;
    private final Executor executor;
    private final EventInvoker invoker;

    /**
     * Creates a relay.
     *
     * @param client a client whose calls end by themselves and are not retried, as {@link AwsClients#lambda} makes it
     * @param function the function's ARN, with alias where it was invoked by one
     * @param executor waits for the answers of synchronous invocations, a thread for each
     */
    public LambdaRelay(LambdaClient client, String function, Executor executor) {
        this(client, function, executor, Timekeeper.system());
    }

    LambdaRelay(LambdaClient client, String function, Executor executor, Timekeeper timekeeper) {
        this.client = client;
        this.function = function;
        this.executor = executor;
        this.invoker = new EventInvoker(client, function, timekeeper);
    }

    @Override
    public boolean startPacer(PacerOrder order, Deadline deadline) {
        return start(Orders.pacer(order), deadline);
    }

    @Override
    public boolean tellStragglers(StragglerOrder order, Deadline deadline) {
        return start(Orders.stragglers(order), deadline);
    }

    @Override
    public boolean lookAgain(LateLookOrder order, Deadline deadline) {
        return start(Orders.lateLook(order), deadline);
    }

    private boolean start(String payload, Deadline deadline) {
        try {
            invoker.invoke(payload, deadline);
            return true;
        } catch (LambdaException failure) {
            if (failure.statusCode() == FORBIDDEN) {
                return false;
            }
            throw failure;
        }
    }

    @Override
    public CompletionStage<SegmentReport> tellSegment(SegmentOrder order, Duration timeout) {
        return CompletableFuture.supplyAsync(() -> invokeIfAllowed(order, timeout), executor);
    }

    private SegmentReport invokeIfAllowed(SegmentOrder order, Duration timeout) {
        try {
            return invoke(order, timeout);
        } catch (LambdaException failure) {
            if (failure.statusCode() == FORBIDDEN) {
                throw new UnsupportedOperationException(function + " may not invoke itself", failure);
            }
            throw failure;
        }
    }

    private SegmentReport invoke(SegmentOrder order, Duration timeout) {
        InvokeResponse response = client.invoke(request -> request.functionName(function)
                .invocationType(InvocationType.REQUEST_RESPONSE)
                .payload(SdkBytes.fromUtf8String(Orders.segment(order)))
                .overrideConfiguration(call -> call.apiCallTimeout(timeout)));
        if (response.functionError() != null) {
            throw new ServiceUnavailableException(
                    "Segment " + order.segment() + " failed: "
                            + response.payload().asUtf8String(),
                    null);
        }
        try {
            return Orders.readReport(order.counterId(), response.payload().asInputStream());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
