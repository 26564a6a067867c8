package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.Visit;
import io.github.visitorcounter.internal.count.VisitEnd;
import io.github.visitorcounter.internal.count.VisitRules;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Connections of the same counters that one transaction removes, with what is assumed about their visits. Immutable.
 *
 * @param counterIds the counters that they are counted in; none if they only watch
 * @param connections the connections to remove
 * @param ends for each counter, the assumed end of each of their visits; a visit that is missing has no row
 * @param change why they are removed
 * @param at when they disconnected
 */
record DisconnectBatch(
        List<String> counterIds,
        List<Connection> connections,
        List<SortedMap<String, VisitEnd>> ends,
        Change change,
        Instant at) {

    /** The maximum of a transaction. Each counter has one part, and one for each visit. */
    private static final int MAX_PARTS = 100;

    /** Divides connections into batches. The first guess is that no connection of their visits remains. */
    static List<DisconnectBatch> divide(Collection<Connection> connections, Change change, Instant at) {
        return connections.stream()
                .collect(Collectors.groupingBy(
                        connection -> String.join("#", connection.countedIn()), TreeMap::new, Collectors.toList()))
                .values()
                .stream()
                .flatMap(together -> divideSameCounters(together, change, at).stream())
                .toList();
    }

    private static List<DisconnectBatch> divideSameCounters(List<Connection> connections, Change change, Instant at) {
        int counters = connections.get(0).countedIn().size();
        List<Connection> byVisit = new ArrayList<>(connections);
        byVisit.sort(Comparator.comparing(Connection::countedWith));
        List<DisconnectBatch> batches = new ArrayList<>();
        List<Connection> together = new ArrayList<>();
        Set<String> visits = new HashSet<>();
        for (Connection connection : byVisit) {
            int visitParts = (visits.size() + (visits.contains(connection.countedWith()) ? 0 : 1)) * counters;
            if (together.size() + 1 + visitParts + counters > MAX_PARTS) {
                batches.add(guess(together, change, at));
                together.clear();
                visits.clear();
            }
            together.add(connection);
            visits.add(connection.countedWith());
        }
        batches.add(guess(together, change, at));
        return batches;
    }

    private static DisconnectBatch guess(List<Connection> connections, Change change, Instant at) {
        List<String> counterIds = connections.get(0).countedIn();
        SortedMap<String, VisitEnd> ends = new TreeMap<>();
        countByVisit(connections).keySet().forEach(visit -> ends.put(visit, new VisitEnd(true, at)));
        return new DisconnectBatch(
                counterIds,
                List.copyOf(connections),
                counterIds.stream().map(counterId -> ends).toList(),
                change,
                at);
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

    /** How much {@code live} of a counter decreases, by the counter's place. */
    int liveDecrease(int counter, VisitRules rules) {
        SortedMap<String, VisitEnd> ofCounter = ends.get(counter);
        return countByVisit().entrySet().stream()
                .mapToInt(visit -> rules.liveDecrease(visit.getValue(), ofCounter.get(visit.getKey())))
                .sum();
    }

    /** The parts of the counters: they follow the connections and all visits. */
    List<Integer> counterParts(VisitRules rules) {
        int next = connections.size() + ends.stream().mapToInt(Map::size).sum();
        List<Integer> parts = new ArrayList<>();
        for (int counter = 0; counter < counterIds.size(); counter++) {
            parts.add(liveDecrease(counter, rules) > 0 ? next++ : CounterTransaction.NO_PART);
        }
        return parts;
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
     * Returns the batch corrected by a cancelled transaction: without rows that do not exist, and with the visits as
     * they are.
     */
    DisconnectBatch corrected(CancellationReasons cancellation, VisitRules rules) {
        List<Connection> remaining = IntStream.range(0, connections.size())
                .filter(part -> !cancellation.failed(part))
                .mapToObj(connections::get)
                .toList();
        SortedMap<String, Integer> counts = countByVisit(remaining);
        List<SortedMap<String, VisitEnd>> corrected = new ArrayList<>();
        int part = connections.size();
        for (SortedMap<String, VisitEnd> ofCounter : ends) {
            SortedMap<String, VisitEnd> correctedOfCounter = new TreeMap<>();
            for (var known : ofCounter.entrySet()) {
                VisitEnd end = cancellation.failed(part)
                        ? end(VisitItem.visit(cancellation.found(part)), counts.getOrDefault(known.getKey(), 0), rules)
                        : known.getValue();
                if (end != null) {
                    correctedOfCounter.put(known.getKey(), end);
                }
                part++;
            }
            corrected.add(correctedOfCounter);
        }
        return of(remaining, corrected);
    }

    private DisconnectBatch of(List<Connection> remaining, List<SortedMap<String, VisitEnd>> known) {
        Set<String> remainingVisits = countByVisit(remaining).keySet();
        List<SortedMap<String, VisitEnd>> remainingEnds = new ArrayList<>();
        for (SortedMap<String, VisitEnd> ofCounter : known) {
            SortedMap<String, VisitEnd> remainingOfCounter = new TreeMap<>(ofCounter);
            remainingOfCounter.keySet().retainAll(remainingVisits);
            remainingEnds.add(remainingOfCounter);
        }
        return new DisconnectBatch(counterIds, List.copyOf(remaining), List.copyOf(remainingEnds), change, at);
    }

    private @Nullable VisitEnd end(@Nullable Visit visit, int number, VisitRules rules) {
        return visit == null ? null : rules.end(visit, number, at);
    }
}
