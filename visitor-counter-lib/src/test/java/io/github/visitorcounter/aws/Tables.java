package io.github.visitorcounter.aws;

import io.github.visitorcounter.localstack.dynamodb.TableDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** The two tables. */
final class Tables {

    static final TableDefinition CONNECTIONS = table("ConnectionIDs", "connectionId");
    static final TableDefinition COUNTS = table("VisitorCount", "counterId");

    private Tables() {}

    private static TableDefinition table(String name, String key) {
        return new TableDefinition(CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(AttributeDefinition.builder()
                        .attributeName(key)
                        .attributeType(ScalarAttributeType.S)
                        .build())
                .keySchema(KeySchemaElement.builder()
                        .attributeName(key)
                        .keyType(KeyType.HASH)
                        .build())
                .build());
    }
}
