package io.github.visitorcounter.embeddedstack.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.util.List;

/** Reads a function's response if {@code ReportBatchItemFailures} is on. */
final class BatchResponse {

    private static final JsonMapper JSON = new JsonMapper();

    private BatchResponse() {}

    /**
     * Returns how many records of the batch, from its first, were processed: those before the lowest sequence number in
     * the response. All, if the response contains none; none, if one is empty, null or not in the batch, or if the
     * response is not JSON.
     *
     * @param payload the function's response
     * @param batch the records of the invocation
     */
    static int processed(String payload, List<StreamRecord> batch) {
        JsonNode failures;
        try {
            failures = JSON.readTree(payload).path("batchItemFailures");
        } catch (JsonProcessingException notJson) {
            return 0;
        }
        if (!failures.isArray()) {
            return failures.isMissingNode() || failures.isNull() ? batch.size() : 0;
        }
        int processed = batch.size();
        for (JsonNode failure : failures) {
            processed = Math.min(processed, Math.max(0, indexOf(failure.path("itemIdentifier"), batch)));
        }
        return processed;
    }

    private static int indexOf(JsonNode identifier, List<StreamRecord> batch) {
        for (int i = 0; i < batch.size(); i++) {
            if (identifier.isTextual() && batch.get(i).sequenceNumber().equals(identifier.asText())) {
                return i;
            }
        }
        return -1;
    }
}
