package io.github.visitorcounter.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.lease.Lease;
import io.github.visitorcounter.internal.connection.PageRequest;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.dynamodb.SimulatedAdapters;
import io.github.visitorcounter.internal.reconcile.ReconcileProgress;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.time.Deadline;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tables that an earlier version has written are read by this one: docs/compatibility.md. A file of
 * {@code src/test/resources/tables} is never changed after its version was released; a version that writes other
 * attributes adds a file.
 */
class PreviousLayoutTest {

    private static final Instant NOW = Instant.parse("2026-12-01T08:00:05Z");
    private static final Deadline DEADLINE = new Deadline(NOW.plusSeconds(10));
    private static final VisitorCount BEFORE =
            new VisitorCount("site", 2, 127, 1_796_000_000_000_150L, Instant.ofEpochMilli(1_796_112_002_000L));

    private final ManualTimeSource timeSource = at(NOW);
    private final MemoryDynamoDb tables = load("0.1.0");
    private final SimulatedAdapters adapters = new SimulatedAdapters(tables, null, timeSource, 10);
    private final CounterStore counters =
            adapters.counters(VisitorCounterConfig.builder().build());

    private static ManualTimeSource at(Instant time) {
        ManualTimeSource timeSource = new ManualTimeSource();
        timeSource.sleep(Duration.between(timeSource.now(), time));
        return timeSource;
    }

    private MemoryDynamoDb load(String version) {
        MemoryDynamoDb dynamoDb = MemoryDynamoDb.withTables(timeSource::now, MemoryDynamoDb.NO_LISTENER);
        JsonNode file = Json.tree(text("/tables/" + version + ".json"));
        for (String table : List.of(MemoryDynamoDb.CONNECTIONS, MemoryDynamoDb.COUNTS)) {
            String key = table.equals(MemoryDynamoDb.COUNTS) ? "counterId" : "connectionId";
            assertThat(file.path(table)).isNotEmpty();
            for (JsonNode row : file.path(table)) {
                dynamoDb.edit(table, row.path(key).path("S").textValue(), item(row));
            }
        }
        return dynamoDb;
    }

    private static String text(String resource) {
        try (InputStream file = PreviousLayoutTest.class.getResourceAsStream(resource)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static Map<String, AttributeValue> item(JsonNode row) {
        Map<String, AttributeValue> item = new HashMap<>();
        row.fieldNames().forEachRemaining(name -> item.put(name, value(row.get(name))));
        return item;
    }

    private static AttributeValue value(JsonNode value) {
        if (value.has("L")) {
            List<AttributeValue> elements = value.findValuesAsText("S").stream()
                    .map(AttributeValue::fromS)
                    .toList();
            return AttributeValue.fromL(elements);
        }
        return value.has("N")
                ? AttributeValue.fromN(value.get("N").textValue())
                : AttributeValue.fromS(value.get("S").textValue());
    }

    @Test
    void a_counter_is_the_sum_of_its_rows() {
        assertThat(counters.read("site", DEADLINE)).isEqualTo(BEFORE);
    }

    @Test
    void a_connection_leaves_its_visit() {
        remove("tab-1=");
        assertThat(counters.read("site", DEADLINE).live()).isEqualTo(2);

        remove("tab-2=");
        assertThat(counters.read("site", DEADLINE).live()).isEqualTo(1);

        remove("alone=");
        assertThat(counters.read("site", DEADLINE))
                .isEqualTo(new VisitorCount("site", 0, 127, BEFORE.version() + 2, NOW));
    }

    private void remove(String connectionId) {
        assertThat(counters.removeConnections(List.of(connectionId), Change.DISCONNECT, NOW, DEADLINE))
                .hasSize(1);
    }

    @Test
    void a_visit_is_resumed() {
        counters.addConnection(Connection.opened("again=", "site", NOW, "v-2"), DEADLINE);

        assertThat(counters.read("site", DEADLINE))
                .isEqualTo(new VisitorCount("site", 3, 127, BEFORE.version() + 1, NOW));
    }

    @Test
    void connections_are_sent_the_count() {
        assertThat(adapters.connections(null, null)
                        .read(PageRequest.first("site"), DEADLINE)
                        .connections())
                .extracting(Connection::connectionId)
                .containsExactlyInAnyOrder("tab-1=", "tab-2=", "alone=");
    }

    @Test
    void a_lease_keeps_its_holder_its_budget_and_its_rest() {
        Lease lease = adapters.leases().read("site", DEADLINE);

        assertThat(lease.isHeld(NOW)).isTrue();
        assertThat(lease.holder()).isEqualTo("record/111");
        assertThat(lease.sentVersion()).isEqualTo(BEFORE.version() - 1);
        assertThat(lease.budget().usedUntil()).isEqualTo(Instant.ofEpochMilli(1_796_112_001_500L));
        assertThat(lease.budget().messagesPerSecond()).isEqualTo(100);
        assertThat(lease.budget().lastPassMessages()).isEqualTo(3);
        assertThat(lease.rest().pages())
                .containsExactly(new PageRequest("site", 0, 2, null), new PageRequest("site", 1, 2, "tab-1="));
    }

    @Test
    void a_pending_wake_up_is_seen() {
        assertThat(adapters.wakeUps().isPending("site", NOW, DEADLINE)).isTrue();
    }

    @Test
    void the_reconcile_job_continues() {
        assertThat(adapters.reconcileStore().readProgress(DEADLINE))
                .isEqualTo(new ReconcileProgress("site", 12, Instant.ofEpochMilli(1_796_108_400_000L)));
        assertThat(adapters.reconcileStore()
                        .readCounters(List.of("site"), DEADLINE)
                        .get("site")
                        .count())
                .isEqualTo(BEFORE);
    }
}
