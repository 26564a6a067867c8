package io.github.visitorcounter.internal.aws;

import io.github.visitorcounter.internal.broadcast.BroadcastRequester;
import io.github.visitorcounter.internal.lambda.InvocationPayloads;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.Retry;
import io.github.visitorcounter.internal.time.TimeSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;

/** Requests a broadcast by invoking the broadcast function asynchronously. Thread-safe. */
public final class LambdaBroadcastRequester implements BroadcastRequester {

    private final LambdaClient client;
    private final String function;
    private final Retry retry;

    /**
     * Creates a requester.
     *
     * @param client a client with timeouts and without retries, as created by {@link AwsClients#lambda}
     * @param function the function's name or ARN, with its alias if it has one
     */
    public LambdaBroadcastRequester(LambdaClient client, String function) {
        this(client, function, TimeSource.system());
    }

    public LambdaBroadcastRequester(LambdaClient client, String function, TimeSource timeSource) {
        this.client = client;
        this.function = function;
        this.retry = AwsRetries.standard(timeSource, AwsFailures::isTransient);
    }

    @Override
    public void request(String counterId, Deadline deadline) {
        retry.call(
                "Invoking " + function,
                deadline,
                () -> client.invoke(request -> request.functionName(function)
                        .invocationType(InvocationType.EVENT)
                        .payload(SdkBytes.fromUtf8String(InvocationPayloads.direct(counterId)))));
    }
}
