package io.github.visitorcounter.embeddedstack.dynamodb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ConsumedCapacityTest {

    private static final String BIG = "x".repeat(2500);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1   | PutItem  | {}  | 200 | {'ConsumedCapacity': {'CapacityUnits': 1.0}}",
                "3   | PutItem  | {}  | 200 | {'ConsumedCapacity': {'CapacityUnits': 3.0, 'Table': {'CapacityUnits': 1.0}}}",
                "0.5 | GetItem  | {}  | 200 | {'ConsumedCapacity': {'CapacityUnits': 0.5}}",
                "0   | GetItem  | {}  | 200 | {}",
                "3   | BatchGetItem | {} | 200 | {'ConsumedCapacity': [{'CapacityUnits': 1.0}, {'CapacityUnits': 2.0}]}",
                // Two writes to one table, which DynamoDB Local counts as one.
                "4   | TransactWriteItems | {'TransactItems': [{'Put': {'Item': {}}}, {'Update': {}}]} | 200 | {'ConsumedCapacity': [{'CapacityUnits': 2.0}]}",
                "8   | TransactWriteItems | {'TransactItems': [{'Put': {'Item': {'d': {'S': 'BIG'}}}}, {'Update': {}}]} | 200 | {'ConsumedCapacity': [{'CapacityUnits': 2.0}]}",
                "6   | TransactWriteItems | {'TransactItems': [{'Put': {'Item': {}}}, {'Update': {}}]} | 200 | {'ConsumedCapacity': [{'CapacityUnits': 4.0, 'Table': {'CapacityUnits': 2.0}}]}",
                "6   | TransactWriteItems | {'TransactItems': [{'Delete': {}}]} | 200 | {'ConsumedCapacity': [{'CapacityUnits': 6.0}]}",
                // Errors
                "1   | PutItem  | {}  | 400 | {'__type': 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException'}",
                "0   | PutItem  | {}  | 400 | {'__type': 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException'}",
                "4   | TransactWriteItems | {'TransactItems': [{'Put': {}}, {'Update': {}}]} | 400 | {'__type': 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException'}",
                "0   | PutItem  | {}  | 500 | {}",
            })
    void counts_as_aws_bills(double units, DataOperation operation, String request, int status, String answer)
            throws JsonProcessingException {
        assertThat(ConsumedCapacity.units(operation, json(request), status, json(answer)))
                .isEqualTo(units);
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new JsonMapper().readTree(text.replace('\'', '"').replace("BIG", BIG));
    }
}
