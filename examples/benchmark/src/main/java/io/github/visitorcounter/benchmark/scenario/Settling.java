package io.github.visitorcounter.benchmark.scenario;

import io.github.visitorcounter.benchmark.crowd.Visitor;

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
record Settling(boolean finished, long lastChangeAt, long quietSince, long wrong) {

    /** Longer than the pace of the crowd (1,000 visitors at 100 messages a second), and than the SDK waits for a hung post. */
    private static final Duration QUIET_WHEN_WRONG = Duration.ofSeconds(40);

    private static final long POLL_MILLIS = 50;

    static Settling await(Site site, Collection<Visitor> visitors, Duration limit) throws InterruptedException {
        return await(site, visitors, site.limits().quiet(), limit);
    }

    static Settling await(Site site, Collection<Visitor> visitors, Duration quietWhenRight, Duration limit)
            throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        long activity = -1;
        long quietSince = System.nanoTime();
        while (true) {
            long now = System.nanoTime();
            long activityNow = Traffic.activity(site.stats());
            if (activityNow != activity) {
                activity = activityNow;
                quietSince = now;
            }
            Settling reading = read(site, visitors, quietSince);
            Duration quiet = reading.wrong == 0 && isCounted(site) ? quietWhenRight : QUIET_WHEN_WRONG;
            if (now - quietSince >= quiet.toNanos()) {
                return new Settling(drained(site, end), reading.lastChangeAt, reading.quietSince, reading.wrong);
            }
            if (now >= end) {
                return reading;
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static Settling read(Site site, Collection<Visitor> visitors, long quietSince) {
        long wrong = 0;
        long lastChangeAt = Long.MIN_VALUE;
        for (Visitor visitor : visitors) {
            Visitor.View view = visitor.view();
            wrong += site.isRight(view) ? 0 : 1;
            lastChangeAt = Math.max(lastChangeAt, view.changedAt());
        }
        return new Settling(false, lastChangeAt, quietSince, wrong);
    }

    /** Whether the stack knows of everyone who has come and gone; the last one to leave is told to nobody. */
    private static boolean isCounted(Site site) {
        return site.stats().connections().open() == site.live();
    }

    private static boolean drained(Site site, long end) throws InterruptedException {
        try {
            site.stack().streamsDrained().get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException failure) {
            throw new IllegalStateException("The streams stopped", failure.getCause());
        }
    }
}
