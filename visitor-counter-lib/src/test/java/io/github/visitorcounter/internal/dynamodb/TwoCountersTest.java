package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.count.KnownShards;
import io.github.visitorcounter.internal.count.Shards;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.time.Deadline;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** Which rows the attempts of a connect use that is counted in its counter and in the site counter. */
class TwoCountersTest {

    private static final String COUNTER = "page:1";
    private static final String SITE = "site";
    private static final Shards EIGHT = new Shards(8, "name");
    private static final int OF_COUNTER = 2;
    private static final int VISIT_OF_SITE = 3;
    private static final int OF_SITE = 4;

    private final ManualTimeSource time = new ManualTimeSource();
    private final KnownShards known = new KnownShards();
    private final ScriptedDynamoDb tables = new ScriptedDynamoDb();

    @Test
    void conflict_moves_only_the_counter_that_conflicts() {
        eightRows(COUNTER);
        eightRows(SITE);
        tables.script.add(conflict(OF_SITE));
        tables.script.add(conflict(OF_COUNTER));
        tables.script.add(conflict(OF_COUNTER, OF_SITE));

        connect();

        assertThat(tables.moves(OF_COUNTER)).containsExactly(false, true, true);
        assertThat(tables.moves(OF_SITE)).containsExactly(true, false, true);
        assertThat(tables.tokens()).doesNotHaveDuplicates();
    }

    @Test
    void conflict_of_another_row_repeats_the_same_transaction() {
        eightRows(COUNTER);
        eightRows(SITE);
        tables.script.add(conflict(0));
        tables.script.add(conflict(VISIT_OF_SITE));

        connect();

        assertThat(tables.moves(OF_COUNTER)).containsOnly(false);
        assertThat(tables.moves(OF_SITE)).containsOnly(false);
        assertThat(tables.tokens()).hasSize(3).containsOnly(tables.tokens().get(0));
    }

    @Test
    void both_rows_stay_after_an_unknown_outcome() {
        eightRows(COUNTER);
        eightRows(SITE);
        tables.script.add(ApiCallTimeoutException.create(2_000));
        tables.script.add(conflict(OF_SITE));
        tables.script.add(conflict(OF_COUNTER));

        connect();

        assertThat(tables.tokens()).hasSize(4).containsOnly(tables.tokens().get(0));
    }

    @Test
    void closed_rows_are_replaced_separately() {
        known.learn(COUNTER, EIGHT, time.now());
        known.learn(SITE, EIGHT, time.now());
        tables.homes.put(COUNTER, new Shards(8, "newer"));
        tables.script.add(ApiCallTimeoutException.create(2_000));
        tables.script.add(closed(OF_COUNTER));
        tables.script.add(closed(OF_SITE));
        tables.script.add(conflict(OF_SITE));

        connect();

        assertThat(tables.keys(OF_COUNTER).get(1)).contains("#name#");
        assertThat(tables.keys(OF_COUNTER).get(2)).doesNotContain("#name#");
        assertThat(tables.keys(OF_SITE).get(2)).contains("#name#");
        assertThat(tables.keys(OF_SITE).get(3)).isEqualTo(SITE);
        assertThat(tables.moves(OF_COUNTER)).containsExactly(false, true, false, false);
    }

    @Test
    void only_the_busy_counter_grows() {
        for (int i = 0; i < 11; i++) {
            tables.script.add(conflict(OF_SITE));
        }

        connect();

        assertThat(tables.grown).containsExactly(SITE);
        assertThat(tables.keys(OF_COUNTER)).containsOnly(COUNTER);
        assertThat(known.of(SITE).count()).isEqualTo(8);
        assertThat(known.of(COUNTER).count()).isEqualTo(1);
    }

    @Test
    void limit_does_not_restrict_the_growth_of_the_site() {
        eightRows(SITE);
        for (int i = 0; i < 11; i++) {
            tables.script.add(conflict(OF_SITE));
        }

        connect(VisitorCounterConfig.builder().set(Setting.MAX_LIVE, 100));

        assertThat(known.of(SITE).count()).isEqualTo(64);
        assertThat(tables.requests
                        .get(0)
                        .transactItems()
                        .get(OF_COUNTER)
                        .update()
                        .conditionExpression())
                .contains("#live < :part");
        assertThat(tables.requests.get(0).transactItems().get(OF_SITE).update().conditionExpression())
                .doesNotContain("#live < :part");
    }

    private void connect() {
        connect(VisitorCounterConfig.builder());
    }

    private void connect(VisitorCounterConfig.Builder config) {
        new DynamoDbCounterStore(
                        tables.client(), config.set(Setting.SITE_COUNTER, SITE).build(), known, time)
                .addConnection(
                        Connection.opened("L0SM9cOFvHcCIhw=", COUNTER, time.now(), "v")
                                .withSiteCounter(SITE),
                        new Deadline(time.now().plus(Duration.ofSeconds(10))));
    }

    private void eightRows(String counterId) {
        known.learn(counterId, EIGHT, time.now());
        tables.homes.put(counterId, EIGHT);
    }

    private static RuntimeException conflict(Integer... parts) {
        return cancelled("TransactionConflict", Map.of(), parts);
    }

    private static RuntimeException closed(Integer part) {
        return cancelled("ConditionalCheckFailed", Map.of("closedAt", AttributeValue.fromN("1")), part);
    }

    private static RuntimeException cancelled(String code, Map<String, AttributeValue> item, Integer... parts) {
        List<CancellationReason> reasons = new ArrayList<>();
        for (int part = 0; part <= OF_SITE; part++) {
            reasons.add(CancellationReason.builder()
                    .code(Arrays.asList(parts).contains(part) ? code : "None")
                    .item(item)
                    .build());
        }
        return TransactionCanceledException.builder()
                .message("Transaction cancelled")
                .cancellationReasons(reasons)
                .build();
    }

    /** Answers transactions as scripted, then with success, and home rows with the given shards. */
    private static final class ScriptedDynamoDb {

        private final Deque<RuntimeException> script = new ArrayDeque<>();
        private final Map<String, Shards> homes = new HashMap<>();
        private final List<TransactWriteItemsRequest> requests = new ArrayList<>();
        private final Collection<String> grown = new ArrayList<>();

        DynamoDbClient client() {
            return new DynamoDbClient() {
                @Override
                public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
                    requests.add(request);
                    RuntimeException failure = script.poll();
                    if (failure != null) {
                        throw failure;
                    }
                    return TransactWriteItemsResponse.builder().build();
                }

                @Override
                public GetItemResponse getItem(GetItemRequest request) {
                    String counterId = CountItem.key(request.key());
                    Shards shards = homes.getOrDefault(counterId, Shards.HOME_ONLY);
                    Map<String, AttributeValue> item = new HashMap<>(request.key());
                    item.put(CountItem.VERSION, ConnectionItem.number(7));
                    if (shards.name() != null) {
                        item.put(CountItem.SHARDS, ConnectionItem.number(shards.count()));
                        item.put(CountItem.NAME, ConnectionItem.text(shards.name()));
                    }
                    return GetItemResponse.builder().item(item).build();
                }

                @Override
                public UpdateItemResponse updateItem(UpdateItemRequest request) {
                    String counterId = CountItem.key(request.key());
                    grown.add(counterId);
                    homes.put(
                            counterId,
                            new Shards(
                                    Integer.parseInt(request.expressionAttributeValues()
                                            .get(":count")
                                            .n()),
                                    request.expressionAttributeValues()
                                            .get(":name")
                                            .s()));
                    return UpdateItemResponse.builder().build();
                }

                @Override
                public String serviceName() {
                    return SERVICE_NAME;
                }

                @Override
                public void close() {
                    // Holds no resources.
                }
            };
        }

        List<String> keys(int part) {
            return requests.stream()
                    .map(request -> CountItem.key(
                            request.transactItems().get(part).update().key()))
                    .toList();
        }

        /** Whether each attempt after the first uses another row than the one before it. */
        List<Boolean> moves(int part) {
            List<String> keys = keys(part);
            List<Boolean> moves = new ArrayList<>();
            for (int i = 1; i < keys.size(); i++) {
                moves.add(!keys.get(i).equals(keys.get(i - 1)));
            }
            return moves;
        }

        List<String> tokens() {
            return requests.stream()
                    .map(TransactWriteItemsRequest::clientRequestToken)
                    .toList();
        }
    }
}
