package io.github.visitorcounter.aws;

import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Retry;
import io.github.visitorcounter.time.Timekeeper;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;

/** Invokes a function asynchronously, until Lambda has accepted the event. Thread-safe. */
final class EventInvoker {

    private final LambdaClient client;
    private final String function;
    private final Retry retry;

    EventInvoker(LambdaClient client, String function, Timekeeper timekeeper) {
        this.client = client;
        this.function = function;
        this.retry = AwsRetries.standard(timekeeper, AwsFailures::isTransient);
    }

    void invoke(String payload, Deadline deadline) {
        retry.call(
                "Invoking " + function,
                deadline,
                () -> client.invoke(request -> request.functionName(function)
                        .invocationType(InvocationType.EVENT)
                        .payload(SdkBytes.fromUtf8String(payload))));
    }
}
