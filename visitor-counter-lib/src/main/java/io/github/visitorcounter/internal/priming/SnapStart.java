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
 * Primes a function before Lambda takes the snapshot that its instances are restored from (SnapStart). Priming runs the
 * function's code once, so that a first invocation does not wait for classes to be loaded, linked and compiled.
 *
 * <p>A restore needs no work: priming has clients of its own, so no connection, credential or address of it is used
 * again, and none of its threads is left. Random numbers come from the operating system, see
 * {@link io.github.visitorcounter.internal.time.Backoff#jittered}.
 *
 * <p>CloudFormation creates a function seconds after its role, and IAM may not have applied the role's policies yet.
 * While permissions are missing, priming is retried for one minute, because the version keeps its snapshot until the
 * next deployment.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-java.html">Lambda's runtime
 *     hooks</a>
 */
public final class SnapStart implements Resource {

    /** Primes one function. It must write nothing, run no code of the user, and leave no resource open. */
    @FunctionalInterface
    public interface Primer {

        /**
         * Primes the function.
         *
         * @param deadline when to give up
         * @throws Exception if priming failed; the function starts nevertheless
         */
        void prime(Deadline deadline) throws Exception;

        /**
         * Returns whether priming failed because a permission is missing, which may be granted soon.
         *
         * @param failure the exception of {@link #prime}
         * @return whether to retry; false by default
         */
        default boolean isDenied(Throwable failure) {
            return false;
        }
    }

    private static final String SNAP_START = "snap-start";
    private static final String SLOW = "the function works, but its first invocation will be slow";

    /** The time limit of one attempt. */
    private static final Duration MAX_ATTEMPT = Duration.ofSeconds(10);

    /** The time limit of one call: the deadline of an attempt is this much before its end. */
    private static final Duration MAX_CALL = Duration.ofSeconds(2);

    /** How long denied attempts are retried; Lambda allows 130 s for the initialization. */
    private static final Duration MAX_DENIED = Duration.ofSeconds(60);

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(3);

    /**
     * Strong references, because CRaC's context has weak ones. A function has one handler, which registers one
     * resource.
     */
    private static final Collection<SnapStart> REGISTERED = new ConcurrentLinkedQueue<>();

    private final Primer primer;
    private final Duration maxAttempt;
    private final TimeSource timeSource;

    SnapStart(Primer primer, Duration maxAttempt) {
        this(primer, maxAttempt, TimeSource.system());
    }

    SnapStart(Primer primer, Duration maxAttempt, TimeSource timeSource) {
        this.primer = primer;
        this.maxAttempt = maxAttempt;
        this.timeSource = timeSource;
    }

    /**
     * Prepares a function while Lambda initializes it: builds its clients, because an initialization has more CPU than
     * an invocation, and registers the primer if Lambda will take a snapshot. Does nothing outside Lambda, so that a
     * handler can be created without region or credentials.
     *
     * @param clients builds the clients of the first invocation
     * @param primer primes the function before the snapshot
     * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html">Lambda's environment
     *     variables</a>
     */
    public static void prepare(Runnable clients, Primer primer) {
        String type = System.getenv("AWS_LAMBDA_INITIALIZATION_TYPE");
        if (type != null) {
            clients.run();
        }
        if (SNAP_START.equals(type)) {
            SnapStart snapshot = new SnapStart(primer, MAX_ATTEMPT);
            REGISTERED.add(snapshot);
            Core.getGlobalContext().register(snapshot);
        }
    }

    /**
     * Takes up to ten seconds, or a minute while permissions are missing. Logs a failure, which must not stop the
     * function.
     */
    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        Instant begin = timeSource.now();
        try {
            Throwable failure = attempt();
            while (failure != null && primer.isDenied(failure) && secondsSince(begin) < MAX_DENIED.toSeconds()) {
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

    /** Primes once; returns the reason of a failure, or null. */
    private @Nullable Throwable attempt() throws InterruptedException, TimeoutException {
        Deadline deadline =
                new Deadline(TimeSource.system().now().plus(maxAttempt).minus(MAX_CALL));
        FutureTask<Void> priming = new FutureTask<>(() -> {
            primer.prime(deadline);
            return null;
        });
        DaemonThreads.start("visitor-counter-priming", priming);
        try {
            priming.get(maxAttempt.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException failure) {
            return failure.getCause();
        } finally {
            // Interrupts priming if it has not ended.
            priming.cancel(true);
        }
    }

    /** Does nothing: priming leaves no resource. */
    @Override
    public void afterRestore(Context<? extends Resource> context) {}

    private void log(LogLine line, Instant begin) {
        FunctionLog.of(LambdaRuntime.getLogger(), null, timeSource)
                .write(line.with(
                        "elapsedMillis",
                        Duration.between(begin, timeSource.now()).toMillis()));
    }
}
