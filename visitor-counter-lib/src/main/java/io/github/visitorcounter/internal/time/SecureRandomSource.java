package io.github.visitorcounter.internal.time;

import java.security.SecureRandom;

/**
 * Random numbers of the operating system: every other generator is part of a function's snapshot, and all instances restored from
 * it would draw the same numbers and retry at the same moments.
 */
final class SecureRandomSource {

    /** Made when the class is first used, at the first retry: most functions never need it. */
    private static final SecureRandom RANDOM = new SecureRandom();

    private SecureRandomSource() {}

    static double next() {
        return RANDOM.nextDouble();
    }
}
