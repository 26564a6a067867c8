package io.github.visitorcounter.internal.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;

/**
 * One run of a function: how long it may take, and where it logs.
 *
 * @param context what Lambda gives to the handler
 * @param deadline when its work must be done
 */
public record Invocation(Context context, Deadline deadline) {

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
        return new Invocation(context, new Deadline(timeSource.now().plus(left)));
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

    /**
     * Logs that all went well.
     *
     * @param message one line, without personal data
     */
    public void info(String message) {
        context.getLogger().log(message, LogLevel.INFO);
    }

    /**
     * Logs what somebody should look at some day.
     *
     * @param message one line, without personal data
     */
    public void warn(String message) {
        context.getLogger().log(message, LogLevel.WARN);
    }

    /**
     * Logs a failure.
     *
     * @param message what failed, without personal data
     * @param failure why
     */
    public void error(String message, Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, true));
        context.getLogger().log(message + "\n" + trace, LogLevel.ERROR);
    }
}
