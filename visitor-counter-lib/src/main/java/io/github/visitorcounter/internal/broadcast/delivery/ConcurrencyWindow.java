package io.github.visitorcounter.internal.broadcast.delivery;

/**
 * The limit of concurrent posts. It grows by one for each window of delivered posts and is halved when API Gateway
 * throttles the account (additive increase, multiplicative decrease). Not thread-safe.
 *
 * <p>API Gateway answers 429 for two reasons: the account's request quota is exceeded, or one client reads too slowly.
 * Only an exceeded quota is a reason to slow down. It is assumed if at least a quarter of a window's answers are 429: a
 * few slow clients stay below that share.
 */
final class ConcurrencyWindow {

    private static final int MIN_SAMPLE = 8;
    private static final int THROTTLED_SHARE = 4;

    private final int max;
    private double size;
    private int answers;
    private int throttled;

    ConcurrencyWindow(int max) {
        this.max = max;
        this.size = max;
    }

    boolean admits(int underWay) {
        return underWay < (int) size;
    }

    void delivered() {
        size = Math.min(max, size + 1 / size);
        sample();
    }

    void throttled() {
        throttled++;
        sample();
    }

    private void sample() {
        answers++;
        if (answers >= Math.max(MIN_SAMPLE, (int) size)) {
            if (throttled * THROTTLED_SHARE >= answers) {
                size = Math.max(1, size / 2);
            }
            answers = 0;
            throttled = 0;
        }
    }
}
