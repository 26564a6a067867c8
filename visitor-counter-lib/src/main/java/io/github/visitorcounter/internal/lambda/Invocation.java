package io.github.visitorcounter.internal.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;

import java.time.Duration;

/**
 * One run of a function: how long it may take, and where it logs.
 *
 * @param context what Lambda gives to the handler
 * @param deadline when its work must be done
 * @param log where it logs
 * @param failures where calls are logged that failed although the invocation goes on
 */
public record Invocation(Context context, Deadline deadline, FunctionLog log, FailureLog failures) {

    /** Kept free to answer before Lambda ends the invocation by force. */
    private static final Duration TIME_TO_ANSWER = Duration.ofMillis(500);

    /**
     * Describes the invocation that has just begun.
     *
     * @param context what Lambda gives to the handler
     * @param timeSource tells the time
     * @return the invocation
     */
    public static Invocation begin(Context context, TimeSource timeSource) {
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(TIME_TO_ANSWER);
        FunctionLog log = FunctionLog.of(context.getLogger(), context.getAwsRequestId(), timeSource);
        return new Invocation(context, new Deadline(timeSource.now().plus(left)), log, new FirstFailures(log));
    }

    /**
     * Decides about what code of the user's threw: it may be anything, also a checked exception from Kotlin or Lombok, or an {@code
     * Error} such as a class that is missing. Only the virtual machine's own errors must end the invocation.
     *
     * @param thrown what a hook threw
     * @throws VirtualMachineError if that is what it threw
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
