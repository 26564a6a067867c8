package io.github.visitorcounter.benchmark.scenario;

import io.github.visitorcounter.benchmark.visitors.Visitor;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The final state of the visitors' pages.
 *
 * @param finished whether it was reached; otherwise the case was cut
 * @param lastChangeAt when the last page changed, as {@link System#nanoTime}
 * @param quietSince the time of the last activity on the stack
 * @param wrong the number of pages that show a wrong number
 */
record Convergence(boolean finished, long lastChangeAt, long quietSince, long wrong) {

    /**
     * Longer than a pass at the message budget (1,000 visitors at 100 messages a second), and than the SDK's timeout
     * for a hung post.
     */
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

    /**
     * Returns whether the stack has counted every connect and disconnect; the last disconnect is not broadcast to any
     * page.
     */
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
