package io.github.visitorcounter.aws;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.Change;
import io.github.visitorcounter.count.Exit;
import io.github.visitorcounter.count.Visit;
import io.github.visitorcounter.count.VisitRules;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Connections of one counter that leave in one transaction, and what that is taken to be. Immutable.
 *
 * @param counterId their counter
 * @param connections who leaves
 * @param exits what that is to each of their visits; a visit that is not here has no row
 * @param change why they leave
 * @param at when
 * @param toZero whether the counter shows fewer than leave, and is set to zero instead
 */
record LeaveBatch(
        String counterId,
        List<Connection> connections,
        SortedMap<String, Exit> exits,
        Change change,
        Instant at,
        boolean toZero) {

    /** A transaction may have 100 parts; the counter is one. */
    private static final int MOST_PARTS = 99;

    /** Divides those who leave a counter, with a first guess: that nobody of their visits remains. */
    static List<LeaveBatch> divide(String counterId, List<Connection> leaving, Change change, Instant at) {
        List<Connection> byVisit = new ArrayList<>(leaving);
        byVisit.sort(Comparator.comparing(Connection::visit, Comparator.nullsFirst(Comparator.naturalOrder())));
        List<LeaveBatch> batches = new ArrayList<>();
        List<Connection> together = new ArrayList<>();
        Set<String> visits = new HashSet<>();
        for (Connection connection : byVisit) {
            String visit = connection.visit();
            int more = visit == null || visits.contains(visit) ? 1 : 2;
            if (together.size() + visits.size() + more > MOST_PARTS) {
                batches.add(guess(counterId, together, change, at));
                together.clear();
                visits.clear();
            }
            together.add(connection);
            if (visit != null) {
                visits.add(visit);
            }
        }
        batches.add(guess(counterId, together, change, at));
        return batches;
    }

    private static LeaveBatch guess(String counterId, List<Connection> connections, Change change, Instant at) {
        SortedMap<String, Exit> exits = new TreeMap<>();
        leaving(connections).keySet().forEach(visit -> exits.put(visit, new Exit(true, at)));
        return new LeaveBatch(counterId, List.copyOf(connections), exits, change, at, false);
    }

    /** How many of each visit leave. */
    SortedMap<String, Integer> leaving() {
        return leaving(connections);
    }

    private static SortedMap<String, Integer> leaving(List<Connection> connections) {
        SortedMap<String, Integer> numbers = new TreeMap<>();
        for (Connection connection : connections) {
            String visit = connection.visit();
            if (visit != null) {
                numbers.merge(visit, 1, Integer::sum);
            }
        }
        return numbers;
    }

    /** What the counter loses. */
    int liveLost(VisitRules rules) {
        SortedMap<String, Integer> leaving = leaving();
        int ofVisits = 0;
        int withoutVisit = connections.size();
        for (var visit : leaving.entrySet()) {
            withoutVisit -= visit.getValue();
            ofVisits += rules.liveLost(visit.getValue(), exits.get(visit.getKey()));
        }
        return withoutVisit + ofVisits;
    }

    /** The same with what a cancelled transaction of it has shown: rows that are gone, and visits as they are. */
    LeaveBatch corrected(Cancellation cancellation, VisitRules rules) {
        List<Connection> remaining = new ArrayList<>();
        for (int part = 0; part < connections.size(); part++) {
            if (!cancellation.failed(part)) {
                remaining.add(connections.get(part));
            }
        }
        SortedMap<String, Integer> stillLeaving = leaving(remaining);
        SortedMap<String, Exit> corrected = new TreeMap<>();
        int part = connections.size();
        for (var known : exits.entrySet()) {
            Integer number = stillLeaving.get(known.getKey());
            Exit exit = known.getValue();
            if (number != null) {
                Exit now = cancellation.failed(part)
                        ? exit(VisitItem.visit(cancellation.found(part)), number, rules)
                        : exit;
                if (now != null) {
                    corrected.put(known.getKey(), now);
                }
            }
            part++;
        }
        boolean onlyTheCounterFailed =
                remaining.size() == connections.size() && corrected.equals(exits) && cancellation.failed(part);
        // Fewer are counted than rows exist: the counter was lost or edited. It must not fall below zero.
        return new LeaveBatch(counterId, List.copyOf(remaining), corrected, change, at, onlyTheCounterFailed != toZero);
    }

    private @Nullable Exit exit(@Nullable Visit visit, int number, VisitRules rules) {
        return visit == null ? null : rules.exit(visit, number, at);
    }
}
