package io.github.visitorcounter.internal.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;

import java.time.Duration;

/**
 * One invocation of a function: its context, deadline and log.
 *
 * @param context the context that Lambda passes to the handler
 * @param deadline when its work must be complete
 * @param log its log
 * @param failures logs failed calls after which the invocation continues
 */
public record Invocation(Context context, Deadline deadline, FunctionLog log, FailureLog failures) {

    /** Reserved for the response, before Lambda terminates the invocation. */
    private static final Duration RESPONSE_TIME = Duration.ofMillis(500);

    /**
     * Creates the invocation that has just begun.
     *
     * @param context the context that Lambda passes to the handler
     * @param timeSource the clock
     * @return the invocation
     */
    public static Invocation begin(Context context, TimeSource timeSource) {
        Duration remaining =
                Duration.ofMillis(context.getRemainingTimeInMillis()).minus(RESPONSE_TIME);
        FunctionLog log = FunctionLog.of(context.getLogger(), context.getAwsRequestId(), timeSource);
        return new Invocation(context, new Deadline(timeSource.now().plus(remaining)), log, new FirstFailures(log));
    }

    /**
     * Rethrows errors of the virtual machine, which must end the invocation. A hook may throw any other exception as
     * well, including checked exceptions from Kotlin or Lombok, and errors such as {@code NoClassDefFoundError}; the
     * caller must handle those.
     *
     * @param thrown the exception or error that a hook threw
     * @throws VirtualMachineError if {@code thrown} is one
     */
    public static void rethrowVirtualMachineError(Throwable thrown) {
        if (thrown instanceof VirtualMachineError fatal) {
            throw fatal;
        }
    }

    /** Writes a line to the function's log. */
    public void log(LogLine line) {
        log.write(line);
    }
}
