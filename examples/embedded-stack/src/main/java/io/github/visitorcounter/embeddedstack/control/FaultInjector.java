package io.github.visitorcounter.embeddedstack.control;

import java.util.random.RandomGenerator;

/**
 * Holds the current faults and decides at random whether one occurs. Thread-safe.
 *
 * @since 0.1.0
 */
public final class FaultInjector {

    private final RandomGenerator random;
    private volatile Faults faults = Faults.NONE;

    /**
     * Creates an injector without faults.
     *
     * @param random the source of randomness; used by one thread at a time
     */
    public FaultInjector(RandomGenerator random) {
        this.random = random;
    }

    /** Returns the current faults. */
    public Faults faults() {
        return faults;
    }

    /**
     * Replaces all faults.
     *
     * @param newFaults the new faults
     */
    public void set(Faults newFaults) {
        faults = newFaults;
    }

    /**
     * Decides whether a fault occurs.
     *
     * @param ratio the probability, from 0 to 1
     * @return true with that probability
     */
    public boolean occurs(double ratio) {
        if (ratio <= 0) {
            return false;
        }
        synchronized (random) {
            return random.nextDouble() < ratio;
        }
    }
}
