package io.github.visitorcounter.simulation;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

import java.util.function.Supplier;

/** DynamoDB as called over a network, with throttling, conflicts, errors and lost answers. */
final class FaultyDynamoDb implements DynamoDbClient {

    private static final double TYPICAL_MILLIS = 4;

    /** The time from prepare to commit; AWS publishes no figure. */
    static final double TYPICAL_HOLD_MILLIS = 10;

    private static final int CALL_TIMEOUT_MILLIS = 2_000;
    private static final int LATEST_MILLIS = 4_000;

    private final SimulatedWorld world;
    private final MemoryDynamoDb tables;
    private final double holdMillis;

    FaultyDynamoDb(SimulatedWorld world, MemoryDynamoDb tables) {
        this(world, tables, TYPICAL_HOLD_MILLIS);
    }

    /** Creates a client whose transactions typically hold their items for so long. */
    FaultyDynamoDb(SimulatedWorld world, MemoryDynamoDb tables, double holdMillis) {
        this.world = world;
        this.tables = tables;
        this.holdMillis = holdMillis;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Holds no resources.
    }

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
        return call(consistently(request.consistentRead(), () -> tables.getItem(request)), FaultyDynamoDb::serverError);
    }

    /** If throttled, it may return some keys unprocessed. */
    @Override
    public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
        boolean consistent = request.requestItems().values().stream()
                .allMatch(wanted -> Boolean.TRUE.equals(wanted.consistentRead()));
        boolean leavesOut = world.injects(world.faults().rejected());
        Supplier<BatchGetItemResponse> read = leavesOut
                ? () -> BatchGetItemResponse.builder()
                        .unprocessedKeys(request.requestItems())
                        .build()
                : () -> tables.batchGetItem(request);
        BatchGetItemResponse response = call(consistently(consistent, read), FaultyDynamoDb::serverError);
        if (leavesOut) {
            world.invocation().callEnds(true);
        }
        return response;
    }

    @Override
    public PutItemResponse putItem(PutItemRequest request) {
        return call(() -> tables.putItem(request), FaultyDynamoDb::serverError);
    }

    @Override
    public DeleteItemResponse deleteItem(DeleteItemRequest request) {
        return call(() -> tables.deleteItem(request), FaultyDynamoDb::conflict);
    }

    /** Leases and wake-ups are not part of transactions, so their updates never conflict. */
    @Override
    public UpdateItemResponse updateItem(UpdateItemRequest request) {
        boolean lease = request.key().values().stream()
                .map(AttributeValue::s)
                .anyMatch(key -> key != null && (key.startsWith("lease#") || key.startsWith("wake#")));
        return call(() -> tables.updateItem(request), lease ? FaultyDynamoDb::serverError : FaultyDynamoDb::conflict);
    }

    @Override
    public ScanResponse scan(ScanRequest request) {
        return call(consistently(request.consistentRead(), () -> tables.scan(request)), FaultyDynamoDb::serverError);
    }

    @Override
    public QueryResponse query(QueryRequest request) {
        return call(consistently(request.consistentRead(), () -> tables.query(request)), FaultyDynamoDb::serverError);
    }

    @Override
    public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
        return call(
                () -> transact(request),
                () -> transactionConflict(request.transactItems().size()),
                () -> world.scheduler().after(world.randomness().upTo(LATEST_MILLIS), () -> carryOutLate(request)));
    }

    /** A request may still be executed after its caller has stopped waiting. */
    private void carryOutLate(TransactWriteItemsRequest request) {
        try {
            holding(request);
            world.log(() -> "a late transaction is carried out");
        } catch (DynamoDbException cancelled) {
            world.log(() -> "a late transaction is cancelled");
        }
    }

    /** The items are held until the commit, which happens even if the function has crashed. */
    private TransactWriteItemsResponse transact(TransactWriteItemsRequest request) {
        long micros = holding(request);
        world.scheduler().sleep(micros + 1);
        return TransactWriteItemsResponse.builder().build();
    }

    private long holding(TransactWriteItemsRequest request) {
        MemoryDynamoDb.Prepared prepared = tables.prepare(request);
        long micros = prepared.parts().isEmpty() ? 0 : world.randomness().around(holdMillis);
        world.scheduler().after(micros, () -> tables.commit(prepared));
        return micros;
    }

    /** An eventually consistent read may be up to a second old. */
    private <T> Supplier<T> consistently(@Nullable Boolean consistent, Supplier<T> read) {
        boolean lags = !Boolean.TRUE.equals(consistent) && world.randomness().chance(0.5);
        return lags
                ? () -> tables.asOf(
                        world.now().minusNanos(world.randomness().upTo(MemoryDynamoDb.LAG.toMillis()) * 1_000), read)
                : read;
    }

    private <T> T call(Supplier<T> effect, Supplier<RuntimeException> failure) {
        return call(effect, failure, () -> {});
    }

    private <T> T call(Supplier<T> effect, Supplier<RuntimeException> failure, Runnable late) {
        return world.tracked(() -> callWithFaults(effect, failure, late));
    }

    private <T> T callWithFaults(Supplier<T> effect, Supplier<RuntimeException> failure, Runnable late) {
        world.step();
        world.travel(TYPICAL_MILLIS);
        if (world.isOutage() || world.injects(world.faults().rejected())) {
            throw world.randomness().chance(0.5) ? throttled() : failure.get();
        }
        if (world.injects(world.faults().unanswered())) {
            throw unanswered(effect, late);
        }
        try {
            return effect.get();
        } finally {
            world.step();
            world.travel(TYPICAL_MILLIS);
        }
    }

    private RuntimeException unanswered(Supplier<?> effect, Runnable late) {
        if (world.randomness().chance(0.7)) {
            try {
                Object lostAnswer = effect.get();
                world.log(() -> "the answer gets lost: " + lostAnswer.getClass().getSimpleName());
            } catch (RuntimeException answer) {
                // The request is executed, but its answer is lost.
            }
        } else if (world.randomness().chance(0.5)) {
            late.run();
        }
        world.step();
        world.scheduler().sleep(world.randomness().upTo(CALL_TIMEOUT_MILLIS));
        world.log(() -> world.invocation().name() + " gets no answer of DynamoDB");
        return ApiCallTimeoutException.create(CALL_TIMEOUT_MILLIS);
    }

    private static RuntimeException throttled() {
        return ProvisionedThroughputExceededException.builder()
                .awsErrorDetails(code("ProvisionedThroughputExceededException"))
                .statusCode(400)
                .build();
    }

    private static RuntimeException serverError() {
        return InternalServerErrorException.builder()
                .awsErrorDetails(code("InternalServerError"))
                .statusCode(500)
                .build();
    }

    private static RuntimeException conflict() {
        return TransactionConflictException.builder()
                .awsErrorDetails(code("TransactionConflictException"))
                .statusCode(400)
                .build();
    }

    private static RuntimeException transactionConflict(int parts) {
        CancellationReason[] reasons = new CancellationReason[parts];
        for (int part = 0; part < parts; part++) {
            String code = part == parts - 1 ? "TransactionConflict" : "None";
            reasons[part] = CancellationReason.builder().code(code).build();
        }
        return TransactionCanceledException.builder()
                .cancellationReasons(reasons)
                .awsErrorDetails(code("TransactionCanceledException"))
                .statusCode(400)
                .build();
    }

    private static AwsErrorDetails code(String code) {
        return AwsErrorDetails.builder().errorCode(code).build();
    }
}
