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

/** DynamoDB as a function sees it: at the other end of a network, with throttling, conflicts, errors and lost answers. */
final class FaultyDynamoDb implements DynamoDbClient {

    private static final double TYPICAL_MILLIS = 4;

    /** From prepare to commit; AWS publishes no figure. */
    static final double TYPICAL_HOLD_MILLIS = 10;

    private static final int CALL_TIMEOUT_MILLIS = 2_000;
    private static final int LATEST_MILLIS = 4_000;

    private final SimulatedWorld world;
    private final MemoryDynamoDb tables;
    private final double holdMillis;

    FaultyDynamoDb(SimulatedWorld world, MemoryDynamoDb tables) {
        this(world, tables, TYPICAL_HOLD_MILLIS);
    }

    /** With transactions that hold their items for so long, typically. */
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
        // Nothing is open.
    }

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
        return call(consistently(request.consistentRead(), () -> tables.getItem(request)), FaultyDynamoDb::serverError);
    }

    /** Throttled, it may leave some keys out. */
    @Override
    public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
        boolean consistent = request.requestItems().values().stream()
                .allMatch(wanted -> Boolean.TRUE.equals(wanted.consistentRead()));
        boolean leavesOut = world.injects(world.troubles().rejected());
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

    /** Leases and wake-ups are in no transaction, so their updates meet no conflict. */
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
                () -> world.scheduler().after(world.dice().upTo(LATEST_MILLIS), () -> carryOutLate(request)));
    }

    /** A request that was sent may be carried out when nobody waits for it any more. */
    private void carryOutLate(TransactWriteItemsRequest request) {
        try {
            holding(request);
            world.log(() -> "a late transaction is carried out");
        } catch (DynamoDbException cancelled) {
            world.log(() -> "a late transaction is cancelled");
        }
    }

    /** The items are held from now until the commit, which comes whether or not the function is still there. */
    private TransactWriteItemsResponse transact(TransactWriteItemsRequest request) {
        long micros = holding(request);
        world.scheduler().sleep(micros + 1);
        return TransactWriteItemsResponse.builder().build();
    }

    private long holding(TransactWriteItemsRequest request) {
        MemoryDynamoDb.Prepared prepared = tables.prepare(request);
        long micros = prepared.parts().isEmpty() ? 0 : world.dice().around(holdMillis);
        world.scheduler().after(micros, () -> tables.commit(prepared));
        return micros;
    }

    /** Without strong consistency, an answer may be up to a second old. */
    private <T> Supplier<T> consistently(@Nullable Boolean consistent, Supplier<T> read) {
        boolean lags = !Boolean.TRUE.equals(consistent) && world.dice().chance(0.5);
        return lags
                ? () -> tables.asOf(
                        world.now().minusNanos(world.dice().upTo(MemoryDynamoDb.LAG.toMillis()) * 1_000), read)
                : read;
    }

    private <T> T call(Supplier<T> effect, Supplier<RuntimeException> trouble) {
        return call(effect, trouble, () -> {});
    }

    private <T> T call(Supplier<T> effect, Supplier<RuntimeException> trouble, Runnable late) {
        return world.tracked(() -> troubled(effect, trouble, late));
    }

    private <T> T troubled(Supplier<T> effect, Supplier<RuntimeException> trouble, Runnable late) {
        world.step();
        world.travel(TYPICAL_MILLIS);
        if (world.isOutage() || world.injects(world.troubles().rejected())) {
            throw world.dice().chance(0.5) ? throttled() : trouble.get();
        }
        if (world.injects(world.troubles().unanswered())) {
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
        if (world.dice().chance(0.7)) {
            try {
                Object unheard = effect.get();
                world.log(() -> "the answer gets lost: " + unheard.getClass().getSimpleName());
            } catch (RuntimeException answer) {
                // It is on its way, and will not arrive.
            }
        } else if (world.dice().chance(0.5)) {
            late.run();
        }
        world.step();
        world.scheduler().sleep(world.dice().upTo(CALL_TIMEOUT_MILLIS));
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
