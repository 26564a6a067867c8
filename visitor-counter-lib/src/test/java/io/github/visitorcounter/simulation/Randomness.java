package io.github.visitorcounter.simulation;

import java.util.List;
import java.util.SplittableRandom;

/** All that a world leaves to chance, decided by its seed. */
final class Randomness {

    private final SplittableRandom random;

    Randomness(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Decides what comes first of what happens at the same moment. */
    long tie() {
        return random.nextInt();
    }

    double fraction() {
        return random.nextDouble();
    }

    boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    /** A whole number, both ends included. */
    int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    <T> T one(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** Microseconds up to some milliseconds: any is as likely. */
    long upTo(double millis) {
        return millis <= 0 ? 0 : random.nextLong((long) (millis * 1_000) + 1);
    }

    /** Microseconds up to some milliseconds. */
    long upTo(long millis) {
        return upTo((double) millis);
    }

    /** Microseconds, mostly short and now and then long, as waits on the network are. */
    long latency(double typicalMillis) {
        double one = random.nextDouble();
        double factor = one < 0.9 ? 1 : one < 0.98 ? 6 : 30;
        return upTo(typicalMillis * factor);
    }

    /** Microseconds around some milliseconds: as long as that on average, seldom half or twice. */
    long around(double millis) {
        double spread = 0.35;
        return (long) (millis * 1_000 * Math.exp(spread * random.nextGaussian() - spread * spread / 2));
    }
}
