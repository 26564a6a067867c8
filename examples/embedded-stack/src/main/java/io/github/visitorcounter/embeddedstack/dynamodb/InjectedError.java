package io.github.visitorcounter.embeddedstack.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Error documents that DynamoDB Local does not send, with AWS's texts. */
final class InjectedError {

    private static final String TYPE_PREFIX = "com.amazonaws.dynamodb.v20120810#";

    static final String NONE = "None";
    static final String TRANSACTION_CONFLICT = "TransactionConflict";
    static final String THROTTLING_ERROR = "ThrottlingError";
    static final String THROUGHPUT_EXCEEDED = "ProvisionedThroughputExceeded";

    private static final String ONGOING = "Transaction is ongoing for the item";
    private static final String EXCEEDED = "The level of configured provisioned throughput for the table was exceeded."
            + " Consider increasing your provisioning level with the UpdateTable API.";
    private static final String HOT_KEY = "Throughput exceeds the current capacity of your table or index. DynamoDB is"
            + " automatically scaling your table or index so please try again shortly. If exceptions persist, check if you"
            + " have a hot key:"
            + " https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html";

    private InjectedError() {}

    static ObjectNode throttled() {
        return error("ProvisionedThroughputExceededException", "message", EXCEEDED);
    }

    /**
     * A write beyond the throughput of its item, in a table that is billed on demand; this error has a prefix of its
     * own.
     */
    static ObjectNode hotKey() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("__type", "com.amazon.coral.availability#ThrottlingException")
                .put("message", HOT_KEY);
    }

    /** A write of an item that is part of an ongoing transaction. */
    static ObjectNode transactionConflict() {
        return error("TransactionConflictException", "message", ONGOING);
    }

    /** A transaction with the token of another one that is ongoing. */
    static ObjectNode transactionInProgress() {
        return error(
                "TransactionInProgressException",
                "Message",
                "The transaction with the given request token is already in progress");
    }

    /**
     * A transaction in conflict with another one on its last item.
     *
     * @param request the request of a {@code TransactWriteItems}
     */
    static ObjectNode conflict(JsonNode request) {
        int items = Math.max(1, request.path("TransactItems").size());
        List<String> codes = new ArrayList<>(Collections.nCopies(items, NONE));
        codes.set(items - 1, TRANSACTION_CONFLICT);
        return canceled(codes);
    }

    /**
     * A cancelled transaction.
     *
     * @param codes the reason for each of its items, {@link #NONE} for items that are not the cause
     */
    static ObjectNode canceled(List<String> codes) {
        ObjectNode error = error(
                "TransactionCanceledException",
                "Message",
                "Transaction cancelled, please refer cancellation reasons for specific reasons ["
                        + String.join(", ", codes) + "]");
        ArrayNode reasons = error.putArray("CancellationReasons");
        for (String code : codes) {
            ObjectNode reason = reasons.addObject().put("Code", code);
            switch (code) {
                case TRANSACTION_CONFLICT -> reason.put("Message", ONGOING);
                case THROTTLING_ERROR -> reason.put("Message", HOT_KEY);
                case THROUGHPUT_EXCEEDED -> reason.put("Message", EXCEEDED);
                default -> {
                    // Not the cause.
                }
            }
        }
        return error;
    }

    /** A call that the caller's policy does not allow; the type of this error has a different prefix. */
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
