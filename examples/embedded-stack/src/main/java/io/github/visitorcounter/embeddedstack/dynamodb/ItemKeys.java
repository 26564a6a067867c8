package io.github.visitorcounter.embeddedstack.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Finds the item of a request by the key schema of its table. Thread-safe. */
final class ItemKeys {

    private final Map<String, Table> tables = new ConcurrentHashMap<>();

    /**
     * Adds a table unless it is known.
     *
     * @param createTable the request that creates it
     */
    void addIfAbsent(JsonNode createTable) {
        tables.putIfAbsent(createTable.path("TableName").asText(), table(createTable));
    }

    /**
     * Adds a table, or replaces one that has been deleted.
     *
     * @param createTable the request that created it
     */
    void add(JsonNode createTable) {
        tables.put(createTable.path("TableName").asText(), table(createTable));
    }

    private static Table table(JsonNode createTable) {
        List<String> attributes = new ArrayList<>();
        createTable
                .path("KeySchema")
                .forEach(element -> attributes.add(element.path("AttributeName").asText()));
        return new Table(
                List.copyOf(attributes),
                createTable.path("BillingMode").asText().equals("PAY_PER_REQUEST"));
    }

    /**
     * An item of a table.
     *
     * @param table the table's name
     * @param onDemand whether the table is billed by request
     * @param key the values of the key's attributes in the order of the table's key schema
     */
    record Item(String table, boolean onDemand, List<JsonNode> key) {}

    private record Table(List<String> keyAttributes, boolean onDemand) {}

    /**
     * Returns the item of an action.
     *
     * @param action a {@code Put} with its {@code Item}, or another action with its {@code Key}
     * @return null if the request is invalid; DynamoDB Local then rejects it
     */
    @Nullable
    Item of(JsonNode action) {
        // TableName may also be an ARN.
        String name = action.path("TableName").asText().replaceFirst("^arn:.*:table/", "");
        Table table = tables.get(name);
        JsonNode attributes = action.has("Item") ? action.path("Item") : action.path("Key");
        if (table == null || !attributes.isObject()) {
            return null;
        }
        List<JsonNode> key = new ArrayList<>();
        for (String attribute : table.keyAttributes()) {
            JsonNode value = attributes.get(attribute);
            if (value == null) {
                return null;
            }
            key.add(value);
        }
        return new Item(name, table.onDemand(), List.copyOf(key));
    }
}
