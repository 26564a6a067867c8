package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.Visit;
import io.github.visitorcounter.internal.count.VisitEnd;
import io.github.visitorcounter.internal.count.VisitRules;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Connections of one counter that leave in one transaction, and what that is taken to be. Immutable.
 *
 * @param counterId their counter
 * @param connections who leaves
 * @param exits what that is to each of their visits; a visit that is not here has no row
 * @param change why they leave
 * @param at when
 */
record DisconnectBatch(
        String counterId, List<Connection> connections, SortedMap<String, VisitEnd> exits, Change change, Instant at) {

    /** A transaction may have 100 parts; the counter is one. */
    private static final int MOST_PARTS = 99;

    /** Divides those who leave a counter, with a first guess: that nobody of their visits remains. */
    static List<DisconnectBatch> divide(String counterId, List<Connection> leaving, Change change, Instant at) {
        List<Connection> byVisit = new ArrayList<>(leaving);
        byVisit.sort(Comparator.comparing(Connection::countedWith));
        List<DisconnectBatch> batches = new ArrayList<>();
        List<Connection> together = new ArrayList<>();
        Set<String> visits = new HashSet<>();
        for (Connection connection : byVisit) {
            int more = visits.contains(connection.countedWith()) ? 1 : 2;
            if (together.size() + visits.size() + more > MOST_PARTS) {
                batches.add(guess(counterId, together, change, at));
                together.clear();
                visits.clear();
            }
            together.add(connection);
            visits.add(connection.countedWith());
        }
        batches.add(guess(counterId, together, change, at));
        return batches;
    }

    private static DisconnectBatch guess(String counterId, List<Connection> connections, Change change, Instant at) {
        SortedMap<String, VisitEnd> exits = new TreeMap<>();
        leaving(connections).keySet().forEach(visit -> exits.put(visit, new VisitEnd(true, at)));
        return new DisconnectBatch(counterId, List.copyOf(connections), exits, change, at);
    }

    /** How many of each visit leave. */
    SortedMap<String, Integer> leaving() {
        return leaving(connections);
    }

    private static SortedMap<String, Integer> leaving(List<Connection> connections) {
        SortedMap<String, Integer> numbers = new TreeMap<>();
        for (Connection connection : connections) {
            numbers.merge(connection.countedWith(), 1, Integer::sum);
        }
        return numbers;
    }

    /** What the counter loses. */
    int liveDecrease(VisitRules rules) {
        return leaving().entrySet().stream()
                .mapToInt(visit -> rules.liveDecrease(visit.getValue(), exits.get(visit.getKey())))
                .sum();
    }

    /** Where the counter stands in the transaction, if it changes. */
    int counterPart() {
        return connections.size() + exits.size();
    }

    /** Whether somebody else is changing the row of one of several connections: to remove it, as nobody changes it otherwise. */
    boolean mayGoOnWithoutSome(CancellationReasons cancellation) {
        return change == Change.PRUNE && IntStream.range(0, connections.size()).anyMatch(cancellation::conflicts);
    }

    /** The same without those whose rows are gone, or that somebody else is removing. */
    DisconnectBatch without(CancellationReasons cancellation) {
        List<Connection> remaining = IntStream.range(0, connections.size())
                .filter(part -> !cancellation.failed(part) && !cancellation.conflicts(part))
                .mapToObj(connections::get)
                .toList();
        return of(remaining, exits);
    }

    /** The same with what a cancelled transaction of it has shown: rows that are gone, and visits as they are. */
    DisconnectBatch corrected(CancellationReasons cancellation, VisitRules rules) {
        List<Connection> remaining = IntStream.range(0, connections.size())
                .filter(part -> !cancellation.failed(part))
                .mapToObj(connections::get)
                .toList();
        SortedMap<String, Integer> stillLeaving = leaving(remaining);
        SortedMap<String, VisitEnd> corrected = new TreeMap<>();
        int part = connections.size();
        for (var known : exits.entrySet()) {
            VisitEnd end = cancellation.failed(part)
                    ? end(
                            VisitItem.visit(cancellation.found(part)),
                            stillLeaving.getOrDefault(known.getKey(), 0),
                            rules)
                    : known.getValue();
            if (end != null) {
                corrected.put(known.getKey(), end);
            }
            part++;
        }
        return of(remaining, corrected);
    }

    private DisconnectBatch of(List<Connection> remaining, SortedMap<String, VisitEnd> known) {
        SortedMap<String, VisitEnd> theirs = new TreeMap<>(known);
        theirs.keySet().retainAll(leaving(remaining).keySet());
        return new DisconnectBatch(counterId, List.copyOf(remaining), theirs, change, at);
    }

    private @Nullable VisitEnd end(@Nullable Visit visit, int number, VisitRules rules) {
        return visit == null ? null : rules.end(visit, number, at);
    }
}
