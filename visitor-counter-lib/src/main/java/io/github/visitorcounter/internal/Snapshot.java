package io.github.visitorcounter.internal;

import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Timekeeper;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Practises a function's work before Lambda takes the snapshot that its instances are restored from (SnapStart), so that the
 * first visitor does not wait for what is loaded, linked and compiled at first use.
 *
 * <p>There is nothing to do after a restore: what practises has clients of its own, so that no connection, credential or
 * address that it used is used again, and no thread that it started is left. Random numbers are the operating system's, see
 * {@link io.github.visitorcounter.time.Backoff#jittered}.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-java.html">Lambda's runtime hooks</a>
 */
public final class Snapshot implements Resource {

    /** What a function does to practise. It must write nothing, run no code of the user's, and leave nothing open. */
    @FunctionalInterface
    public interface Primer {

        /**
         * Practises.
         *
         * @param deadline when to give up
         * @throws Exception if practising failed; the function starts all the same
         */
        void prime(Deadline deadline) throws Exception;
    }

    private static final String SNAP_START = "snap-start";
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** So long before its end, practice begins nothing new. */
    private static final Duration LONGEST_CALL = Duration.ofSeconds(2);

    /** CRaC's context refers to its resources weakly. There is one for each handler, and a function has one. */
    private static final Collection<Snapshot> REGISTERED = new ConcurrentLinkedQueue<>();

    private final Primer primer;
    private final Duration longest;

    Snapshot(Primer primer, Duration longest) {
        this.primer = primer;
        this.longest = longest;
    }

    /**
     * Lets a function practise before its snapshot. Does nothing where no snapshot will be taken.
     *
     * @param primer what to do
     */
    public static void primedBy(Primer primer) {
        if (SNAP_START.equals(System.getenv("AWS_LAMBDA_INITIALIZATION_TYPE"))) {
            Snapshot snapshot = new Snapshot(primer, LONGEST);
            REGISTERED.add(snapshot);
            Core.getGlobalContext().register(snapshot);
        }
    }

    /** Practises for ten seconds at most. A failure is logged, and costs the first visitor some time: it must not stop the function. */
    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        Deadline deadline = new Deadline(Timekeeper.system().now().plus(longest).minus(LONGEST_CALL));
        FutureTask<Void> practice = new FutureTask<>(() -> {
            primer.prime(deadline);
            return null;
        });
        DaemonThreads.start("visitor-counter-priming", practice);
        try {
            practice.get(longest.toMillis(), TimeUnit.MILLISECONDS);
            // Logging is practised, too.
            LambdaRuntime.getLogger().log("Primed for the snapshot", LogLevel.INFO);
        } catch (ExecutionException failure) {
            log("Priming failed: " + failure.getCause());
        } catch (TimeoutException slow) {
            practice.cancel(true);
            log("Priming was not finished in time");
        } catch (InterruptedException interruption) {
            practice.cancel(true);
            Thread.currentThread().interrupt();
        }
    }

    /** There is nothing to throw away. */
    @Override
    public void afterRestore(Context<? extends Resource> context) {}

    private static void log(String problem) {
        LambdaRuntime.getLogger()
                .log(problem + ". The function works, but its first invocation will be slow", LogLevel.WARN);
    }
}
