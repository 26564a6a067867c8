package io.github.visitorcounter.internal.aws;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker;
import io.github.visitorcounter.internal.broadcast.delivery.FailedCall;
import io.github.visitorcounter.internal.lambda.InvocationPayloads;
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

/** Invokes the broadcast function itself, synchronously, for segments of a broadcast. Thread-safe. */
public final class LambdaSegmentInvoker implements SegmentInvoker {

    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY_REQUESTS = 429;

    private final LambdaClient client;
    private final String function;
    private final Executor executor;

    /**
     * Creates an invoker.
     *
     * @param client a client with timeouts and without retries, as created by {@link AwsClients#lambda}
     * @param function the function's ARN, with its alias if it was invoked through one
     * @param executor runs the calls, each of which blocks a thread
     */
    public LambdaSegmentInvoker(LambdaClient client, String function, Executor executor) {
        this.client = client;
        this.function = function;
        this.executor = executor;
    }

    @Override
    public CompletionStage<Answer> invoke(SegmentRequest request, Duration timeout) {
        return CompletableFuture.supplyAsync(() -> answer(request, timeout), executor);
    }

    private Answer answer(SegmentRequest request, Duration timeout) {
        try {
            return new Answer.Sent(send(request, timeout));
        } catch (RuntimeException failure) {
            int status = failure instanceof LambdaException answer ? answer.statusCode() : 0;
            FailedCall described = AwsFailures.describe("Invoke", failure, "", check(status));
            return switch (status) {
                case FORBIDDEN -> new Answer.Forbidden(described);
                case TOO_MANY_REQUESTS -> new Answer.Throttled(described);
                default -> new Answer.Failed(described);
            };
        }
    }

    private static String check(int status) {
        return switch (status) {
            case FORBIDDEN ->
                "that the function's role allows lambda:InvokeFunction on the function itself, with its alias. Until"
                        + " then, one invocation sends all of a large broadcast, which takes longer";
            case TOO_MANY_REQUESTS ->
                "the account's concurrent executions, and the function's reserved concurrency: a segment is retried,"
                        + " or sent by the function itself";
            default -> "the error's message: a segment is retried, or sent by the function itself";
        };
    }

    private SegmentReport send(SegmentRequest segment, Duration timeout) {
        InvokeResponse response = client.invoke(request -> request.functionName(function)
                .invocationType(InvocationType.REQUEST_RESPONSE)
                .payload(SdkBytes.fromUtf8String(InvocationPayloads.segment(segment)))
                .overrideConfiguration(call -> call.apiCallTimeout(timeout)));
        if (response.functionError() != null) {
            throw new ServiceUnavailableException(
                    "Segment " + segment.segment() + " failed: "
                            + response.payload().asUtf8String(),
                    null);
        }
        try {
            return InvocationPayloads.readReport(
                    segment.counterId(), response.payload().asInputStream());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
