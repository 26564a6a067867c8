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
 * <p>Each change of the counter has a trigger; the first ones are disconnects, and each of the others may have a
 * connection, to which its invocation posts if a pass of its own did not. Wake-ups are triggers, too, as soon as they
 * have a stream record. An invocation may crash once between any two steps, and when a pass has posted to half of the
 * connections, and is retried. The first change may have a twin: a second invocation with the same event at the same
 * time. The clock is not modelled: the budget may allow or reject a pass at any time, and a lease whose holder does not
 * run may expire at any time.
 */
record LeaseModel(Rules rules, Shared shared, List<ModelInvocation> invocations) {

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
        /** The count of a pass that has not been completed counts as sent. */
        UNFINISHED_PASS_COUNTS_AS_SENT,
        /** A connection that was sent other numbers than the last pass is not left to the next one. */
        LEAVES_NOTHING_TO_NEXT_PASS,
        /** After a connection was left to the next pass, the protocol does not run again. */
        LEAVES_TO_NEXT_PASS_AND_ENDS,
        /** A lease is acquired although another pass has begun since it was read. */
        ACQUIRES_AFTER_ANOTHER_PASS,
        /** An invocation that finds its own lease sends another count than the lease records. */
        RESUMING_RECORDS_NOTHING,
        /** No rule. */
        NOTHING;

        /** Whether it takes new connections to lose an update. */
        boolean needsConnections() {
            return this == UNFINISHED_PASS_COUNTS_AS_SENT
                    || this == LEAVES_NOTHING_TO_NEXT_PASS
                    || this == LEAVES_TO_NEXT_PASS_AND_ENDS;
        }
    }

    /**
     * What does not change.
     *
     * @param changes the number of changes
     * @param disconnects how many of them are disconnects
     * @param texts a letter for each version: what pages show
     * @param named whether each change that is not a disconnect has a connection
     * @param twin whether the last invocation is the twin of the first one
     */
    record Rules(int changes, int disconnects, String texts, boolean named, boolean twin, Broken broken) {

        Rules(int changes, int disconnects, String texts, boolean named, Broken broken) {
            this(changes, disconnects, texts, named, false, broken);
        }

        boolean isChange(VisitorCount sent, VisitorCount newest) {
            return text(sent.version()) != text(newest.version());
        }

        char text(long version) {
            return texts.charAt((int) version);
        }

        boolean hasConnection(int index) {
            return named && index >= disconnects && index < changes;
        }
    }

    /** The lease row. */
    record Row(
            @Nullable String holder,
            boolean expired,
            long sent,
            @Nullable PassRest rest,
            long passVersion,
            int awaitingPass) {

        Row with(@Nullable String newHolder, boolean isExpired) {
            return new Row(newHolder, isExpired, sent, rest, passVersion, awaitingPass);
        }
    }

    /**
     * What invocations share.
     *
     * @param shown the newest version that each connection has received, or {@link #ABSENT}; the first connection is
     *     there from the beginning, the others belong to the changes
     */
    record Shared(
            long version,
            Row lease,
            List<Long> shown,
            boolean wakeUpPending,
            int wakeUpRecords,
            int rejectionsLeft,
            int timeoutsLeft,
            int crashesLeft) {

        static VisitorCount count(long version) {
            return new VisitorCount("site", 1, version, version, null);
        }
    }

    static final long ABSENT = -1;

    /** Connected, without a message so far. */
    static final long NOTHING_SHOWN = -2;

    static final Instant TOO_EARLY = Instant.EPOCH.plusSeconds(1);
    static final Instant LATE_ENOUGH = Instant.EPOCH.plus(Duration.ofMinutes(9));
    private static final Deadline NEVER = new Deadline(Instant.EPOCH.plus(Duration.ofDays(9)));

    /** Begins after a complete pass. */
    static LeaseModel start(Rules rules, int wakeUps, int rejections, int timeouts, int crashes) {
        List<Long> shown = new ArrayList<>(Collections.nCopies(rules.changes() + 1, ABSENT));
        shown.set(0, 0L);
        Shared shared = new Shared(
                0, new Row(null, false, 0, null, 0, 0), List.copyOf(shown), false, 0, rejections, timeouts, crashes);
        int number = rules.changes() + wakeUps + (rules.twin() ? 1 : 0);
        return new LeaseModel(rules, shared, Collections.nCopies(number, ModelInvocation.NOT_BEGUN));
    }

    /** Returns all possible next states, by the step that leads to them. */
    Map<String, LeaseModel> successors() {
        Map<String, LeaseModel> successors = new LinkedHashMap<>();
        boolean mayWakeUp = shared.wakeUpRecords() > 0;
        for (int index = 0; index < invocations.size(); index++) {
            ModelInvocation invocation = invocations.get(index);
            if (invocation.step() == null) {
                if (index < rules.changes()) {
                    successors.put("change" + index, changed(index));
                } else if (isTwin(index)) {
                    if (invocations.get(0).step() != null) {
                        successors.put("twin", with(change(), index, ModelInvocation.begun(false)));
                    }
                } else if (mayWakeUp) {
                    successors.put("wakeUp" + index, wokenUp(index));
                    mayWakeUp = false;
                }
            } else if (invocation.runs(rules, index)) {
                addSteps(successors, index, invocation);
            }
        }
        Row lease = shared.lease();
        if (lease.holder() != null && !lease.expired() && !isRunning(lease.holder())) {
            successors.put("EXPIRES", with(change().expired()));
        }
        return successors;
    }

    private void addSteps(Map<String, LeaseModel> successors, int index, ModelInvocation invocation) {
        String name = index + "." + invocation.nextName(rules, index);
        boolean mayClear = invocation.clears()
                && (rules.broken() != Broken.CLEARS_AFTER_READING || invocation.step() instanceof LeaseStep.Done);
        if (mayClear) {
            successors.put(index + ".clears", with(change().cleared(), index, invocation.cleared()));
        } else if (invocation.isAtNamed(rules, index)) {
            LeaseModelPorts ports = change();
            ModelInvocation next = invocation.performNamed(ports, rules, index);
            successors.put(name, with(ports, index, next));
        } else {
            successors.put(name, perform(index, true, false));
            if (shared.rejectionsLeft() > 0) {
                successors.put(name + "-rejected", perform(index, false, false));
            }
            if (shared.timeoutsLeft() > 0 && invocation.step() instanceof LeaseStep.Send) {
                successors.put(name + "-out-of-time", perform(index, true, true));
            }
        }
        // A twin that crashes is not retried.
        if (shared.crashesLeft() > 0 && !invocation.crashed() && !isTwin(index)) {
            ModelInvocation retry = ModelInvocation.retry(index >= rules.changes());
            successors.put(name + "-CRASHES", with(change().crashed(), index, retry));
            if (invocation.step() instanceof LeaseStep.Send send) {
                successors.put(
                        name + "-CRASHES-HALFWAY", with(change().crashed().sentHalf(send), index, retry));
            }
        }
    }

    /** Returns the violation of the promise in this state, given the names of the next steps. */
    Optional<String> violation(Set<String> nextSteps) {
        boolean isFinal = nextSteps.stream().allMatch(step -> step.equals("EXPIRES"));
        boolean isCurrent = shared.shown().stream()
                .allMatch(shown -> shown == ABSENT
                        || (shown != NOTHING_SHOWN && rules.text(shown) == rules.text(shared.version())));
        return isFinal && shared.wakeUpRecords() == 0 && !isCurrent ? Optional.of("LOST UPDATE:") : Optional.empty();
    }

    private LeaseModel changed(int index) {
        return with(change().changed(rules.hasConnection(index) ? index + 1 : 0), index, ModelInvocation.begun(false));
    }

    private LeaseModel wokenUp(int index) {
        return with(change().wokenUp(), index, ModelInvocation.begun(true));
    }

    private LeaseModelPorts change() {
        return new LeaseModelPorts(shared, rules, LATE_ENOUGH, false);
    }

    private LeaseModel with(LeaseModelPorts ports) {
        return new LeaseModel(rules, ports.shared(), invocations);
    }

    private LeaseModel with(LeaseModelPorts ports, int index, ModelInvocation invocation) {
        List<ModelInvocation> changed = new ArrayList<>(invocations);
        changed.set(index, invocation);
        return new LeaseModel(rules, ports.shared(), List.copyOf(changed));
    }

    private boolean isTwin(int index) {
        return rules.twin() && index == invocations.size() - 1;
    }

    private String identity(int index) {
        if (isTwin(index)) {
            return identity(0);
        }
        return rules.broken() == Broken.RETRY_HAS_ANOTHER_NAME
                ? "t" + index + "/" + invocations.get(index).crashed()
                : "t" + index;
    }

    /** Returns whether the holder's invocation is between two steps of its pass; a retry that has not begun is not. */
    private boolean isRunning(String holder) {
        for (int index = 0; index < invocations.size(); index++) {
            ModelInvocation invocation = invocations.get(index);
            if (holder.equals(identity(index))
                    && invocation.runs(rules, index)
                    && !(invocation.step() instanceof LeaseStep.Read)) {
                return true;
            }
        }
        return false;
    }

    private LeaseModel perform(int index, boolean allowed, boolean outOfTime) {
        ModelInvocation invocation = invocations.get(index);
        LeaseModelPorts ports = new LeaseModelPorts(shared, rules, allowed ? LATE_ENOUGH : TOO_EARLY, outOfTime);
        boolean debounced = index < rules.disconnects();
        LeaseProtocol protocol = new LeaseProtocol(
                BroadcastTrigger.stream("site", identity(index), List.of(), 1),
                debounced,
                ports.protocolPorts(),
                ports,
                new WaitAllowance(),
                NEVER);
        LeaseStep next = next(invocation.step(), protocol, allowed);
        boolean rejected = !allowed && next instanceof LeaseStep.RequestWakeUp && !debounced;
        return with(ports.used(rejected, outOfTime), index, invocation.after(next));
    }

    /** Returns the next step of the real protocol, except for the broken rule. */
    private LeaseStep next(LeaseStep step, LeaseProtocol protocol, boolean allowed) {
        Broken broken = rules.broken();
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
        Lease row = LeaseModelPorts.lease(shared.lease());
        return shared.version() > sentVersion
                ? new LeaseStep.Send(Shared.count(shared.version()), row, row, 1)
                : new LeaseStep.Release(-sentVersion);
    }
}
