package io.github.visitorcounter.internal.lambda;

import io.github.visitorcounter.internal.broadcast.delivery.FailedCall;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Logs the first failed call of each kind in an invocation. Thread-safe. */
final class FirstFailures implements FailureLog {

    private final FunctionLog log;
    private final Set<String> kinds = ConcurrentHashMap.newKeySet();

    FirstFailures(FunctionLog log) {
        this.log = log;
    }

    @Override
    public void add(FailedCall failure) {
        if (kinds.add(failure.kind())) {
            LogLine line = LogLine.warn("Call to AWS failed").with("operation", failure.operation());
            if (failure.status() != 0) {
                line = line.with("status", failure.status());
            }
            log.write(line.with("errorType", failure.errorType())
                    .with("errorMessage", failure.errorMessage())
                    .with("check", failure.check()));
        }
    }
}
