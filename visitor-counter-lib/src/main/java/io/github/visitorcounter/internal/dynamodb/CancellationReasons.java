package io.github.visitorcounter.internal.dynamodb;

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
record CancellationReasons(List<CancellationReason> reasons) {

    private static final String CONDITION_FAILED = "ConditionalCheckFailed";
    private static final String CONFLICT = "TransactionConflict";

    static CancellationReasons of(TransactionCanceledException cancelled) {
        return new CancellationReasons(cancelled.cancellationReasons());
    }

    /** Whether a part's condition failed. */
    boolean failed(int part) {
        return part < reasons.size() && hasFailed(reasons.get(part));
    }

    /** Whether a part's condition failed, and all others hold. */
    boolean failedOnly(int part) {
        return failed(part)
                && reasons.stream().filter(CancellationReasons::hasFailed).count() == 1;
    }

    /** Whether a part met another transaction. */
    boolean conflicts(int part) {
        return part < reasons.size() && CONFLICT.equals(reasons.get(part).code());
    }

    /** Whether any part met another transaction. */
    boolean anyConflicts() {
        return reasons.stream().anyMatch(reason -> CONFLICT.equals(reason.code()));
    }

    /** Whether any condition failed; otherwise it was a conflict with another transaction, or throttling. */
    boolean anyFailed() {
        return reasons.stream().anyMatch(CancellationReasons::hasFailed);
    }

    /** The item that made a part fail, where it asks to see it; empty when there was none. */
    Map<String, AttributeValue> found(int part) {
        return reasons.get(part).item();
    }

    private static boolean hasFailed(CancellationReason reason) {
        return CONDITION_FAILED.equals(reason.code());
    }
}
