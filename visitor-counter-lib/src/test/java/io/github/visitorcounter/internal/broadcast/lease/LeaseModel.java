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
 * Everything that matters to the lease protocol at one moment. A value: two worlds that are equal have the same future.
 *
 * <p>Each change of the counter has a trigger; the first ones are disconnects. Wake-ups are triggers, too, whose records are on
 * their way. A trigger may crash once between any two steps, and is retried. The clock is not modelled: whether the budget allows a
 * pass is left open, and so is when a lease expires whose holder does not run.
 */
record LeaseModel(
        long version,
        Row lease,
        long received,
        boolean wakeUpPending,
        int wakeUpRecords,
        int refusalsLeft,
        int timeoutsLeft,
        int crashesLeft,
        int disconnects,
        List<Player> players) {

    /** A rule of the protocol that a test breaks. */
    enum Broken {
        /** After the release, the count is not read again. */
        NO_READ_AFTER_RELEASE,
        /** The count is read again before the release, not after it. */
        READ_BEFORE_RELEASE,
        /** A wake-up removes its request after it has read the count. */
        CLEARS_AFTER_READING,
        /** A retry has another name than the attempt that crashed. */
        RETRY_HAS_ANOTHER_NAME,
        /** A retry that finds its own lease asks the budget again. */
        RESUMING_ASKS_THE_BUDGET,
        /** No rule. */
        NOTHING
    }

    /** The lease row. */
    record Row(
            @Nullable String holder,
            boolean expired,
            long sent,
            @Nullable PassRest rest) {}

    /** One trigger: {@code clears} is true for a wake-up that has not removed its request; its step is null before it begins. */
    record Player(@Nullable LeaseStep step, boolean clears, boolean crashed) {
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
                Collections.nCopies(changes + wakeUps, new Player(null, false, false)));
    }

    /** Every world that may be next, by the step that leads to it. */
    Map<String, LeaseModel> successors(int changes, Broken broken) {
        Map<String, LeaseModel> successors = new LinkedHashMap<>();
        boolean wakesOne = wakeUpRecords > 0;
        for (int index = 0; index < players.size(); index++) {
            Player player = players.get(index);
            if (player.step() == null) {
                if (index < changes) {
                    successors.put("change" + index, begun(index, version + 1, wakeUpRecords, false));
                } else if (wakesOne) {
                    successors.put("wakeUp" + index, begun(index, version, wakeUpRecords - 1, true));
                    wakesOne = false;
                }
            } else if (player.runs()) {
                String name = index + "." + player.step().getClass().getSimpleName();
                boolean mayClear = player.clears()
                        && (broken != Broken.CLEARS_AFTER_READING || player.step() instanceof LeaseStep.Done);
                if (mayClear) {
                    successors.put(index + ".clears", cleared(index));
                } else {
                    successors.put(name, perform(index, broken, true, false));
                    if (refusalsLeft > 0) {
                        successors.put(name + "-too-early", perform(index, broken, false, false));
                    }
                    if (timeoutsLeft > 0 && player.step() instanceof LeaseStep.Send) {
                        successors.put(name + "-out-of-time", perform(index, broken, true, true));
                    }
                }
                if (crashesLeft > 0 && !player.crashed()) {
                    successors.put(name + "-CRASHES", crashed(index, changes));
                }
            }
        }
        if (lease.holder() != null && !lease.expired() && !isAtWork(lease.holder(), broken)) {
            successors.put("EXPIRES", withLease(new Row(lease.holder(), true, lease.sent(), lease.rest())));
        }
        return successors;
    }

    /** What is wrong with this world, given what may come next. */
    Optional<String> violation(Set<String> nextSteps) {
        boolean quiet = nextSteps.stream().allMatch(step -> step.equals("EXPIRES"));
        return quiet && wakeUpRecords == 0 && received != version ? Optional.of("LOST UPDATE:") : Optional.empty();
    }

    private LeaseModel begun(int index, long newVersion, int records, boolean clears) {
        return new LeaseModel(
                newVersion,
                lease,
                received,
                wakeUpPending,
                records,
                refusalsLeft,
                timeoutsLeft,
                crashesLeft,
                disconnects,
                with(index, new Player(new LeaseStep.Read(), clears, false)));
    }

    private LeaseModel cleared(int index) {
        Player player = players.get(index);
        return new LeaseModel(
                version,
                lease,
                received,
                false,
                wakeUpRecords,
                refusalsLeft,
                timeoutsLeft,
                crashesLeft,
                disconnects,
                with(index, new Player(player.step(), false, player.crashed())));
    }

    private LeaseModel crashed(int index, int changes) {
        return new LeaseModel(
                version,
                lease,
                received,
                wakeUpPending,
                wakeUpRecords,
                refusalsLeft,
                timeoutsLeft,
                crashesLeft - 1,
                disconnects,
                with(index, new Player(new LeaseStep.Read(), index >= changes, true)));
    }

    private LeaseModel withLease(Row row) {
        return new LeaseModel(
                version,
                row,
                received,
                wakeUpPending,
                wakeUpRecords,
                refusalsLeft,
                timeoutsLeft,
                crashesLeft,
                disconnects,
                players);
    }

    private List<Player> with(int index, Player player) {
        List<Player> changed = new ArrayList<>(players);
        changed.set(index, player);
        return List.copyOf(changed);
    }

    private String identity(int index, Broken broken) {
        return broken == Broken.RETRY_HAS_ANOTHER_NAME
                ? "t" + index + "/" + players.get(index).crashed()
                : "t" + index;
    }

    /** Whether the holder's trigger is between two steps of its pass; a retry that has not begun is not. */
    private boolean isAtWork(String holder, Broken broken) {
        for (int index = 0; index < players.size(); index++) {
            Player player = players.get(index);
            if (holder.equals(identity(index, broken)) && player.runs()) {
                return !(player.step() instanceof LeaseStep.Read);
            }
        }
        return false;
    }

    private LeaseModel perform(int index, Broken broken, boolean allowed, boolean outOfTime) {
        Player player = players.get(index);
        LeaseModelPorts ports = new LeaseModelPorts(this, allowed ? LATE_ENOUGH : TOO_EARLY, outOfTime);
        boolean debounced = index < disconnects;
        LeaseProtocol protocol = new LeaseProtocol(
                BroadcastTrigger.stream("site", identity(index, broken), List.of(), 1),
                debounced,
                ports.protocolPorts(),
                ports,
                new WaitAllowance(),
                NEVER);
        LeaseStep next = next(player.step(), protocol, broken, allowed);
        boolean rejected = !allowed && next instanceof LeaseStep.RequestWakeUp && !debounced;
        return new LeaseModel(
                version,
                ports.row(),
                ports.received(),
                ports.isWakeUpPending(),
                ports.wakeUpRecords(),
                rejected ? refusalsLeft - 1 : refusalsLeft,
                outOfTime ? timeoutsLeft - 1 : timeoutsLeft,
                crashesLeft,
                disconnects,
                with(index, new Player(next, player.clears(), player.crashed())));
    }

    /** The real protocol's next step, but for the rule that is broken. */
    private LeaseStep next(LeaseStep step, LeaseProtocol protocol, Broken broken, boolean allowed) {
        if (broken == Broken.READ_BEFORE_RELEASE && step instanceof LeaseStep.Release release) {
            return readBeforeRelease(release.sentVersion(), protocol);
        }
        if (broken == Broken.RESUMING_ASKS_THE_BUDGET && step instanceof LeaseStep.Resume && !allowed) {
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

    /** Reading and releasing are two steps. The version is negative between them. */
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
