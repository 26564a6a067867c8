package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.count.VisitorCount;
import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** The next step of a {@link LeaseProtocol}. */
public sealed interface LeaseStep {

    /** Performs the step and returns the next one. */
    LeaseStep perform(LeaseProtocol protocol) throws InterruptedException;

    /** Read the lease, and decide whether to continue. */
    record Read() implements LeaseStep {
        @Override
        public LeaseStep perform(LeaseProtocol protocol) {
            return protocol.read();
        }
    }

    /** End if a wake-up is pending: it reads the count after its request was removed. */
    record FindWakeUp(Lease seen) implements LeaseStep {
        @Override
        public LeaseStep perform(LeaseProtocol protocol) {
            return protocol.findWakeUp(this);
        }
    }

    /** Read the count, and decide what to do with it. */
    record ReadCount(Lease seen) implements LeaseStep {
        @Override
        public LeaseStep perform(LeaseProtocol protocol) {
            return protocol.readCount(this);
        }
    }

    /** Request a wake-up, and end. */
    record RequestWakeUp() implements LeaseStep {
        @Override
        public LeaseStep perform(LeaseProtocol protocol) {
            return protocol.requestWakeUp();
        }
    }

    /** Wait for the budget or the interval, then read the count again. */
    record Pause(Duration time, ReadCount next) implements LeaseStep {
        @Override
        public LeaseStep perform(LeaseProtocol protocol) throws InterruptedException {
            return protocol.pause(this);
        }
    }

    /** Acquire the lease and charge the budget for sending this count to everyone. */
    record Acquire(Lease seen, VisitorCount count) implements LeaseStep {
        @Override
        public LeaseStep perform(LeaseProtocol protocol) {
            return protocol.acquire(this);
        }
    }

    /** Read the count to send: this trigger holds the lease, from an attempt that crashed or that still runs. */
    record ReadAgain(Lease own) implements LeaseStep {
        @Override
        public LeaseStep perform(LeaseProtocol protocol) {
            return protocol.readAgain(this);
        }
    }

    /** Renew the own lease, and record the count for a pass that sends again. */
    record Resume(Lease own, VisitorCount count) implements LeaseStep {
        @Override
        public LeaseStep perform(LeaseProtocol protocol) {
            return protocol.resume(this);
        }
    }

    /**
     * Send the count.
     *
     * @param count the count to send
     * @param lease the acquired lease
     * @param before the lease as it was read before it was acquired
     * @param chargedMessages the number of messages charged for the pass
     */
    record Send(VisitorCount count, Lease lease, Lease before, long chargedMessages) implements LeaseStep {
        @Override
        public LeaseStep perform(LeaseProtocol protocol) {
            return protocol.send(this);
        }
    }

    /** Record the sent version and release the lease. */
    record Release(long sentVersion) implements LeaseStep {
        @Override
        public LeaseStep perform(LeaseProtocol protocol) {
            return protocol.release(this);
        }
    }

    /** Record the rest of the pass and release the lease. */
    record Suspend(PassRest rest) implements LeaseStep {
        @Override
        public LeaseStep perform(LeaseProtocol protocol) {
            return protocol.suspend(this);
        }
    }

    /**
     * The protocol has ended.
     *
     * @param unchanged the lease with the count that pages have been sent, if it ended as
     *     {@link LeaseProtocol.End#UNCHANGED}; otherwise null
     */
    record Done(LeaseProtocol.End end, @Nullable Lease unchanged) implements LeaseStep {
        Done(LeaseProtocol.End end) {
            this(end, null);
        }

        @Override
        public LeaseStep perform(LeaseProtocol protocol) {
            throw new IllegalStateException("The protocol has ended: " + end);
        }
    }
}
