package io.github.visitorcounter.aws;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Retry;
import io.github.visitorcounter.time.Timekeeper;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Writes transactions. Thread-safe. */
final class TransactionWriter {

    private final DynamoDbClient client;
    private final String what;
    private final Timekeeper timekeeper;
    private final Retry retry;

    TransactionWriter(DynamoDbClient client, String countTable, Timekeeper timekeeper) {
        this.client = client;
        this.what = "Counting in " + countTable;
        this.timekeeper = timekeeper;
        this.retry = AwsRetries.standard(timekeeper, TransactionWriter::mayPass);
    }

    /**
     * Writes a transaction, again and again while it meets others or throttling.
     *
     * @throws TransactionCanceledException if a condition failed: that is an answer
     * @throws ServiceUnavailableException if the time is over
     */
    void write(TransactWriteItemsRequest request, Deadline deadline) {
        // Who is answered may come again with another transaction, and another.
        if (deadline.hasPassed(timekeeper.now())) {
            throw new ServiceUnavailableException(
                    what + " did not succeed before the invocation's time was over", null);
        }
        retry.call(what, deadline, () -> client.transactWriteItems(request));
    }

    private static boolean mayPass(RuntimeException failure) {
        if (failure instanceof TransactionCanceledException cancelled) {
            return !Cancellation.of(cancelled).anyFailed();
        }
        return AwsFailures.isTransient(failure);
    }
}
