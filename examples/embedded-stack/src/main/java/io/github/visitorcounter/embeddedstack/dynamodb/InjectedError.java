package io.github.visitorcounter.embeddedstack.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The error documents that DynamoDB Local never sends by itself, worded as AWS words them. */
final class InjectedError {

    private static final String TYPE_PREFIX = "com.amazonaws.dynamodb.v20120810#";

    private InjectedError() {}

    static ObjectNode throttled() {
        return error(
                "ProvisionedThroughputExceededException",
                "message",
                "The level of configured provisioned throughput for the table was exceeded."
                        + " Consider increasing your provisioning level with the UpdateTable API.");
    }

    /**
     * A transaction that met another one on its last item.
     *
     * @param request the request of a {@code TransactWriteItems}
     */
    static ObjectNode conflict(JsonNode request) {
        int items = Math.max(1, request.path("TransactItems").size());
        List<String> codes = new ArrayList<>(Collections.nCopies(items, "None"));
        codes.set(items - 1, "TransactionConflict");
        ObjectNode error = error(
                "TransactionCanceledException",
                "Message",
                "Transaction cancelled, please refer cancellation reasons for specific reasons ["
                        + String.join(", ", codes) + "]");
        ArrayNode reasons = error.putArray("CancellationReasons");
        codes.forEach(code -> reasons.addObject().put("Code", code));
        ((ObjectNode) reasons.get(items - 1)).put("Message", "Transaction is ongoing for the item");
        return error;
    }

    /** A call that the caller's policy does not allow; this error has another prefix than the others. */
    static ObjectNode accessDenied(String message) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("__type", "com.amazon.coral.service#AccessDeniedException")
                .put("Message", message);
    }

    private static ObjectNode error(String type, String messageMember, String message) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("__type", TYPE_PREFIX + type)
                .put(messageMember, message);
    }
}
