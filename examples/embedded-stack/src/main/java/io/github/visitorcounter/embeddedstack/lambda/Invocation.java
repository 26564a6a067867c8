package io.github.visitorcounter.embeddedstack.lambda;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A pending invocation: its event, its log, and its result, which only the first claimant may set. */
final class Invocation {

    /**
     * The outcome of an invocation.
     *
     * @param result the function's answer or error
     * @param log the invocation's log
     */
    record Answer(InvocationResult result, InvocationLog log) {}

    final String functionArn;
    final String requestId;
    final String payload;
    final InvocationLog log;
    final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final AtomicBoolean claimed = new AtomicBoolean();

    Invocation(String functionArn, String requestId, String payload, InvocationLog log) {
        this.functionArn = functionArn;
        this.requestId = requestId;
        this.payload = payload;
        this.log = log;
    }

    /** Returns true for one caller only: the handler's return and the timeout compete for it. */
    boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    boolean claimed() {
        return claimed.get();
    }

    InvocationResult succeeded(String answerPayload) {
        return new InvocationResult(requestId, answerPayload, null);
    }

    InvocationResult failed(String errorDocument) {
        return new InvocationResult(requestId, errorDocument, "Unhandled");
    }
}
