package io.github.visitorcounter.embeddedstack.dynamodb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.embeddedstack.dynamodb.ItemContention.Admission;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class ItemContentionTest {

    private static final Duration HELD = Duration.ofMillis(10);
    private static final String CONFLICT = "TransactionConflict";
    private static final JsonMapper JSON = new JsonMapper();

    private final MovableClock clock = new MovableClock();
    private final RecordingMeter meter = new RecordingMeter();
    private final ItemKeys keys = new ItemKeys();
    private ItemContention contention = new ItemContention(HELD, keys, clock, meter);

    @BeforeEach
    void tables() {
        keys.add(json("{'TableName': 'Counts', 'BillingMode': 'PAY_PER_REQUEST',"
                + " 'KeySchema': [{'AttributeName': 'id', 'KeyType': 'HASH'}]}"));
        keys.add(json("{'TableName': 'Rows', 'KeySchema': [{'AttributeName': 'id', 'KeyType': 'HASH'},"
                + " {'AttributeName': 'n', 'KeyType': 'RANGE'}]}"));
    }

    @Test
    void a_transaction_on_locked_items_is_cancelled_at_their_positions() {
        Admission first = transact("", put("Counts", "a"), update("Counts", "site"));
        Admission second =
                transact("", put("Counts", "b"), update("Counts", "site"), put("Counts", "c"), check("Counts", "a"));

        assertThat(first.rejection()).isNull();
        assertThat(first.duration()).isEqualTo(HELD);
        assertThat(codes(second)).containsExactly("None", CONFLICT, "None", CONFLICT);
        assertThat(second.rejection().path("Message").asText())
                .isEqualTo("Transaction cancelled, please refer cancellation reasons for specific reasons"
                        + " [None, TransactionConflict, None, TransactionConflict]");
        assertThat(second.rejection().at("/CancellationReasons/1/Message").asText())
                .isEqualTo("Transaction is ongoing for the item");
        assertThat(meter.conflicts()).containsExactly("Counts", "Counts");
        assertThat(transact("", put("Counts", "b")).rejection())
                .as("a cancelled transaction holds nothing")
                .isNull();
    }

    @Test
    void items_are_locked_until_the_transaction_ends() {
        for (boolean committed : new boolean[] {true, false}) {
            Admission first = transact("", update("Counts", "site"));
            assertThat(transact("", update("Counts", "site")).rejection()).isNotNull();
            first.ended(committed);
            Admission next = transact("", update("Counts", "site"));
            assertThat(next.rejection()).isNull();
            next.ended(true);
        }
    }

    @Test
    void items_are_released_after_the_duration() {
        Admission slow = transact("", update("Counts", "site"));
        slow.durationOver();
        Admission next = transact("", update("Counts", "site"));
        assertThat(next.rejection()).isNull();
        slow.ended(true);
        assertThat(transact("", update("Counts", "site")).rejection())
                .as("locked by the next transaction, whatever the first does")
                .isNotNull();
    }

    @Test
    void items_are_identified_by_table_and_whole_key() {
        transact("", put("Counts", "x"), row("Put", "Item", "x", 1));
        assertThat(transact("", row("Delete", "Key", "x", 2)).rejection()).isNull();
        assertThat(codes(transact("", row("Delete", "Key", "x", 1)))).containsExactly(CONFLICT);
        assertThat(codes(transact("", update("arn:aws:dynamodb:us-east-1:000000000000:table/Counts", "x"))))
                .containsExactly(CONFLICT);
    }

    @Test
    void a_plain_write_of_a_locked_item_conflicts() {
        transact("", update("Counts", "site"));
        JsonNode asked = update("Counts", "site").path("Update");
        for (DataOperation operation : List.of(DataOperation.UpdateItem, DataOperation.DeleteItem)) {
            assertThat(contention.admit(operation, asked).rejection())
                    .isEqualTo(json("{'__type': 'com.amazonaws.dynamodb.v20120810#TransactionConflictException',"
                            + " 'message': 'Transaction is ongoing for the item'}"));
        }
        assertThat(contention
                        .admit(DataOperation.PutItem, put("Counts", "site").path("Put"))
                        .rejection())
                .isNotNull();
        assertThat(contention
                        .admit(DataOperation.PutItem, put("Counts", "other").path("Put"))
                        .rejection())
                .isNull();
        assertThat(meter.conflicts()).hasSize(3);
    }

    @Test
    void only_transactional_reads_conflict() {
        transact("", update("Counts", "site"));
        JsonNode key = update("Counts", "site").path("Update");
        assertThat(contention.admit(DataOperation.GetItem, key).rejection()).isNull();
        assertThat(contention
                        .admit(DataOperation.Scan, json("{'TableName': 'Counts'}"))
                        .rejection())
                .isNull();
        JsonNode read = json("{'TransactItems': [{'Get': {'TableName': 'Counts', 'Key': {'id': {'S': 'other'}}}},"
                + " {'Get': {'TableName': 'Counts', 'Key': {'id': {'S': 'site'}}}}]}");
        assertThat(codes(contention.admit(DataOperation.TransactGetItems, read)))
                .containsExactly("None", CONFLICT);
    }

    @Test
    void a_repeated_token_is_in_progress_until_the_commit() {
        Admission first = transact("token", update("Counts", "site"));
        assertThat(transact("token", update("Counts", "site"))
                        .rejection()
                        .path("__type")
                        .asText())
                .endsWith("#TransactionInProgressException");
        first.ended(true);

        Admission other = transact("other", update("Counts", "site"));
        Admission repeated = transact("token", update("Counts", "site"));
        assertThat(repeated.rejection()).isNull();
        assertThat(repeated.duration()).isZero();
        repeated.ended(true);
        assertThat(transact("third", update("Counts", "site")).rejection())
                .as("still locked by the other transaction")
                .isNotNull();
        other.ended(true);

        clock.advance(Duration.ofMinutes(11));
        assertThat(transact("token", update("Counts", "site")).duration())
                .as("a token is forgotten after ten minutes")
                .isEqualTo(HELD);
    }

    @Test
    void a_token_can_be_reused_after_a_failure() {
        transact("token", update("Counts", "site")).ended(false);
        assertThat(transact("token", update("Counts", "site")).duration()).isEqualTo(HELD);
    }

    @Test
    void an_item_accepts_a_thousand_write_units_a_second() {
        for (int i = 0; i < 499; i++) {
            Admission transaction = transact("", update("Counts", "site"));
            assertThat(transaction.rejection()).as("transaction %d", i).isNull();
            transaction.ended(true);
        }
        JsonNode plain = update("Counts", "site").path("Update");
        assertThat(contention.admit(DataOperation.UpdateItem, plain).rejection())
                .isNull();
        assertThat(codes(transact("", put("Counts", "b"), update("Counts", "site"))))
                .containsExactly("None", "ThrottlingError");
        assertThat(contention.admit(DataOperation.UpdateItem, plain).rejection())
                .isNull();
        ObjectNode throttled = contention.admit(DataOperation.UpdateItem, plain).rejection();
        assertThat(throttled.path("__type").asText()).endsWith("#ThrottlingException");
        assertThat(throttled.path("message").asText())
                .startsWith("Throughput exceeds the current capacity of your table or index.");
        assertThat(contention
                        .admit(
                                DataOperation.UpdateItem,
                                update("Counts", "other").path("Update"))
                        .rejection())
                .as("another item")
                .isNull();

        clock.advance(Duration.ofSeconds(1));
        assertThat(contention.admit(DataOperation.UpdateItem, plain).rejection())
                .isNull();
        assertThat(meter.conflicts()).isEmpty();
    }

    @Test
    void a_provisioned_table_has_its_own_throttling_error() {
        JsonNode large = json("{'TableName': 'Rows', 'Item': {'id': {'S': 'x'}, 'n': {'N': '1'}, 'data': {'S': '"
                + "x".repeat(400_000) + "'}}}");
        assertThat(contention.admit(DataOperation.PutItem, large).rejection()).isNull();
        assertThat(contention.admit(DataOperation.PutItem, large).rejection()).isNull();
        assertThat(contention
                        .admit(DataOperation.PutItem, large)
                        .rejection()
                        .path("__type")
                        .asText())
                .endsWith("#ProvisionedThroughputExceededException");
        assertThat(codes(transact("", row("Put", "Item", "y", 1), wrapped("Put", large))))
                .containsExactly("None", "ProvisionedThroughputExceeded");
    }

    @Test
    void without_a_duration_nothing_is_locked() {
        contention = new ItemContention(Duration.ZERO, keys, clock, meter);
        assertThat(transact("token", update("Counts", "site")).duration()).isZero();
        assertThat(transact("other", update("Counts", "site")).rejection()).isNull();
        assertThat(transact("token", update("Counts", "site")).rejection()).isNull();
    }

    @Test
    void invalid_requests_are_passed_to_dynamodb() {
        for (String request : List.of(
                "{}",
                "{'TransactItems': [{}]}",
                "{'TransactItems': [{'Put': {'TableName': 'Nowhere', 'Item': {}}}]}",
                "{'TransactItems': [{'Put': {'TableName': 'Counts', 'Item': {'other': {'S': 'x'}}}}]}")) {
            assertThat(contention
                            .admit(DataOperation.TransactWriteItems, json(request))
                            .rejection())
                    .as(request)
                    .isNull();
        }
    }

    private Admission transact(String token, JsonNode... actions) {
        ObjectNode request = JSON.createObjectNode();
        if (!token.isEmpty()) {
            request.put("ClientRequestToken", token);
        }
        request.putArray("TransactItems").addAll(List.of(actions));
        return contention.admit(DataOperation.TransactWriteItems, request);
    }

    private static JsonNode put(String table, String id) {
        return json("{'Put': {'TableName': '" + table + "', 'Item': {'id': {'S': '" + id + "'}}}}");
    }

    private static JsonNode update(String table, String id) {
        return json("{'Update': {'TableName': '" + table + "', 'Key': {'id': {'S': '" + id + "'}}}}");
    }

    private static JsonNode check(String table, String id) {
        return json("{'ConditionCheck': {'TableName': '" + table + "', 'Key': {'id': {'S': '" + id + "'}}}}");
    }

    private static JsonNode row(String action, String member, String id, int n) {
        return json("{'" + action + "': {'TableName': 'Rows', '" + member + "': {'n': {'N': '" + n + "'}, 'id': {'S': '"
                + id + "'}}}}");
    }

    private static JsonNode wrapped(String action, JsonNode request) {
        return JSON.createObjectNode().set(action, request);
    }

    private static List<String> codes(Admission admission) {
        List<String> codes = new ArrayList<>();
        @Nullable ObjectNode rejection = admission.rejection();
        assertThat(rejection).isNotNull();
        assertThat(rejection.path("__type").asText()).endsWith("#TransactionCanceledException");
        rejection
                .path("CancellationReasons")
                .forEach(reason -> codes.add(reason.path("Code").asText()));
        return codes;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    private static final class MovableClock extends Clock {

        private Instant now = Instant.parse("2026-11-24T00:00:00Z");

        void advance(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
