package io.github.visitorcounter.embeddedstack.lambda;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** The context of an invocation. Identity and client context, which mobile clients send, are not supported. */
record InvocationContext(
        String requestId,
        FunctionIdentity identity,
        String invokedFunctionArn,
        int memoryMegabytes,
        Instant deadline,
        Clock clock,
        InvocationLog log)
        implements Context {

    @Override
    public String getAwsRequestId() {
        return requestId;
    }

    @Override
    public String getXrayTraceId() {
        // The format of an unsampled trace; the request id is unique enough for a trace id.
        String digits = requestId.replaceAll("[^0-9a-f]", "");
        return "Root=1-" + String.format(Locale.ROOT, "%08x", clock.instant().getEpochSecond()) + "-"
                + (digits + "0".repeat(24)).substring(0, 24) + ";Parent=" + (digits + "0".repeat(32)).substring(16, 32)
                + ";Sampled=0";
    }

    @Override
    public String getLogGroupName() {
        return identity.logGroupName();
    }

    @Override
    public String getLogStreamName() {
        return identity.logStreamName();
    }

    @Override
    public String getFunctionName() {
        return identity.name();
    }

    @Override
    public String getFunctionVersion() {
        return FunctionIdentity.VERSION;
    }

    @Override
    public String getInvokedFunctionArn() {
        return invokedFunctionArn;
    }

    @Override
    public @Nullable CognitoIdentity getIdentity() {
        return null;
    }

    @Override
    public @Nullable ClientContext getClientContext() {
        return null;
    }

    @Override
    public int getRemainingTimeInMillis() {
        return (int) Math.max(0, Duration.between(clock.instant(), deadline).toMillis());
    }

    @Override
    public int getMemoryLimitInMB() {
        return memoryMegabytes;
    }

    @Override
    public LambdaLogger getLogger() {
        return log;
    }
}
