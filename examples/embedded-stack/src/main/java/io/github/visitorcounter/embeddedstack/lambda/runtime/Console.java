package io.github.visitorcounter.embeddedstack.lambda.runtime;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Replaces a function's {@code System.out} and {@code System.err}: each line is written to the log of the thread's
 * invocation, or to the function's own log during initialisation. A thread that the function starts writes to the log
 * of the invocation that started it.
 *
 * @since 0.1.0
 */
public final class Console {

    /** In place of {@link System#out}. */
    public static final PrintStream out = new PrintStream(new Lines(), true, StandardCharsets.UTF_8);

    /** In place of {@link System#err}. */
    public static final PrintStream err = new PrintStream(new Lines(), true, StandardCharsets.UTF_8);

    private static final InheritableThreadLocal<LambdaLogger> INVOCATION = new InheritableThreadLocal<>();
    private static volatile @Nullable LambdaLogger function;

    private Console() {}

    static void set(LambdaLogger functionLog) {
        function = functionLog;
    }

    /** Begins an invocation's log on this thread. */
    static void begin(LambdaLogger invocationLog) {
        INVOCATION.set(invocationLog);
    }

    /** Ends it, and logs an unfinished line. */
    static void end() {
        out.flush();
        err.flush();
        Lines.endLine();
        INVOCATION.remove();
    }

    /**
     * In place of {@link Throwable#printStackTrace()}.
     *
     * @param thrown the exception to print
     */
    public static void printStackTrace(Throwable thrown) {
        thrown.printStackTrace(err);
    }

    private static void log(String line) {
        LambdaLogger invocation = INVOCATION.get();
        LambdaLogger log = invocation == null ? function : invocation;
        if (log != null) {
            // As bytes: what is printed is not formatted.
            log.log(line.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Splits the output of a thread into lines. */
    private static final class Lines extends OutputStream {

        private static final ThreadLocal<ByteArrayOutputStream> LINE =
                ThreadLocal.withInitial(ByteArrayOutputStream::new);

        @Override
        public void write(int character) {
            if (character == '\n') {
                String line = LINE.get().toString(StandardCharsets.UTF_8);
                LINE.get().reset();
                log(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
            } else {
                LINE.get().write(character);
            }
        }

        static void endLine() {
            if (LINE.get().size() > 0) {
                String line = LINE.get().toString(StandardCharsets.UTF_8);
                LINE.get().reset();
                log(line);
            }
        }
    }
}
