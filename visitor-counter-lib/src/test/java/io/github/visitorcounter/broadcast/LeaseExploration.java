package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.broadcast.TurnWorld.Rules;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A breadth-first search through all worlds that can come of one.
 *
 * @param states how many different worlds there are
 * @param violations how a promise was broken, step by step; the first few
 */
record Exploration(int states, List<String> violations) {

    private static final int ENOUGH_VIOLATIONS = 3;

    /** Where a world came from. */
    private record Origin(TurnWorld before, String step) {}

    static Exploration of(Rules rules, int changes, int departures, int crashes) {
        TurnWorld start = TurnWorld.start(changes, departures, crashes);
        Map<TurnWorld, Origin> seen = new HashMap<>();
        seen.put(start, new Origin(start, ""));
        Deque<TurnWorld> open = new ArrayDeque<>(List.of(start));
        List<String> violations = new ArrayList<>();
        while (!open.isEmpty() && violations.size() < ENOUGH_VIOLATIONS) {
            TurnWorld world = open.remove();
            Map<String, TurnWorld> successors = world.successors(rules);
            world.violation(successors.keySet()).ifPresent(problem -> violations.add(problem + trace(seen, world)));
            successors.forEach((step, next) -> {
                if (seen.putIfAbsent(next, new Origin(world, step)) == null) {
                    open.add(next);
                }
            });
        }
        return new Exploration(seen.size(), violations);
    }

    private static String trace(Map<TurnWorld, Origin> seen, TurnWorld end) {
        StringBuilder trace = new StringBuilder();
        TurnWorld world = end;
        while (!seen.get(world).step().isEmpty()) {
            trace.insert(0, " " + seen.get(world).step());
            world = seen.get(world).before();
        }
        return trace.toString();
    }
}
