package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.internal.broadcast.lease.LeaseModel.Broken;
import io.github.visitorcounter.internal.broadcast.lease.LeaseModel.Rules;
import io.github.visitorcounter.internal.broadcast.lease.LeaseProtocol.End;
import org.jspecify.annotations.Nullable;

/**
 * The invocation of one trigger in a {@link LeaseModel}.
 *
 * @param step the next step; null before the invocation begins
 * @param clears whether it is a wake-up that has not removed its request
 * @param crashed whether it has crashed
 * @param reached whether a pass of its own has begun, which includes the connection that it names
 * @param named the progress of the post to that connection
 */
record ModelInvocation(@Nullable LeaseStep step, boolean clears, boolean crashed, boolean reached, Named named) {

    /** The progress of a post outside a pass. */
    private enum Phase {
        READ,
        SEND,
        DONE
    }

    /** A post outside a pass. */
    private record Named(Phase phase, @Nullable TargetedCount targeted) {}

    private static final Named UNSENT = new Named(Phase.READ, null);
    private static final Named DONE = new Named(Phase.DONE, null);

    static final ModelInvocation NOT_BEGUN = new ModelInvocation(null, false, false, false, UNSENT);

    static ModelInvocation begun(boolean clears) {
        return new ModelInvocation(new LeaseStep.Read(), clears, false, false, UNSENT);
    }

    static ModelInvocation retry(boolean clears) {
        return new ModelInvocation(new LeaseStep.Read(), clears, true, false, UNSENT);
    }

    ModelInvocation cleared() {
        return new ModelInvocation(step, false, crashed, reached, named);
    }

    /** Returns the invocation before its next step. */
    ModelInvocation after(LeaseStep next) {
        boolean passes =
                reached || (next instanceof LeaseStep.Send send && send.lease().rest() == null);
        Named nextNamed = named;
        if (next instanceof LeaseStep.Done done && done.unchanged() != null && named.equals(UNSENT)) {
            TargetedCount sent = new TargetedCount(done.unchanged().sentToAll(), false);
            nextNamed = new Named(Phase.SEND, sent);
        }
        return new ModelInvocation(next, clears, crashed, passes, nextNamed);
    }

    boolean runs(Rules rules, int index) {
        return step != null && (clears || !(step instanceof LeaseStep.Done) || isAtNamed(rules, index));
    }

    /** Returns whether the next step belongs to the post to the named connection. */
    boolean isAtNamed(Rules rules, int index) {
        return step instanceof LeaseStep.Done done
                && rules.hasConnection(index)
                && !reached
                && done.end() != End.SENT
                && named.phase() != Phase.DONE;
    }

    String nextName(Rules rules, int index) {
        return isAtNamed(rules, index)
                ? "Named-" + named.phase()
                : step.getClass().getSimpleName();
    }

    /**
     * Performs the next step of the post to the named connection, as {@code TargetedDelivery} does: charging and
     * leaving to the next pass are one update.
     */
    ModelInvocation performNamed(LeaseModelPorts ports, Rules rules, int index) {
        TargetedCount targeted = named.targeted();
        return switch (named.phase()) {
            case READ ->
                at(new Named(Phase.SEND, TargetedCount.of(ports.readLease(), ports.readCount(), rules::isChange)));
            case SEND -> {
                if (targeted.needsPass() && rules.broken() != Broken.LEAVES_NOTHING_TO_NEXT_PASS) {
                    ports.leaveToNextPass();
                }
                ports.post(index + 1, targeted.count().version());
                boolean again = targeted.needsPass() && rules.broken() != Broken.LEAVES_TO_NEXT_PASS_AND_ENDS;
                yield new ModelInvocation(again ? new LeaseStep.Read() : step, clears, crashed, reached, DONE);
            }
            case DONE -> throw new IllegalStateException("The connection has been posted to");
        };
    }

    private ModelInvocation at(Named next) {
        return new ModelInvocation(step, clears, crashed, reached, next);
    }
}
