package io.github.visitorcounter.benchmark.pass;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Rows in the tables, as if visitors had connected. The original ignores the attributes that it does not have. */
public final class ConnectionRows {

    private static final int BATCH = 25;
    private static final Duration OLD = Duration.ofMinutes(1);
    private static final Duration LIFETIME = Duration.ofHours(2);

    private final DynamoDbClient dynamoDb;
    private int written;

    /** Creates an instance for tables that have no such rows. */
    public ConnectionRows(DynamoDbClient dynamoDb) {
        this.dynamoDb = dynamoDb;
    }

    /** As long as API Gateway's ids. */
    static String id(int number) {
        return Base64.getEncoder().encodeToString(String.format("%011d", number).getBytes(StandardCharsets.US_ASCII));
    }

    /** Adds rows up to this number. */
    public void fill(int connections) {
        if (connections < written) {
            throw new IllegalArgumentException("Sizes must grow: there are " + written + " rows already");
        }
        while (written < connections) {
            List<WriteRequest> batch = new ArrayList<>();
            for (; batch.size() < BATCH && written < connections; written++) {
                batch.add(WriteRequest.builder()
                        .putRequest(PutRequest.builder().item(row(written)).build())
                        .build());
            }
            dynamoDb.batchWriteItem(request -> request.requestItems(Map.of("ConnectionIDs", batch)));
        }
        change(connections);
    }

    /**
     * Writes a new version of the count, in which pages see a difference; without {@code lastChange} and {@code left},
     * it invokes no function.
     */
    public void change(int live) {
        dynamoDb.updateItem(request -> request.tableName("VisitorCount")
                .key(Map.of("counterId", AttributeValue.fromS("site")))
                .updateExpression("SET live = :live ADD version :one, #total :one")
                .expressionAttributeNames(Map.of("#total", "total"))
                .expressionAttributeValues(Map.of(":live", number(live), ":one", number(1))));
    }

    private static Map<String, AttributeValue> row(int number) {
        Instant connectedAt = Instant.now().minus(OLD);
        return Map.of(
                "connectionId", AttributeValue.fromS(id(number)),
                "counterId", AttributeValue.fromS("site"),
                "connectedAt", number(connectedAt.toEpochMilli()),
                "expiresAt", number(connectedAt.plus(LIFETIME).getEpochSecond()));
    }

    private static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }
}
