package io.github.visitorcounter.benchmark.pass;

/**
 * The measurements of a pass.
 *
 * @param postsPerSecond from the first post to the last answer
 * @param seconds from the first post to the last answer
 * @param cpuMicrosPerPost CPU time of this process
 */
record Measurement(double postsPerSecond, double seconds, double cpuMicrosPerPost) {

    /** Nothing was measured. */
    static final Measurement NONE = new Measurement(0, 0, 0);
}
