package io.github.visitorcounter.embeddedstack.dynamodb;

import io.github.visitorcounter.embeddedstack.Await;
import io.github.visitorcounter.embeddedstack.TestAccess;
import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Requests of the SDK in conflict with ongoing transactions. */
@Timeout(60)
class ContentionIT {

    private static final String TABLE = "Counter";
    private static final Duration LONG = Duration.ofSeconds(2);

    private final RecordingMeter meter = new RecordingMeter();
    private DynamoDbServer server;
    private DynamoDbClient user;

    @BeforeEach
    void start() {
        server = DynamoDbServer.start(
                0, "eu-west-1", "000000000000", LONG, TestAccess.OPEN, new FaultInjector(new Random(1)), meter);
        try (DynamoDbClient own = server.client()) {
            TableCreation.create(own, List.of(new TableDefinition(TestTables.streamed(TABLE))));
        }
        user = DynamoDbClient.builder()
                .endpointOverride(server.endpoint())
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("user", "user")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(settings -> settings.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    @AfterEach
    void stop() {
        user.close();
        server.close();
    }

    @Test
    void requests_conflict_until_the_transaction_has_committed() throws Exception {
        CompletableFuture<Void> ongoing = CompletableFuture.runAsync(() -> transact("first", "site", "a"));
        // The first conflict proves that the transaction has locked its items.
        Await.until("a conflict", () -> {
            try {
                increment();
                return false;
            } catch (TransactionConflictException conflict) {
                assertThat(conflict.awsErrorDetails().errorMessage()).isEqualTo("Transaction is ongoing for the item");
                return true;
            }
        });

        TransactionCanceledException cancelled =
                catchThrowableOfType(TransactionCanceledException.class, () -> transact("second", "other", "site"));
        assertThat(cancelled.cancellationReasons())
                .extracting(CancellationReason::code)
                .containsExactly("None", "TransactionConflict");
        assertThatThrownBy(() -> transact("first", "site", "a")).isInstanceOf(TransactionInProgressException.class);
        user.getItem(request ->
                request.tableName(TABLE).key(Map.of("id", text("site"))).consistentRead(true));
        assertThat(ongoing).isNotDone();

        ongoing.get(20, TimeUnit.SECONDS);
        assertThat(user.getItem(request -> request.tableName(TABLE).key(Map.of("id", text("a"))))
                        .hasItem())
                .isTrue();
        increment();
        transact("first", "site", "a");
        assertThat(meter.conflicts()).contains(TABLE, TABLE);
    }

    @Test
    void a_transaction_that_fails_releases_its_items() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(
                            () -> user.transactWriteItems(request -> request.transactItems(TransactWriteItem.builder()
                                    .conditionCheck(check -> check.tableName(TABLE)
                                            .key(Map.of("id", text("nothing")))
                                            .conditionExpression("attribute_exists(id)"))
                                    .build())))
                    .isInstanceOfSatisfying(
                            TransactionCanceledException.class, cancelled -> assertThat(cancelled.cancellationReasons())
                                    .extracting(CancellationReason::code)
                                    .containsExactly("ConditionalCheckFailed"));
        }
    }

    private void increment() {
        user.updateItem(request -> request.tableName(TABLE)
                .key(Map.of("id", text("site")))
                .updateExpression("ADD live :one")
                .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1"))));
    }

    private void transact(String token, String first, String second) {
        user.transactWriteItems(request -> request.clientRequestToken(token).transactItems(put(first), put(second)));
    }

    private static TransactWriteItem put(String id) {
        return TransactWriteItem.builder()
                .put(put -> put.tableName(TABLE).item(Map.of("id", text(id))))
                .build();
    }

    private static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }
}
