package io.github.visitorcounter.internal.time;

import java.security.SecureRandom;

/**
 * Random numbers of the operating system. The state of any other generator would be part of a SnapStart snapshot, and
 * all instances restored from it would draw the same numbers and retry at the same time.
 */
final class SecureRandomSource {

    /** Created when the class is first used, at the first retry: most functions never retry. */
    private static final SecureRandom RANDOM = new SecureRandom();

    private SecureRandomSource() {}

    static double next() {
        return RANDOM.nextDouble();
    }
}
