package io.github.visitorcounter.benchmark.scenario;

import io.github.visitorcounter.benchmark.visitors.Visitor;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What the visitors show once nothing more happens.
 *
 * @param finished whether it came to that; otherwise it was cut, and more would have come
 * @param lastChangeAt when the last page began to show what it shows, as {@link System#nanoTime}
 * @param quietSince when the last thing happened on the stack
 * @param wrong how many pages show something else than the truth
 */
record Convergence(boolean finished, long lastChangeAt, long quietSince, long wrong) {

    /** Longer than the pace of the visitors (1,000 visitors at 100 messages a second), and than the SDK waits for a hung post. */
    private static final Duration QUIET_WHEN_WRONG = Duration.ofSeconds(40);

    private static final long POLL_MILLIS = 50;

    static Convergence await(Deployment deployment, Collection<Visitor> visitors, Duration limit)
            throws InterruptedException {
        return await(deployment, visitors, deployment.limits().quiet(), limit);
    }

    static Convergence await(
            Deployment deployment, Collection<Visitor> visitors, Duration quietWhenRight, Duration limit)
            throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        long activity = -1;
        long quietSince = System.nanoTime();
        while (true) {
            long now = System.nanoTime();
            long activityNow = Traffic.activity(deployment.stats());
            if (activityNow != activity) {
                activity = activityNow;
                quietSince = now;
            }
            Convergence reading = read(deployment, visitors, quietSince);
            Duration quiet = reading.wrong == 0 && isCounted(deployment) ? quietWhenRight : QUIET_WHEN_WRONG;
            if (now - quietSince >= quiet.toNanos()) {
                return new Convergence(
                        drained(deployment, end), reading.lastChangeAt, reading.quietSince, reading.wrong);
            }
            if (now >= end) {
                return reading;
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static Convergence read(Deployment deployment, Collection<Visitor> visitors, long quietSince) {
        long wrong = 0;
        long lastChangeAt = Long.MIN_VALUE;
        for (Visitor visitor : visitors) {
            Visitor.View view = visitor.view();
            wrong += deployment.isRight(view) ? 0 : 1;
            lastChangeAt = Math.max(lastChangeAt, view.changedAt());
        }
        return new Convergence(false, lastChangeAt, quietSince, wrong);
    }

    /** Whether the stack knows of everyone who has come and gone; the last one to leave is told to nobody. */
    private static boolean isCounted(Deployment deployment) {
        return deployment.stats().connections().open() == deployment.live();
    }

    private static boolean drained(Deployment deployment, long end) throws InterruptedException {
        try {
            deployment.stack().streamsDrained().get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException failure) {
            throw new IllegalStateException("The streams stopped", failure.getCause());
        }
    }
}
