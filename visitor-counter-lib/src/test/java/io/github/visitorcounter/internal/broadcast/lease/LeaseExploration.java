package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.internal.broadcast.lease.LeaseModel.Broken;

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
record LeaseExploration(int states, List<String> violations) {

    private static final int ENOUGH_VIOLATIONS = 3;

    /** Where a world came from. */
    private record Origin(LeaseModel before, String step) {}

    static LeaseExploration of(LeaseModel start, int changes, Broken broken) {
        Map<LeaseModel, Origin> seen = new HashMap<>();
        seen.put(start, new Origin(start, ""));
        Deque<LeaseModel> open = new ArrayDeque<>(List.of(start));
        List<String> violations = new ArrayList<>();
        while (!open.isEmpty() && violations.size() < ENOUGH_VIOLATIONS) {
            LeaseModel world = open.remove();
            Map<String, LeaseModel> successors = world.successors(changes, broken);
            world.violation(successors.keySet()).ifPresent(problem -> violations.add(problem + trace(seen, world)));
            successors.forEach((step, next) -> {
                if (seen.putIfAbsent(next, new Origin(world, step)) == null) {
                    open.add(next);
                }
            });
        }
        return new LeaseExploration(seen.size(), violations);
    }

    private static String trace(Map<LeaseModel, Origin> seen, LeaseModel end) {
        StringBuilder trace = new StringBuilder();
        LeaseModel world = end;
        while (!seen.get(world).step().isEmpty()) {
            trace.insert(0, " " + seen.get(world).step());
            world = seen.get(world).before();
        }
        return trace.toString();
    }
}
