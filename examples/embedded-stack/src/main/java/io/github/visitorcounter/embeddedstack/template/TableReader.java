package io.github.visitorcounter.embeddedstack.template;

import io.github.visitorcounter.embeddedstack.dynamodb.TableDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;

import java.util.List;

/** Reads {@code AWS::DynamoDB::Table}. */
final class TableReader {

    private TableReader() {}

    /** @throws IllegalArgumentException if the definition is invalid */
    static TableDefinition read(PropertyReader properties, String name) {
        properties.irrelevant("TableName", "BillingMode", "Tags");
        CreateTableRequest.Builder request = CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST) // Provisioned throughput is not emulated, and is reported.
                .attributeDefinitions(properties.objects("AttributeDefinitions").stream()
                        .map(attribute -> AttributeDefinition.builder()
                                .attributeName(attribute.required("AttributeName"))
                                .attributeType(attribute.required("AttributeType"))
                                .build())
                        .toList())
                .keySchema(keySchema(properties));
        List<GlobalSecondaryIndex> globalIndexes = properties.objects("GlobalSecondaryIndexes").stream()
                .map(index -> GlobalSecondaryIndex.builder()
                        .indexName(index.required("IndexName"))
                        .keySchema(keySchema(index))
                        .projection(projection(index))
                        .build())
                .toList();
        List<LocalSecondaryIndex> localIndexes = properties.objects("LocalSecondaryIndexes").stream()
                .map(index -> LocalSecondaryIndex.builder()
                        .indexName(index.required("IndexName"))
                        .keySchema(keySchema(index))
                        .projection(projection(index))
                        .build())
                .toList();
        if (!globalIndexes.isEmpty()) {
            request.globalSecondaryIndexes(globalIndexes);
        }
        if (!localIndexes.isEmpty()) {
            request.localSecondaryIndexes(localIndexes);
        }
        PropertyReader stream = properties.object("StreamSpecification");
        if (!stream.names().isEmpty()) {
            request.streamSpecification(StreamSpecification.builder()
                    .streamEnabled(true)
                    .streamViewType(stream.required("StreamViewType"))
                    .build());
        }
        TableDefinition table = new TableDefinition(request.build());
        PropertyReader timeToLive = properties.object("TimeToLiveSpecification");
        String attribute = timeToLive.text("AttributeName");
        return attribute != null && timeToLive.flag("Enabled", false) ? table.withTimeToLive(attribute) : table;
    }

    private static List<KeySchemaElement> keySchema(PropertyReader owner) {
        return owner.objects("KeySchema").stream()
                .map(key -> KeySchemaElement.builder()
                        .attributeName(key.required("AttributeName"))
                        .keyType(key.required("KeyType"))
                        .build())
                .toList();
    }

    private static Projection projection(PropertyReader index) {
        PropertyReader projection = index.object("Projection");
        List<String> attributes = projection.texts("NonKeyAttributes");
        Projection.Builder built = Projection.builder().projectionType(projection.required("ProjectionType"));
        return attributes.isEmpty()
                ? built.build()
                : built.nonKeyAttributes(attributes).build();
    }
}
