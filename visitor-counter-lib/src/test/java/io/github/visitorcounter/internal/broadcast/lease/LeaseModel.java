package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.lease.LeaseProtocol.End;
import io.github.visitorcounter.internal.time.Deadline;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A state of the lease protocol and its invocations. Equal states have the same successors.
 *
 * <p>Each change of the counter has a trigger; the first ones are disconnects. Wake-ups are triggers, too, as soon as
 * they have a stream record. An invocation may crash once between any two steps and is retried. The clock is not
 * modelled: the budget may allow or reject a pass at any time, and a lease whose holder does not run may expire at
 * any time.
 */
record LeaseModel(
        long version,
        Row lease,
        long received,
        boolean wakeUpPending,
        int wakeUpRecords,
        int rejectionsLeft,
        int timeoutsLeft,
        int crashesLeft,
        int disconnects,
        List<Invocation> invocations) {

    /** The rules of the protocol that tests break. */
    enum Broken {
        /** After the release, the count is not read again. */
        NO_READ_AFTER_RELEASE,
        /** The count is read again before the release, not after it. */
        READ_BEFORE_RELEASE,
        /** A wake-up removes its request after it has read the count. */
        CLEARS_AFTER_READING,
        /** A retry has another name than the attempt that crashed. */
        RETRY_HAS_ANOTHER_NAME,
        /** A retry that finds its own lease checks the budget again. */
        RESUMING_CHECKS_THE_BUDGET,
        /** No rule. */
        NOTHING
    }

    /** The lease row. */
    record Row(
            @Nullable String holder,
            boolean expired,
            long sent,
            @Nullable PassRest rest) {}

    /**
     * The invocation of one trigger.
     *
     * @param step the next step; null before the invocation begins
     * @param clears whether it is a wake-up that has not removed its request
     * @param crashed whether it has crashed
     */
    record Invocation(@Nullable LeaseStep step, boolean clears, boolean crashed) {
        boolean hasEnded() {
            return step instanceof LeaseStep.Done && !clears;
        }

        boolean runs() {
            return step != null && !hasEnded();
        }
    }

    static final Instant TOO_EARLY = Instant.EPOCH.plusSeconds(1);
    static final Instant LATE_ENOUGH = Instant.EPOCH.plus(Duration.ofDays(1));
    private static final Deadline NEVER = new Deadline(Instant.EPOCH.plus(Duration.ofDays(9)));

    static LeaseModel start(int changes, int disconnects, int wakeUps, int rejections, int timeouts, int crashes) {
        return new LeaseModel(
                0,
                new Row(null, false, 0, null),
                0,
                false,
                0,
                rejections,
                timeouts,
                crashes,
                disconnects,
                Collections.nCopies(changes + wakeUps, new Invocation(null, false, false)));
    }

    /** Returns all possible next states, by the step that leads to them. */
    Map<String, LeaseModel> successors(int changes, Broken broken) {
        Map<String, LeaseModel> successors = new LinkedHashMap<>();
        boolean mayWakeUp = wakeUpRecords > 0;
        for (int index = 0; index < invocations.size(); index++) {
            Invocation invocation = invocations.get(index);
            if (invocation.step() == null) {
                if (index < changes) {
                    successors.put("change" + index, begun(index, version + 1, wakeUpRecords, false));
                } else if (mayWakeUp) {
                    successors.put("wakeUp" + index, begun(index, version, wakeUpRecords - 1, true));
                    mayWakeUp = false;
                }
            } else if (invocation.runs()) {
                String name = index + "." + invocation.step().getClass().getSimpleName();
                boolean mayClear = invocation.clears()
                        && (broken != Broken.CLEARS_AFTER_READING || invocation.step() instanceof LeaseStep.Done);
                if (mayClear) {
                    successors.put(index + ".clears", cleared(index));
                } else {
                    successors.put(name, perform(index, broken, true, false));
                    if (rejectionsLeft > 0) {
                        successors.put(name + "-rejected", perform(index, broken, false, false));
                    }
                    if (timeoutsLeft > 0 && invocation.step() instanceof LeaseStep.Send) {
                        successors.put(name + "-out-of-time", perform(index, broken, true, true));
                    }
                }
                if (crashesLeft > 0 && !invocation.crashed()) {
                    successors.put(name + "-CRASHES", crashed(index, changes));
                }
            }
        }
        if (lease.holder() != null && !lease.expired() && !isRunning(lease.holder(), broken)) {
            successors.put("EXPIRES", withLease(new Row(lease.holder(), true, lease.sent(), lease.rest())));
        }
        return successors;
    }

    /** Returns the violation of the promise in this state, given the names of the next steps. */
    Optional<String> violation(Set<String> nextSteps) {
        boolean isFinal = nextSteps.stream().allMatch(step -> step.equals("EXPIRES"));
        return isFinal && wakeUpRecords == 0 && received != version ? Optional.of("LOST UPDATE:") : Optional.empty();
    }

    private LeaseModel begun(int index, long newVersion, int records, boolean clears) {
        return new LeaseModel(
                newVersion,
                lease,
                received,
                wakeUpPending,
                records,
                rejectionsLeft,
                timeoutsLeft,
                crashesLeft,
                disconnects,
                with(index, new Invocation(new LeaseStep.Read(), clears, false)));
    }

    private LeaseModel cleared(int index) {
        Invocation invocation = invocations.get(index);
        return new LeaseModel(
                version,
                lease,
                received,
                false,
                wakeUpRecords,
                rejectionsLeft,
                timeoutsLeft,
                crashesLeft,
                disconnects,
                with(index, new Invocation(invocation.step(), false, invocation.crashed())));
    }

    private LeaseModel crashed(int index, int changes) {
        return new LeaseModel(
                version,
                lease,
                received,
                wakeUpPending,
                wakeUpRecords,
                rejectionsLeft,
                timeoutsLeft,
                crashesLeft - 1,
                disconnects,
                with(index, new Invocation(new LeaseStep.Read(), index >= changes, true)));
    }

    private LeaseModel withLease(Row row) {
        return new LeaseModel(
                version,
                row,
                received,
                wakeUpPending,
                wakeUpRecords,
                rejectionsLeft,
                timeoutsLeft,
                crashesLeft,
                disconnects,
                invocations);
    }

    private List<Invocation> with(int index, Invocation invocation) {
        List<Invocation> changed = new ArrayList<>(invocations);
        changed.set(index, invocation);
        return List.copyOf(changed);
    }

    private String identity(int index, Broken broken) {
        return broken == Broken.RETRY_HAS_ANOTHER_NAME
                ? "t" + index + "/" + invocations.get(index).crashed()
                : "t" + index;
    }

    /** Returns whether the holder's invocation is between two steps of its pass; a retry that has not begun is not. */
    private boolean isRunning(String holder, Broken broken) {
        for (int index = 0; index < invocations.size(); index++) {
            Invocation invocation = invocations.get(index);
            if (holder.equals(identity(index, broken)) && invocation.runs()) {
                return !(invocation.step() instanceof LeaseStep.Read);
            }
        }
        return false;
    }

    private LeaseModel perform(int index, Broken broken, boolean allowed, boolean outOfTime) {
        Invocation invocation = invocations.get(index);
        LeaseModelPorts ports = new LeaseModelPorts(this, allowed ? LATE_ENOUGH : TOO_EARLY, outOfTime);
        boolean debounced = index < disconnects;
        LeaseProtocol protocol = new LeaseProtocol(
                BroadcastTrigger.stream("site", identity(index, broken), List.of(), 1),
                debounced,
                ports.protocolPorts(),
                ports,
                new WaitAllowance(),
                NEVER);
        LeaseStep next = next(invocation.step(), protocol, broken, allowed);
        boolean rejected = !allowed && next instanceof LeaseStep.RequestWakeUp && !debounced;
        return new LeaseModel(
                version,
                ports.row(),
                ports.received(),
                ports.isWakeUpPending(),
                ports.wakeUpRecords(),
                rejected ? rejectionsLeft - 1 : rejectionsLeft,
                outOfTime ? timeoutsLeft - 1 : timeoutsLeft,
                crashesLeft,
                disconnects,
                with(index, new Invocation(next, invocation.clears(), invocation.crashed())));
    }

    /** Returns the next step of the real protocol, except for the broken rule. */
    private LeaseStep next(LeaseStep step, LeaseProtocol protocol, Broken broken, boolean allowed) {
        if (broken == Broken.READ_BEFORE_RELEASE && step instanceof LeaseStep.Release release) {
            return readBeforeRelease(release.sentVersion(), protocol);
        }
        if (broken == Broken.RESUMING_CHECKS_THE_BUDGET && step instanceof LeaseStep.Resume && !allowed) {
            return new LeaseStep.RequestWakeUp();
        }
        LeaseStep next;
        try {
            next = step.perform(protocol);
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
        boolean endsAfterRelease = broken == Broken.NO_READ_AFTER_RELEASE && step instanceof LeaseStep.Release;
        return endsAfterRelease ? new LeaseStep.Done(End.SENT) : next;
    }

    /** Reads and releases in two steps, with a negative version between them. */
    private LeaseStep readBeforeRelease(long sentVersion, LeaseProtocol protocol) {
        if (sentVersion < 0) {
            protocol.release(new LeaseStep.Release(-sentVersion));
            return new LeaseStep.Done(End.SENT);
        }
        Lease row = LeaseModelPorts.lease(lease);
        return version > sentVersion ? new LeaseStep.Send(row, row, 1) : new LeaseStep.Release(-sentVersion);
    }

    VisitorCount count() {
        return new VisitorCount("site", 1, version, version, null);
    }
}
