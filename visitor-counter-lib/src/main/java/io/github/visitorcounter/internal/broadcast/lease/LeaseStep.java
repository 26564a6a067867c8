package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.count.VisitorCount;

import java.time.Duration;

/** The next step of a {@link LeaseProtocol}. */
public sealed interface LeaseStep {

    /** Takes the step, and returns the next one. */
    LeaseStep perform(LeaseProtocol protocol) throws InterruptedException;

    /** Read the lease and the count, and decide. */
    record Read() implements LeaseStep {
        @Override
        public LeaseStep perform(LeaseProtocol protocol) {
            return protocol.read();
        }
    }

    /** If a wake-up is pending, end: it will read the count after it was removed. */
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

    /** Wait in place for the budget or the interval, then acquire the lease. */
    record Pause(Duration time, Acquire next) implements LeaseStep {
        @Override
        public LeaseStep perform(LeaseProtocol protocol) throws InterruptedException {
            return protocol.pause(this);
        }
    }

    /** Acquire the lease and charge the budget for this count's audience. */
    record Acquire(Lease seen, VisitorCount count) implements LeaseStep {
        @Override
        public LeaseStep perform(LeaseProtocol protocol) {
            return protocol.acquire(this);
        }
    }

    /** The lease is this trigger's, from an attempt that crashed: renew it and send. */
    record Resume(Lease lease) implements LeaseStep {
        @Override
        public LeaseStep perform(LeaseProtocol protocol) {
            return protocol.resume(this);
        }
    }

    /** Holding the lease, which was charged for {@code chargedMessages}, and was {@code before} before: read the count and send it. */
    record Send(Lease lease, Lease before, long chargedMessages) implements LeaseStep {
        @Override
        public LeaseStep perform(LeaseProtocol protocol) {
            return protocol.send(this);
        }
    }

    /** Note what was sent and release the lease. */
    record Release(long sentVersion) implements LeaseStep {
        @Override
        public LeaseStep perform(LeaseProtocol protocol) {
            return protocol.release(this);
        }
    }

    /** Note what is left of the pass and release the lease. */
    record Suspend(PassRest rest) implements LeaseStep {
        @Override
        public LeaseStep perform(LeaseProtocol protocol) {
            return protocol.suspend(this);
        }
    }

    /** The protocol has ended. */
    record Done(LeaseProtocol.End end) implements LeaseStep {
        @Override
        public LeaseStep perform(LeaseProtocol protocol) {
            throw new IllegalStateException("The protocol has ended: " + end);
        }
    }
}
