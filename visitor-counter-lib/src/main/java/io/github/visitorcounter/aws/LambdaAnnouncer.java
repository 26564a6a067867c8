package io.github.visitorcounter.aws;

import io.github.visitorcounter.broadcast.Announcer;
import io.github.visitorcounter.internal.InvocationPayloads;
import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Retry;
import io.github.visitorcounter.time.Timekeeper;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;

/** Asks for a broadcast by invoking the broadcasting function asynchronously. Thread-safe. */
public final class LambdaAnnouncer implements Announcer {

    private final LambdaClient client;
    private final String function;
    private final Retry retry;

    /**
     * Creates an announcer.
     *
     * @param client a client whose calls end by themselves and are not retried, as {@link AwsClients#lambda} makes it
     * @param function the function's name or ARN, with alias where it has one
     */
    public LambdaAnnouncer(LambdaClient client, String function) {
        this(client, function, Timekeeper.system());
    }

    LambdaAnnouncer(LambdaClient client, String function, Timekeeper timekeeper) {
        this.client = client;
        this.function = function;
        this.retry = AwsRetries.standard(timekeeper, AwsFailures::isTransient);
    }

    @Override
    public void announce(String counterId, Deadline deadline) {
        retry.call(
                "Invoking " + function,
                deadline,
                () -> client.invoke(request -> request.functionName(function)
                        .invocationType(InvocationType.EVENT)
                        .payload(SdkBytes.fromUtf8String(InvocationPayloads.direct(counterId)))));
    }
}
