package io.github.visitorcounter.embeddedstack.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

/**
 * What AWS would bill for a call. DynamoDB Local's own figures are right for single items, reads and indexes (measured
 * with 3.3.1), but it counts several writes of a transaction to the same table as one, and reports nothing for a write
 * that failed its condition, which AWS bills.
 *
 * <p>Not corrected: a repeated {@code ClientRequestToken} (AWS bills reads, counted here as writes), and items over 1
 * KB that a transaction of several items updates or deletes (their size is unknown here).
 */
final class ConsumedCapacity {

    private static final int WRITE_UNIT_BYTES = 1024;

    /** A transaction prepares and commits each item. */
    private static final int WRITES_PER_TRANSACTED_ITEM = 2;

    private ConsumedCapacity() {}

    /**
     * Returns the read or write units of a call.
     *
     * @param operation the call
     * @param request its request
     * @param status the HTTP status of its response
     * @param answer its response
     */
    static double units(DataOperation operation, JsonNode request, int status, JsonNode answer) {
        if (status == 200) {
            return succeeded(operation, request, answer.path("ConsumedCapacity"));
        }
        String type = answer.path("__type").asText();
        if (type.endsWith("#ConditionalCheckFailedException")) {
            return 1;
        }
        // AWS documents that a cancelled transaction consumes capacity, but not how much: it is counted in full.
        return type.endsWith("#TransactionCanceledException") && operation == DataOperation.TransactWriteItems
                ? transactedWrites(request)
                : 0;
    }

    private static double succeeded(DataOperation operation, JsonNode request, JsonNode consumed) {
        double total = 0;
        double onTables = 0;
        for (JsonNode one : consumed.isArray() ? consumed : List.of(consumed)) {
            double units = one.path("CapacityUnits").asDouble();
            total += units;
            onTables += one.path("Table").path("CapacityUnits").asDouble(units);
        }
        return operation == DataOperation.TransactWriteItems
                ? Math.max(onTables, transactedWrites(request)) + total - onTables
                : total;
    }

    private static double transactedWrites(JsonNode request) {
        double units = 0;
        for (JsonNode action : request.path("TransactItems")) {
            units += WRITES_PER_TRANSACTED_ITEM * writeUnits(action.path("Put"));
        }
        return units;
    }

    /**
     * The units of a plain write: one for each kilobyte begun of a {@code Put}'s item. The size of other items is not
     * known here: they count as one.
     *
     * @param action a request, or an action of a transaction
     */
    static int writeUnits(JsonNode action) {
        int bytes = itemBytes(action.path("Item"));
        return Math.max(1, (bytes + WRITE_UNIT_BYTES - 1) / WRITE_UNIT_BYTES);
    }

    /** Close to AWS's rule: names and values in UTF-8; numbers and structure are a little smaller on AWS. */
    private static int itemBytes(JsonNode item) {
        int bytes = 0;
        for (Iterator<String> names = item.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            bytes += utf8Length(name);
            for (JsonNode value : item.path(name)) {
                bytes += utf8Length(value.isTextual() ? value.asText() : value.toString());
            }
        }
        return bytes;
    }

    private static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
