package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.count.KnownShards;
import io.github.visitorcounter.internal.count.Shards;
import io.github.visitorcounter.internal.time.Deadline;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests which row the next attempt of a change takes, and when a counter grows, on scripted answers. */
class CounterWriterTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Deadline LATER = new Deadline(NOW.plusSeconds(60));
    private static final Shards EIGHT = new Shards(8, "x");
    private static final int VISIT = ConnectTransaction.visitPart(0);
    private static final int COUNTER = VISIT + 1;
    private static final String TRANSACTION = "transaction";
    private static final String GROWTH = "growth";

    private final Scripted dynamoDb = new Scripted();
    private final KnownShards known = new KnownShards();

    @Test
    void conflict_on_a_row_of_the_connection_or_visit_repeats_the_transaction_and_never_grows() {
        for (int i = 0; i < 30; i++) {
            dynamoDb.transactions.add(conflict(i % 2 == 0 ? ConnectTransaction.ROW : VISIT));
        }

        connect(EIGHT);

        assertThat(dynamoDb.tokens).hasSize(31);
        assertThat(dynamoDb.tokens.stream().distinct()).hasSize(1);
        assertThat(dynamoDb.calls).doesNotContain(GROWTH);
    }

    @Test
    void conflicts_on_a_row_of_the_connection_do_not_make_the_counter_busy() {
        Collections.addAll(
                dynamoDb.transactions,
                IntStream.range(0, 9)
                        .mapToObj(i -> conflict(ConnectTransaction.ROW))
                        .toArray(RuntimeException[]::new));
        dynamoDb.transactions.add(conflict(COUNTER));
        dynamoDb.changesBetweenReads = 0;

        connect(Shards.HOME_ONLY);

        assertThat(dynamoDb.calls).doesNotContain(GROWTH);
    }

    @Test
    void conflict_on_the_row_of_the_counter_changes_the_row() {
        dynamoDb.home = EIGHT;
        dynamoDb.transactions.add(conflict(COUNTER));
        dynamoDb.transactions.add(conflict(COUNTER));

        connect(EIGHT);

        assertThat(dynamoDb.rows).hasSize(3);
        assertThat(dynamoDb.rows.stream().distinct().count()).isGreaterThan(1);
    }

    @Test
    void row_and_token_stay_after_an_unknown_outcome() {
        dynamoDb.home = EIGHT;
        dynamoDb.transactions.add(ApiCallTimeoutException.create(2_000));
        dynamoDb.transactions.add(conflict(COUNTER));
        dynamoDb.transactions.add(conflict(COUNTER));

        connect(EIGHT);

        assertThat(dynamoDb.tokens).hasSize(4);
        assertThat(dynamoDb.tokens.stream().distinct()).hasSize(1);
    }

    @Test
    void rejected_growth_is_tried_again_before_the_next_transaction() {
        makeBusy();
        dynamoDb.growths.add(rejected());
        dynamoDb.growths.add(rejected());

        connect(Shards.HOME_ONLY);

        assertThat(dynamoDb.calls)
                .containsExactly(TRANSACTION, TRANSACTION, TRANSACTION, GROWTH, GROWTH, GROWTH, TRANSACTION);
    }

    @Test
    void transaction_is_tried_again_after_four_rejected_growths() {
        makeBusy();
        for (int i = 0; i < 4; i++) {
            dynamoDb.growths.add(rejected());
        }

        connect(Shards.HOME_ONLY);

        assertThat(dynamoDb.calls)
                .containsExactly(TRANSACTION, TRANSACTION, TRANSACTION, GROWTH, GROWTH, GROWTH, GROWTH, TRANSACTION);
        assertThat(dynamoDb.rows).containsOnly("site");
    }

    /** After two reads between three conflicts, the version shows that the counter is busy. */
    private void makeBusy() {
        for (int i = 0; i < 3; i++) {
            dynamoDb.transactions.add(conflict(COUNTER));
        }
    }

    private void connect(Shards seen) {
        known.learn("site", seen, NOW);
        new DynamoDbCounterStore(
                        dynamoDb, VisitorCounterConfig.builder().build(), known, InterleavingRun.timeSource(NOW))
                .addConnection(Connection.opened("a=", "site", NOW, "v"), LATER);
    }

    private static RuntimeException conflict(int conflicting) {
        return TransactionCanceledException.builder()
                .message("Transaction cancelled")
                .cancellationReasons(IntStream.rangeClosed(0, COUNTER)
                        .mapToObj(part -> CancellationReason.builder()
                                .code(part == conflicting ? "TransactionConflict" : "None")
                                .build())
                        .toList())
                .build();
    }

    private static RuntimeException rejected() {
        return TransactionConflictException.builder()
                .message("Transaction is ongoing for the item")
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("TransactionConflictException")
                        .build())
                .statusCode(400)
                .build();
    }

    /** Fails with the scripted failures, then succeeds. */
    private static final class Scripted implements DynamoDbClient {
        private final Deque<RuntimeException> transactions = new ArrayDeque<>();
        private final Deque<RuntimeException> growths = new ArrayDeque<>();
        private final List<String> calls = new ArrayList<>();
        private final List<String> tokens = new ArrayList<>();
        private final List<String> rows = new ArrayList<>();
        private Shards home = Shards.HOME_ONLY;
        private long version = 1_000;
        private long changesBetweenReads = 10;

        @Override
        public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
            calls.add(TRANSACTION);
            tokens.add(request.clientRequestToken());
            rows.add(CountItem.key(request.transactItems().get(COUNTER).update().key()));
            fail(transactions);
            return TransactWriteItemsResponse.builder().build();
        }

        @Override
        public UpdateItemResponse updateItem(UpdateItemRequest request) {
            calls.add(GROWTH);
            fail(growths);
            return UpdateItemResponse.builder().build();
        }

        @Override
        public GetItemResponse getItem(GetItemRequest request) {
            version += changesBetweenReads;
            return GetItemResponse.builder()
                    .item(
                            home.name() == null
                                    ? Map.of(CountItem.VERSION, ConnectionItem.number(version))
                                    : Map.of(
                                            CountItem.VERSION, ConnectionItem.number(version),
                                            CountItem.SHARDS, ConnectionItem.number(home.count()),
                                            CountItem.NAME, ConnectionItem.text(home.name())))
                    .build();
        }

        private static void fail(Deque<RuntimeException> failures) {
            if (!failures.isEmpty()) {
                throw failures.pop();
            }
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {
            // Holds no resources.
        }
    }
}
