package io.github.visitorcounter.internal.priming;

import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import io.github.visitorcounter.internal.lambda.DaemonThreads;
import io.github.visitorcounter.internal.lambda.FunctionLog;
import io.github.visitorcounter.internal.lambda.LogLine;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Primes a function before Lambda takes the snapshot that its instances are restored from (SnapStart): does its work once, so that the
 * first visitor does not wait for what is loaded, linked and compiled at first use.
 *
 * <p>Nothing is to be done after a restore: priming has clients of its own, so that no connection, credential or address that it used
 * is used again, and no thread that it started is left. Random numbers are the operating system's, see {@link
 * io.github.visitorcounter.internal.time.Backoff#jittered}.
 *
 * <p>CloudFormation creates a function seconds after its role, and IAM may not know the role's policies yet. While permissions are
 * missing, priming is repeated, for a minute: the version keeps its snapshot until the next deployment.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-java.html">Lambda's runtime hooks</a>
 */
public final class SnapStart implements Resource {

    /** What a function does for its priming. It must write nothing, run no code of the user's, and leave nothing open. */
    @FunctionalInterface
    public interface Primer {

        /**
         * Primes the function.
         *
         * @param deadline when to give up
         * @throws Exception if priming failed; the function starts all the same
         */
        void prime(Deadline deadline) throws Exception;

        /**
         * Returns whether priming failed because a permission is missing, which may be granted soon.
         *
         * @param failure what {@link #prime} threw
         * @return whether to repeat it; false by default
         */
        default boolean isDenied(Throwable failure) {
            return false;
        }
    }

    private static final String SNAP_START = "snap-start";
    private static final String SLOW = "the function works, but its first invocation will be slow";

    /** Of one attempt. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** So long before its end, priming begins nothing new. */
    private static final Duration LONGEST_CALL = Duration.ofSeconds(2);

    /** Initialisation may take 130 s. */
    private static final Duration LONGEST_DENIED = Duration.ofSeconds(60);

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(3);

    /** CRaC's context refers to its resources weakly. There is one for each handler, and a function has one. */
    private static final Collection<SnapStart> REGISTERED = new ConcurrentLinkedQueue<>();

    private final Primer primer;
    private final Duration longest;
    private final TimeSource timeSource;

    SnapStart(Primer primer, Duration longest) {
        this(primer, longest, TimeSource.system());
    }

    SnapStart(Primer primer, Duration longest, TimeSource timeSource) {
        this.primer = primer;
        this.longest = longest;
        this.timeSource = timeSource;
    }

    /**
     * Prepares a function while Lambda initializes it: builds its clients, because Lambda gives an initialization more of a processor
     * than an invocation, and primes it if Lambda will take a snapshot. Outside Lambda, it does neither: a handler can be created
     * without region or credentials.
     *
     * @param clients builds what the first invocation would build
     * @param primer what to do before a snapshot
     * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html">Lambda's environment variables</a>
     */
    public static void prepare(Runnable clients, Primer primer) {
        String type = System.getenv("AWS_LAMBDA_INITIALIZATION_TYPE");
        if (type != null) {
            clients.run();
        }
        if (SNAP_START.equals(type)) {
            SnapStart snapshot = new SnapStart(primer, LONGEST);
            REGISTERED.add(snapshot);
            Core.getGlobalContext().register(snapshot);
        }
    }

    /** Takes ten seconds at most, or a minute while permissions are missing. A failure is logged; it must not stop the function. */
    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        Instant begin = timeSource.now();
        try {
            Throwable failure = attempt();
            while (failure != null && primer.isDenied(failure) && secondsSince(begin) < LONGEST_DENIED.toSeconds()) {
                timeSource.sleep(BETWEEN_ATTEMPTS);
                failure = attempt();
            }
            if (failure == null) {
                // Priming includes logging.
                log(LogLine.info("Primed for the snapshot"), begin);
            } else {
                log(LogLine.warn("Priming failed").with("consequence", SLOW).because(failure), begin);
            }
        } catch (TimeoutException slow) {
            log(LogLine.warn("Priming was not finished in time").with("consequence", SLOW), begin);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }

    private long secondsSince(Instant begin) {
        return Duration.between(begin, timeSource.now()).toSeconds();
    }

    /** Primes once. Returns why it failed, or null. */
    private @Nullable Throwable attempt() throws InterruptedException, TimeoutException {
        Deadline deadline = new Deadline(TimeSource.system().now().plus(longest).minus(LONGEST_CALL));
        FutureTask<Void> priming = new FutureTask<>(() -> {
            primer.prime(deadline);
            return null;
        });
        DaemonThreads.start("visitor-counter-priming", priming);
        try {
            priming.get(longest.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException failure) {
            return failure.getCause();
        } finally {
            // Ends it when it has not ended.
            priming.cancel(true);
        }
    }

    /** Nothing is left of priming. */
    @Override
    public void afterRestore(Context<? extends Resource> context) {}

    private void log(LogLine line, Instant begin) {
        FunctionLog.of(LambdaRuntime.getLogger(), null, timeSource)
                .write(line.with(
                        "elapsedMillis",
                        Duration.between(begin, timeSource.now()).toMillis()));
    }
}
