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
 * Connections of one counter that one transaction removes, with what is assumed about their visits. Immutable.
 *
 * @param counterId their counter
 * @param connections the connections to remove
 * @param ends the assumed end of each of their visits; a visit that is missing has no row
 * @param change why they are removed
 * @param at when they disconnected
 */
record DisconnectBatch(
        String counterId, List<Connection> connections, SortedMap<String, VisitEnd> ends, Change change, Instant at) {

    /** A transaction has at most 100 parts; one is the counter. */
    private static final int MAX_PARTS = 99;

    /** Divides connections of a counter into batches. The first guess is that no connection of their visits remains. */
    static List<DisconnectBatch> divide(String counterId, List<Connection> connections, Change change, Instant at) {
        List<Connection> byVisit = new ArrayList<>(connections);
        byVisit.sort(Comparator.comparing(Connection::countedWith));
        List<DisconnectBatch> batches = new ArrayList<>();
        List<Connection> together = new ArrayList<>();
        Set<String> visits = new HashSet<>();
        for (Connection connection : byVisit) {
            int more = visits.contains(connection.countedWith()) ? 1 : 2;
            if (together.size() + visits.size() + more > MAX_PARTS) {
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
        SortedMap<String, VisitEnd> ends = new TreeMap<>();
        countByVisit(connections).keySet().forEach(visit -> ends.put(visit, new VisitEnd(true, at)));
        return new DisconnectBatch(counterId, List.copyOf(connections), ends, change, at);
    }

    /** The number of connections of each visit. */
    SortedMap<String, Integer> countByVisit() {
        return countByVisit(connections);
    }

    private static SortedMap<String, Integer> countByVisit(List<Connection> connections) {
        SortedMap<String, Integer> numbers = new TreeMap<>();
        for (Connection connection : connections) {
            numbers.merge(connection.countedWith(), 1, Integer::sum);
        }
        return numbers;
    }

    /** How much {@code live} of the counter decreases. */
    int liveDecrease(VisitRules rules) {
        return countByVisit().entrySet().stream()
                .mapToInt(visit -> rules.liveDecrease(visit.getValue(), ends.get(visit.getKey())))
                .sum();
    }

    /** The part of the counter in the transaction, if the counter changes. */
    int counterPart() {
        return connections.size() + ends.size();
    }

    /**
     * Whether a prune conflicts on the rows of connections. Another transaction is removing those rows, as nothing else
     * changes them, so the prune can continue without them.
     */
    boolean canSkipConflicts(CancellationReasons cancellation) {
        return change == Change.PRUNE && IntStream.range(0, connections.size()).anyMatch(cancellation::conflicts);
    }

    /** Returns the batch without the connections whose rows do not exist or are removed by another transaction. */
    DisconnectBatch without(CancellationReasons cancellation) {
        List<Connection> remaining = IntStream.range(0, connections.size())
                .filter(part -> !cancellation.failed(part) && !cancellation.conflicts(part))
                .mapToObj(connections::get)
                .toList();
        return of(remaining, ends);
    }

    /**
     * Returns the batch corrected by a cancelled transaction: without rows that do not exist, and with the
     * visits as they are.
     */
    DisconnectBatch corrected(CancellationReasons cancellation, VisitRules rules) {
        List<Connection> remaining = IntStream.range(0, connections.size())
                .filter(part -> !cancellation.failed(part))
                .mapToObj(connections::get)
                .toList();
        SortedMap<String, Integer> counts = countByVisit(remaining);
        SortedMap<String, VisitEnd> corrected = new TreeMap<>();
        int part = connections.size();
        for (var known : ends.entrySet()) {
            VisitEnd end = cancellation.failed(part)
                    ? end(VisitItem.visit(cancellation.found(part)), counts.getOrDefault(known.getKey(), 0), rules)
                    : known.getValue();
            if (end != null) {
                corrected.put(known.getKey(), end);
            }
            part++;
        }
        return of(remaining, corrected);
    }

    private DisconnectBatch of(List<Connection> remaining, SortedMap<String, VisitEnd> known) {
        SortedMap<String, VisitEnd> remainingEnds = new TreeMap<>(known);
        remainingEnds.keySet().retainAll(countByVisit(remaining).keySet());
        return new DisconnectBatch(counterId, List.copyOf(remaining), remainingEnds, change, at);
    }

    private @Nullable VisitEnd end(@Nullable Visit visit, int number, VisitRules rules) {
        return visit == null ? null : rules.end(visit, number, at);
    }
}
