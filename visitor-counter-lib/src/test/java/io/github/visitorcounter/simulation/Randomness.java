package io.github.visitorcounter.simulation;

import java.util.List;
import java.util.SplittableRandom;

/** The random decisions of a simulation run, determined by its seed. */
final class Randomness {

    private final SplittableRandom random;

    Randomness(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Returns a random order for events at the same time. */
    long tie() {
        return random.nextInt();
    }

    double fraction() {
        return random.nextDouble();
    }

    boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    /** Returns an integer; both bounds are inclusive. */
    int between(int min, int max) {
        return random.nextInt(min, max + 1);
    }

    <T> T one(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** Returns a uniformly distributed number of microseconds up to some milliseconds. */
    long upTo(double millis) {
        return millis <= 0 ? 0 : random.nextLong((long) (millis * 1_000) + 1);
    }

    /** Returns microseconds up to some milliseconds. */
    long upTo(long millis) {
        return upTo((double) millis);
    }

    /** Returns a network latency in microseconds: usually short, occasionally long. */
    long latency(double typicalMillis) {
        double one = random.nextDouble();
        double factor = one < 0.9 ? 1 : one < 0.98 ? 6 : 30;
        return upTo(typicalMillis * factor);
    }

    /** Returns microseconds with the given mean in milliseconds, rarely half or twice as long. */
    long around(double millis) {
        double spread = 0.35;
        return (long) (millis * 1_000 * Math.exp(spread * random.nextGaussian() - spread * spread / 2));
    }
}
