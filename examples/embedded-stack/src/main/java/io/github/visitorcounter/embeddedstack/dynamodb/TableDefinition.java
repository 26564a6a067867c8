package io.github.visitorcounter.embeddedstack.dynamodb;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table to create when the stack starts. Immutable.
 *
 * @param request the table, its indexes and its stream, as for AWS
 * @param timeToLiveAttribute the number attribute that holds the time of expiry in epoch seconds, or null for none.
 *     DynamoDB Local deletes expired items within seconds (AWS: within days)
 * @since 0.1.0
 */
public record TableDefinition(
        CreateTableRequest request, @Nullable String timeToLiveAttribute) {

    private static final int MIN_NAME_LENGTH = 3;
    private static final int MAX_NAME_LENGTH = 255;

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if the table's name is not 3 to 255 letters, digits, '_', '-' or '.', or if the
     *     time-to-live attribute's name is empty or longer than 255 characters
     */
    public TableDefinition {
        String name = request.tableName();
        if (name == null || !name.matches("[a-zA-Z0-9_.-]{" + MIN_NAME_LENGTH + "," + MAX_NAME_LENGTH + "}")) {
            throw new IllegalArgumentException("table name '" + name
                    + "': a name has 3 to 255 characters, each a letter, a digit, '_', '-' or '.'");
        }
        if (timeToLiveAttribute != null
                && (timeToLiveAttribute.isEmpty() || timeToLiveAttribute.length() > MAX_NAME_LENGTH)) {
            throw new IllegalArgumentException("table '" + name + "': its time-to-live attribute '"
                    + timeToLiveAttribute + "' must have 1 to 255 characters");
        }
    }

    /**
     * A table without time to live.
     *
     * @param request the table, its indexes and its stream, as for AWS
     * @throws IllegalArgumentException if the table's name is not valid
     */
    public TableDefinition(CreateTableRequest request) {
        this(request, null);
    }

    /**
     * A table with a text key, billed on demand.
     *
     * @param name the table's name
     * @param key the name of its partition key
     * @throws IllegalArgumentException if the table's name is not valid
     */
    public static TableDefinition keyedBy(String name, String key) {
        return new TableDefinition(CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(attribute(key, ScalarAttributeType.S))
                .keySchema(key(key, KeyType.HASH))
                .build());
    }

    /**
     * This table with a stream.
     *
     * @param view the images in the stream's records
     */
    public TableDefinition withStream(StreamViewType view) {
        CreateTableRequest streaming = request.toBuilder()
                .streamSpecification(stream -> stream.streamEnabled(true).streamViewType(view))
                .build();
        return new TableDefinition(streaming, timeToLiveAttribute);
    }

    /**
     * This table with one more global secondary index, by a text and then a number. On AWS it is eventually consistent;
     * here it is never behind the table.
     *
     * @param name the index's name
     * @param partitionKey the text attribute that it is partitioned by
     * @param sortKey the number attribute that it is sorted by
     * @param nonKeyAttributes the projected attributes besides all keys, at least one
     */
    public TableDefinition withIndex(
            String name, String partitionKey, String sortKey, Collection<String> nonKeyAttributes) {
        Map<String, AttributeDefinition> attributes = new LinkedHashMap<>();
        request.attributeDefinitions().forEach(defined -> attributes.put(defined.attributeName(), defined));
        attributes.put(partitionKey, attribute(partitionKey, ScalarAttributeType.S));
        attributes.put(sortKey, attribute(sortKey, ScalarAttributeType.N));
        List<GlobalSecondaryIndex> indexes = new ArrayList<>(request.globalSecondaryIndexes());
        indexes.add(GlobalSecondaryIndex.builder()
                .indexName(name)
                .keySchema(key(partitionKey, KeyType.HASH), key(sortKey, KeyType.RANGE))
                .projection(projection ->
                        projection.projectionType(ProjectionType.INCLUDE).nonKeyAttributes(nonKeyAttributes))
                .build());
        CreateTableRequest indexed = request.toBuilder()
                .attributeDefinitions(attributes.values())
                .globalSecondaryIndexes(indexes)
                .build();
        return new TableDefinition(indexed, timeToLiveAttribute);
    }

    /**
     * This table with time to live.
     *
     * @param attribute the number attribute that holds the time of expiry in epoch seconds
     * @throws IllegalArgumentException if the attribute's name is empty or longer than 255 characters
     */
    public TableDefinition withTimeToLive(String attribute) {
        return new TableDefinition(request, attribute);
    }

    private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(type)
                .build();
    }

    private static KeySchemaElement key(String attribute, KeyType type) {
        return KeySchemaElement.builder().attributeName(attribute).keyType(type).build();
    }

    /** The table's name. */
    public String name() {
        return request.tableName();
    }
}
