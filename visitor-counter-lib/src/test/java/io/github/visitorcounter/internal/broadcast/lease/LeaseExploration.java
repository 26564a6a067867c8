package io.github.visitorcounter.internal.broadcast.lease;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A breadth-first search through all states that can be reached from one.
 *
 * @param states the number of different states
 * @param violations the first violations of the promise, each with the steps that lead to it
 */
record LeaseExploration(int states, List<String> violations) {

    private static final int MAX_VIOLATIONS = 3;

    /** The previous state and the step that led from it. */
    private record Origin(LeaseModel before, String step) {}

    static LeaseExploration of(LeaseModel start) {
        Map<LeaseModel, Origin> seen = new HashMap<>();
        seen.put(start, new Origin(start, ""));
        Deque<LeaseModel> open = new ArrayDeque<>(List.of(start));
        List<String> violations = new ArrayList<>();
        while (!open.isEmpty() && violations.size() < MAX_VIOLATIONS) {
            LeaseModel state = open.remove();
            Map<String, LeaseModel> successors = state.successors();
            state.violation(successors.keySet()).ifPresent(problem -> violations.add(problem + trace(seen, state)));
            successors.forEach((step, next) -> {
                if (seen.putIfAbsent(next, new Origin(state, step)) == null) {
                    open.add(next);
                }
            });
        }
        return new LeaseExploration(seen.size(), violations);
    }

    private static String trace(Map<LeaseModel, Origin> seen, LeaseModel end) {
        StringBuilder trace = new StringBuilder();
        LeaseModel state = end;
        while (!seen.get(state).step().isEmpty()) {
            trace.insert(0, " " + seen.get(state).step());
            state = seen.get(state).before();
        }
        return trace.toString();
    }
}
