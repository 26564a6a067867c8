package io.github.visitorcounter.benchmark.original;

import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.util.Map;
import java.util.stream.Stream;

/** The original's two tables. Its SDK client has the SDK's defaults, as the original's. */
final class OriginalTables {

    static final String CONNECTIONS = "ConnectionIDs";
    static final String COUNT = "VisitorCount";

    private static final Map<String, AttributeValue> SITE = Map.of("counterId", AttributeValue.fromS("site"));

    private final DynamoDbClient dynamoDb;

    private OriginalTables(DynamoDbClient dynamoDb) {
        this.dynamoDb = dynamoDb;
    }

    static OriginalTables ofEnvironment() {
        return new OriginalTables(DynamoDbClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build());
    }

    void putConnection(String connectionId) {
        dynamoDb.putItem(request -> request.tableName(CONNECTIONS).item(key(connectionId)));
    }

    void deleteConnection(String connectionId) {
        dynamoDb.deleteItem(request -> request.tableName(CONNECTIONS).key(key(connectionId)));
    }

    /**
     * Changes the counter by a plain increment, like the original, which has {@code total} only. {@code live} was added
     * so that the designs can be compared, and {@code version} so that the benchmark can measure the age of a number;
     * the original's page ignores it. {@code left} lets the stream's filter distinguish disconnects from connects.
     */
    void count(int total, int live) {
        dynamoDb.updateItem(request -> request.tableName(COUNT)
                .key(SITE)
                .updateExpression("ADD #total :total, live :live, version :one SET #left = :left")
                .expressionAttributeNames(Map.of("#total", "total", "#left", "left"))
                .expressionAttributeValues(Map.of(
                        ":total", number(total),
                        ":live", number(live),
                        ":one", number(1),
                        ":left", AttributeValue.fromS(live < 0 ? "yes" : "no"))));
    }

    /** Returns the message with the count. */
    String readCount() {
        Map<String, AttributeValue> count = dynamoDb.getItem(
                        request -> request.tableName(COUNT).key(SITE).consistentRead(true))
                .item();
        return "{\"type\":\"visitor-count\",\"counter\":\"site\",\"live\":" + number(count, "live") + ",\"total\":"
                + number(count, "total") + ",\"version\":" + number(count, "version") + "}";
    }

    /** Returns all connections, read page by page as the stream is consumed. */
    Stream<String> connectionIds() {
        return dynamoDb
                .scanPaginator(request -> request.tableName(CONNECTIONS).projectionExpression("connectionId"))
                .items()
                .stream()
                .flatMap(row -> row.values().stream())
                .map(AttributeValue::s);
    }

    private static Map<String, AttributeValue> key(String connectionId) {
        return Map.of("connectionId", AttributeValue.fromS(connectionId));
    }

    private static AttributeValue number(int value) {
        return AttributeValue.fromN(Integer.toString(value));
    }

    private static String number(Map<String, AttributeValue> count, String name) {
        return count.getOrDefault(name, number(0)).n();
    }
}
