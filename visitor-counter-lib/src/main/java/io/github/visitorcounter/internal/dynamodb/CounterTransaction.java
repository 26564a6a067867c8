package io.github.visitorcounter.internal.dynamodb;

import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

import java.util.List;
import java.util.function.Function;

/**
 * A transaction that changes one row of each of some counters.
 *
 * @param request builds it for a choice of rows, one for each counter
 * @param counterParts the part of each counter's row, in the same order; {@link #NO_PART} for a counter that it does
 *     not change
 */
record CounterTransaction(Function<List<CounterRow>, TransactWriteItemsRequest> request, List<Integer> counterParts) {

    /** More than the parts of any transaction. */
    static final int NO_PART = Integer.MAX_VALUE;
}
