package io.github.visitorcounter.embeddedstack.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.visitorcounter.embeddedstack.access.AccessControl.Attempt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Maps calls of DynamoDB to IAM's actions on tables and indexes. */
final class TableAccess {

    /** A transaction needs the permissions of its parts only. */
    private static final Map<String, String> TRANSACTION_PARTS = Map.of(
            "Put", "PutItem",
            "Update", "UpdateItem",
            "Delete", "DeleteItem",
            "ConditionCheck", "ConditionCheckItem",
            "Get", "GetItem");

    private final String tableArnPrefix;

    TableAccess(String region, String accountId) {
        this.tableArnPrefix = "arn:aws:dynamodb:" + region + ":" + accountId + ":table/";
    }

    List<Attempt> attempts(DataOperation operation, JsonNode input) {
        List<Attempt> attempts = new ArrayList<>();
        switch (operation) {
            case TransactGetItems, TransactWriteItems ->
                input.path("TransactItems").forEach(item -> item.fieldNames()
                        .forEachRemaining(part ->
                                attempts.add(attempt(TRANSACTION_PARTS.getOrDefault(part, part), item.path(part)))));
            case BatchGetItem, BatchWriteItem ->
                input.path("RequestItems")
                        .fieldNames()
                        .forEachRemaining(table -> attempts.add(attempt(operation.name(), table, "")));
            default -> attempts.add(attempt(operation.name(), input));
        }
        return attempts;
    }

    private Attempt attempt(String action, JsonNode input) {
        return attempt(
                action,
                input.path("TableName").asText(),
                input.path("IndexName").asText());
    }

    /** TableName may also be an ARN. */
    private Attempt attempt(String action, String table, String index) {
        String arn = table.startsWith("arn:") ? table : tableArnPrefix + table;
        return new Attempt("dynamodb:" + action, index.isEmpty() ? arn : arn + "/index/" + index);
    }
}
