package io.github.visitorcounter.embeddedstack.control;

import java.util.random.RandomGenerator;

/**
 * Holds the faults now in force and decides at random when one occurs. Thread-safe.
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

    /** The faults now in force. */
    public Faults faults() {
        return faults;
    }

    /**
     * Replaces all faults.
     *
     * @param newFaults the faults from now on
     */
    public void set(Faults newFaults) {
        faults = newFaults;
    }

    /**
     * Draws once.
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
