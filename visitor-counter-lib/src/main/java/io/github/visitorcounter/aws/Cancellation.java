package io.github.visitorcounter.aws;

import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

import java.util.List;
import java.util.Map;

/**
 * Why a transaction was cancelled.
 *
 * @param reasons one for each part, in the transaction's order
 */
record Cancellation(List<CancellationReason> reasons) {

    private static final String CONDITION_FAILED = "ConditionalCheckFailed";

    static Cancellation of(TransactionCanceledException cancelled) {
        return new Cancellation(cancelled.cancellationReasons());
    }

    /** Whether a part's condition failed. */
    boolean failed(int part) {
        return part < reasons.size() && hasFailed(reasons.get(part));
    }

    /** Whether any condition failed; otherwise it was a conflict with another transaction, or throttling. */
    boolean anyFailed() {
        return reasons.stream().anyMatch(Cancellation::hasFailed);
    }

    /** The item that made a part fail, where it asks to see it; empty when there was none. */
    Map<String, AttributeValue> found(int part) {
        return reasons.get(part).item();
    }

    private static boolean hasFailed(CancellationReason reason) {
        return CONDITION_FAILED.equals(reason.code());
    }
}
