package io.github.visitorcounter.internal.broadcast;

import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.delivery.BroadcastPass;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.broadcast.delivery.PassPlan;
import io.github.visitorcounter.internal.broadcast.delivery.PassPorts;
import io.github.visitorcounter.internal.broadcast.delivery.PassResult;
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
 * What one invocation broadcasts with.
 *
 * @param pass what a pass works with
 * @param counters reads counts, and removes stale connections
 * @param leases who may broadcast, and the budget
 * @param wakeUps the clock
 * @param budget the rate limit
 * @param format the messages
 * @param policy decides about stale connections
 * @param allowance how long the invocation may wait in place
 * @param failures says why posts failed
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

    /** Kept free at the end of an invocation for what comes after a pass. */
    private static final Duration TIME_AFTER_A_PASS = Duration.ofSeconds(2);

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

    /** Charges what was sent beyond what had been paid for: retries. It has been sent, so the charge has no limit. */
    void chargeBeyond(String counterId, long messages, Deadline deadline) {
        if (messages > 0) {
            leases.charge(counterId, budget.debt(messages, now()), deadline);
        }
    }
}
