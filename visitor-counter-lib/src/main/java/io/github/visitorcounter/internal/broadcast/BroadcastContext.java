package io.github.visitorcounter.internal.broadcast;

import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.delivery.BroadcastPass;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.broadcast.delivery.PassPlan;
import io.github.visitorcounter.internal.broadcast.delivery.PassPorts;
import io.github.visitorcounter.internal.broadcast.delivery.PassResult;
import io.github.visitorcounter.internal.broadcast.lease.Lease;
import io.github.visitorcounter.internal.broadcast.lease.LeaseProtocol;
import io.github.visitorcounter.internal.broadcast.lease.LeaseRenewer;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.MessageBudget;
import io.github.visitorcounter.internal.broadcast.lease.WaitAllowance;
import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.time.Deadline;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The ports and settings of one invocation.
 *
 * @param pass the ports of a pass
 * @param counters reads counts, and removes stale connections
 * @param leases stores the leases and budgets
 * @param wakeUps requests wake-ups
 * @param budget the message budget
 * @param format formats the messages
 * @param policy decides about stale connections
 * @param allowance the time that the invocation may wait
 * @param failures logs failed calls
 */
record BroadcastContext(
        PassPorts pass,
        CounterStore counters,
        LeaseStore leases,
        WakeUps wakeUps,
        MessageBudget budget,
        MessageFormat format,
        StaleConnectionPolicy policy,
        WaitAllowance allowance,
        FailureLog failures) {

    /** Reserved at the end of an invocation for the work after a pass. */
    private static final Duration TIME_AFTER_A_PASS = Duration.ofSeconds(2);

    private static final int TOLERANCE = 10;

    Instant now() {
        return pass.timeSource().now();
    }

    VisitorCount readCount(String counterId, Deadline deadline) {
        return counters.read(counterId, deadline);
    }

    LeaseProtocol.Ports leaseProtocol() {
        return new LeaseProtocol.Ports(leases, counters, wakeUps, budget, pass.timeSource());
    }

    static Deadline passDeadline(Deadline deadline) {
        return new Deadline(deadline.at().minus(TIME_AFTER_A_PASS));
    }

    PassResult pass(PassPlan plan, LeaseRenewer lease, Deadline deadline) {
        return new BroadcastPass(plan, pass, policy, lease, allowance, failures, passDeadline(deadline)).run();
    }

    int prune(List<String> connectionIds, Deadline deadline) {
        return connectionIds.isEmpty()
                ? 0
                : counters.removeConnections(connectionIds, Change.PRUNE, now(), deadline)
                        .size();
    }

    /**
     * Records how many connections a complete pass had beyond {@code live}, so that the next one is charged for them. A
     * difference of less than a tenth of the audience is not worth a write.
     */
    void recordAudience(VisitorCount count, Lease lease, long connections, Deadline deadline) {
        long uncounted = Math.max(0, connections - count.live());
        long difference = Math.abs(uncounted - lease.budget().uncounted());
        if (difference * TOLERANCE > connections) {
            leases.recordUncounted(count.counterId(), uncounted, deadline);
        }
    }

    /** Charges posts beyond the charged ones, such as retries. They have been sent, so the charge has no limit. */
    void chargeBeyond(String counterId, long messages, Deadline deadline) {
        if (messages > 0) {
            leases.charge(counterId, budget.debt(messages, now()), deadline);
        }
    }
}
