package io.github.visitorcounter.simulation;

import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;

/** Changes the tables as an operator might, by mistake or in an emergency. */
final class OperatorErrors {

    private final SimulatedWorld world;
    private final MemoryDynamoDb tables;
    private final Gateway gateway;
    private final Invariants invariants;

    OperatorErrors(SimulatedWorld world, MemoryDynamoDb tables, Gateway gateway, Invariants invariants) {
        this.world = world;
        this.tables = tables;
        this.gateway = gateway;
        this.invariants = invariants;
    }

    /** Schedules the damage at a random time within so many microseconds. */
    void plan(Scenario.Damage damage, List<String> counters, long within) {
        long at = world.randomness().upTo(within / 1_000.0);
        switch (damage) {
            case NONE -> {}
            case EDITED ->
                world.scheduler().after(at, () -> edit(world.randomness().one(counters)));
            case LOST ->
                world.scheduler().after(at, () -> lose(world.randomness().one(counters)));
            case RESTORED -> world.scheduler().after(at / 2, () -> restoreAfter(at - at / 2));
        }
    }

    private void edit(String counterId) {
        Map<String, AttributeValue> item = tables.items(MemoryDynamoDb.COUNTS).get(counterId);
        if (item != null) {
            Map<String, AttributeValue> edited = Expressions.copy(item);
            edited.put(
                    "live",
                    AttributeValue.fromN(Integer.toString(world.randomness().between(0, 20))));
            invariants.damaged();
            tables.edit(MemoryDynamoDb.COUNTS, counterId, edited);
        }
    }

    private void lose(String counterId) {
        invariants.damaged();
        tables.edit(MemoryDynamoDb.COUNTS, counterId, null);
    }

    private void restoreAfter(long micros) {
        Map<String, NavigableMap<String, Map<String, AttributeValue>>> backup = Map.of(
                MemoryDynamoDb.CONNECTIONS, tables.items(MemoryDynamoDb.CONNECTIONS),
                MemoryDynamoDb.COUNTS, tables.items(MemoryDynamoDb.COUNTS));
        world.scheduler().after(micros, () -> {
            invariants.damaged();
            gateway.closeAll();
            invariants.editing(true);
            backup.forEach(this::restore);
            invariants.editing(false);
        });
    }

    private void restore(String table, Map<String, Map<String, AttributeValue>> items) {
        Set<String> keys = new HashSet<>(tables.items(table).keySet());
        keys.addAll(items.keySet());
        keys.stream().sorted().forEach(key -> tables.edit(table, key, items.get(key)));
    }
}
