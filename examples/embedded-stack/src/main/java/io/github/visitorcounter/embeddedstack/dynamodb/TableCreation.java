package io.github.visitorcounter.embeddedstack.dynamodb;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Creates tables, with their time to live.
 *
 * @since 0.1.0
 */
public final class TableCreation {

    private TableCreation() {}

    /**
     * Creates them.
     *
     * @param client of the database
     * @param tables the tables
     * @return the ARN of each table's stream by the table's name, for the tables that have one. Their region and
     *     account are DynamoDB Local's ({@code ddblocal})
     * @throws software.amazon.awssdk.services.dynamodb.model.DynamoDbException if a table exists already or its
     *     definition is rejected
     */
    public static Map<String, String> create(DynamoDbClient client, Collection<TableDefinition> tables) {
        Map<String, String> streamArns = new LinkedHashMap<>();
        for (TableDefinition table : tables) {
            TableDescription created = client.createTable(table.request()).tableDescription();
            String attribute = table.timeToLiveAttribute();
            if (attribute != null) {
                client.updateTimeToLive(request -> request.tableName(table.name())
                        .timeToLiveSpecification(ttl -> ttl.enabled(true).attributeName(attribute)));
            }
            if (created.latestStreamArn() != null) {
                streamArns.put(table.name(), created.latestStreamArn());
            }
        }
        return Map.copyOf(streamArns);
    }
}
