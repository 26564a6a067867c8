package io.github.visitorcounter.embeddedstack.dynamodb;

import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

import java.util.Arrays;
import java.util.List;

/** Tables with the partition key {@code id}. */
public final class TestTables {

    private TestTables() {}

    /** A table with a stream of both images. */
    public static CreateTableRequest streamed(String name) {
        return table(name, "id")
                .streamSpecification(
                        stream -> stream.streamEnabled(true).streamViewType(StreamViewType.NEW_AND_OLD_IMAGES))
                .build();
    }

    /** A table with the index {@code byCounter} on {@code counterId}, keys only, and no stream. */
    static CreateTableRequest indexed(String name) {
        return table(name, "id", "counterId")
                .globalSecondaryIndexes(GlobalSecondaryIndex.builder()
                        .indexName("byCounter")
                        .keySchema(partitionKey("counterId"))
                        .projection(projection -> projection.projectionType(ProjectionType.KEYS_ONLY))
                        .build())
                .build();
    }

    private static CreateTableRequest.Builder table(String name, String... attributes) {
        List<AttributeDefinition> definitions = Arrays.stream(attributes)
                .map(attribute -> AttributeDefinition.builder()
                        .attributeName(attribute)
                        .attributeType(ScalarAttributeType.S)
                        .build())
                .toList();
        return CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(definitions)
                .keySchema(partitionKey(attributes[0]));
    }

    private static KeySchemaElement partitionKey(String attribute) {
        return KeySchemaElement.builder()
                .attributeName(attribute)
                .keyType(KeyType.HASH)
                .build();
    }
}
