package io.github.visitorcounter.broadcast;

import java.time.Duration;
import java.time.Instant;

/**
 * How many posts may be under way at once: halved when API Gateway throttles, grown by one for each window of posts that went
 * well (additive increase, multiplicative decrease). Not thread-safe.
 */
final class PostWindow {

    /** Posts that were under way together are throttled together; that is one reason to slow down, not many. */
    private static final Duration BETWEEN_CUTS = Duration.ofMillis(100);

    private final int most;
    private double size;
    private Instant nextCutAt = Instant.MIN;

    PostWindow(int most) {
        this.most = most;
        this.size = most;
    }

    boolean admits(int underWay) {
        return underWay < (int) size;
    }

    void delivered() {
        size = Math.min(most, size + 1 / size);
    }

    void throttled(Instant now) {
        if (!now.isBefore(nextCutAt)) {
            size = Math.max(1, size / 2);
            nextCutAt = now.plus(BETWEEN_CUTS);
        }
    }
}
