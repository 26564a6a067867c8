package io.github.visitorcounter.internal.dynamodb;

import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The reasons why a transaction was cancelled.
 *
 * @param reasons one for each part, in the order of the transaction
 */
record CancellationReasons(List<CancellationReason> reasons) {

    private static final String CONDITION_FAILED = "ConditionalCheckFailed";
    private static final String CONFLICT = "TransactionConflict";

    static CancellationReasons of(TransactionCanceledException cancelled) {
        return new CancellationReasons(cancelled.cancellationReasons());
    }

    /** Whether the condition of a part failed. */
    boolean failed(int part) {
        return part < reasons.size() && hasFailed(reasons.get(part));
    }

    /** Whether conditions failed, all of them of these parts. */
    boolean failedOnly(Collection<Integer> parts) {
        return anyFailed()
                && IntStream.range(0, reasons.size()).noneMatch(part -> failed(part) && !parts.contains(part));
    }

    /** Whether a part conflicts with another transaction. */
    boolean conflicts(int part) {
        return part < reasons.size() && CONFLICT.equals(reasons.get(part).code());
    }

    /** Whether any part conflicts with another transaction. */
    boolean anyConflicts() {
        return reasons.stream().anyMatch(reason -> CONFLICT.equals(reason.code()));
    }

    /** Whether any condition failed. If not, the reason is a conflict or throttling. */
    boolean anyFailed() {
        return reasons.stream().anyMatch(CancellationReasons::hasFailed);
    }

    /** The item that failed the condition of a part that requests {@code ALL_OLD}; empty if the item does not exist. */
    Map<String, AttributeValue> found(int part) {
        return reasons.get(part).item();
    }

    private static boolean hasFailed(CancellationReason reason) {
        return CONDITION_FAILED.equals(reason.code());
    }
}
