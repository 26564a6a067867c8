package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.time.Deadline;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that matters to the protocol at one moment: the counter's version, the lease row, the newest version that everyone
 * was told, and where each turn stands. A value: two worlds that are equal have the same future.
 *
 * <p>Each change of the counter has a turn (a stream's, which may not wait), and each turn may start one pacer. The first changes
 * are departures, which linger; which change happens first is left open.
 */
record TurnWorld(
        long version,
        @Nullable String holder,
        long pending,
        long sent,
        long told,
        int crashesLeft,
        int departures,
        List<Player> players) {

    /** How the protocol is broken for a test: each rule can be switched off. */
    record Rules(
            boolean versionsAreLeftToTheHolder,
            boolean releaseLooksAtThem,
            boolean holderIsTheTrigger,
            boolean pacerTakesTheLease,
            boolean passesAreUnderAnotherName) {
        static final Rules AS_DESIGNED = new Rules(true, true, true, true, true);
    }

    /** One turn. Its step is null before it begins. */
    record Player(@Nullable Step step, boolean crashed) {
        boolean runs() {
            return step != null && !(step instanceof Step.Done);
        }
    }

    private static final Instant TOO_EARLY = Instant.EPOCH.plusSeconds(1);
    private static final Instant LINGERS_UNTIL = Instant.EPOCH.plus(Duration.ofHours(1));
    private static final Instant LATE_ENOUGH = Instant.EPOCH.plus(Duration.ofDays(1));
    private static final Deadline NEVER = new Deadline(Instant.EPOCH.plus(Duration.ofDays(9)));

    static TurnWorld start(int changes, int departures, int crashes) {
        List<Player> idle = new ArrayList<>();
        for (int i = 0; i < 2 * changes; i++) {
            idle.add(new Player(null, false));
        }
        return new TurnWorld(0, null, 0, 0, 0, crashes, departures, List.copyOf(idle));
    }

    /** Every world that may be next, by the step that leads to it. */
    Map<String, TurnWorld> successors(Rules rules) {
        Map<String, TurnWorld> successors = new LinkedHashMap<>();
        for (int index = 0; index < players.size(); index++) {
            Player player = players.get(index);
            if (player.step() == null && isChange(index)) {
                successors.put(
                        "change" + index,
                        new TurnWorld(
                                version + 1,
                                holder,
                                pending,
                                sent,
                                told,
                                crashesLeft,
                                departures,
                                with(index, new Player(new Step.Acquire(), false))));
            }
            if (player.runs()) {
                // The clock is not modelled: whether the pace allows a pass now is left open, and both are tried.
                successors.put(name(index) + "-pays", perform(index, rules, LATE_ENOUGH));
                successors.put(name(index) + "-waits", perform(index, rules, TOO_EARLY));
                if (crashesLeft > 0 && !player.crashed()) {
                    successors.put(name(index) + "-CRASHES", crash(index, rules));
                }
            }
        }
        if (holder != null && !isRunning(holder, rules)) {
            successors.put(
                    "EXPIRES", new TurnWorld(version, null, pending, sent, told, crashesLeft, departures, players));
        }
        return successors;
    }

    /** What is wrong with this world, given what may come next. */
    Optional<String> violation(Set<String> nextSteps) {
        long passes = players.stream()
                .filter(player -> player.step() instanceof Step.Send)
                .count();
        if (passes > 1) {
            return Optional.of("TWO PASSES AT ONCE:");
        }
        boolean quiet = nextSteps.stream().allMatch(step -> step.equals("EXPIRES"));
        return quiet && told != version ? Optional.of("LOST UPDATE:") : Optional.empty();
    }

    private boolean isChange(int index) {
        return index < players.size() / 2;
    }

    private String name(int index) {
        Step step = players.get(index).step();
        return index + "." + (step == null ? "idle" : step.getClass().getSimpleName());
    }

    private List<Player> with(int index, Player player) {
        List<Player> changed = new ArrayList<>(players);
        changed.set(index, player);
        return List.copyOf(changed);
    }

    private String identity(int index, Rules rules) {
        return rules.holderIsTheTrigger()
                ? "t" + index
                : "t" + index + "/" + players.get(index).crashed();
    }

    private boolean isRunning(String name, Rules rules) {
        for (int index = 0; index < players.size(); index++) {
            String identity = identity(index, rules);
            if (name.equals(identity) || name.equals(SimulatedPorts.lingering(identity))) {
                return players.get(index).runs();
            }
        }
        return false;
    }

    /** The turn is begun again, as Lambda retries it. */
    private TurnWorld crash(int index, Rules rules) {
        boolean handsOver = players.get(index).step() instanceof Step.HandOn && !rules.pacerTakesTheLease();
        String newHolder = handsOver && isChange(index) ? "t" + (index + players.size() / 2) : holder;
        return new TurnWorld(
                version,
                newHolder,
                pending,
                sent,
                told,
                crashesLeft - 1,
                departures,
                with(index, new Player(new Step.Acquire(), true)));
    }

    private TurnWorld perform(int index, Rules rules, Instant now) {
        boolean isChange = isChange(index);
        int parent = index - players.size() / 2;
        Trigger trigger = new Trigger(
                "site",
                identity(index, rules),
                isChange || !rules.pacerTakesTheLease() ? null : identity(parent, rules),
                isChange ? 0 : 1,
                !isChange,
                false,
                (isChange ? index : parent) < departures ? LINGERS_UNTIL : null);
        SimulatedPorts ports = new SimulatedPorts(this, rules, now);
        Turn turn = new Turn(
                trigger,
                ports,
                ports,
                ports,
                new Pace(1, Duration.ofHours(1)),
                new Turn.Times(Duration.ofSeconds(15), Duration.ofSeconds(5), Duration.ofSeconds(10), 8),
                ports,
                NEVER);
        Step next;
        try {
            next = turn.perform(players.get(index).step());
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
        List<Player> after = new ArrayList<>(players);
        after.set(index, new Player(next, players.get(index).crashed()));
        int pacer = index + players.size() / 2;
        if (ports.startedPacer() && pacer < after.size() && after.get(pacer).step() == null) {
            after.set(pacer, new Player(new Step.Acquire(), false));
        }
        return new TurnWorld(
                version,
                ports.holder(),
                ports.pending(),
                ports.sent(),
                ports.told(),
                crashesLeft,
                departures,
                List.copyOf(after));
    }

    VisitorCount count() {
        return new VisitorCount("site", 1, version, version, null);
    }
}
