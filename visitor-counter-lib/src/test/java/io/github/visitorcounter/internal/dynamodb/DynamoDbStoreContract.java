package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.lease.BudgetUse;
import io.github.visitorcounter.internal.broadcast.lease.Lease;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.connection.PageRequest;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.count.StoreContract;
import io.github.visitorcounter.internal.count.Visit;
import io.github.visitorcounter.internal.count.VisitRules;
import io.github.visitorcounter.internal.reconcile.CounterPage;
import io.github.visitorcounter.internal.reconcile.CounterState;
import io.github.visitorcounter.internal.reconcile.ReconcileStore;
import io.github.visitorcounter.internal.reconcile.Repair;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** The contract of the stores on any DynamoDB, and tests of its rows. */
abstract class DynamoDbStoreContract extends StoreContract {

    private static final int PAGE_SIZE = 10;

    protected abstract DynamoDbClient client();

    @Override
    protected ConnectionStore connections() {
        return connections(null);
    }

    @Override
    protected ConnectionStore connections(String siteCounter) {
        return new DynamoDbConnectionStore(
                client(), Tables.CONNECTIONS.name(), null, siteCounter, PAGE_SIZE, TimeSource.system());
    }

    @Override
    protected CounterStore counters(VisitRules rules, int maxLive) {
        return counters(client(), rules, maxLive);
    }

    @Override
    protected CounterStore counters(VisitRules rules, int maxLive, String siteCounter) {
        return counters(
                client(),
                config(rules, maxLive).set(Setting.SITE_COUNTER, siteCounter).build());
    }

    static CounterStore counters(DynamoDbClient client, VisitRules rules, int maxLive) {
        return counters(client, config(rules, maxLive).build());
    }

    private static CounterStore counters(DynamoDbClient client, VisitorCounterConfig config) {
        return new DynamoDbCounterStore(client, config);
    }

    private static VisitorCounterConfig.Builder config(VisitRules rules, int maxLive) {
        return VisitorCounterConfig.builder()
                .set(Setting.CONNECTIONS_TABLE, Tables.CONNECTIONS.name())
                .set(Setting.COUNTERS_TABLE, Tables.COUNTS.name())
                .set(Setting.VISIT_TIMEOUT, rules.window())
                .set(Setting.COUNTING_MODE, rules.countingMode())
                .set(Setting.MAX_LIVE, maxLive);
    }

    @Override
    protected ReconcileStore everything() {
        return new DynamoDbReconcileStore(
                client(), Tables.CONNECTIONS.name(), Tables.COUNTS.name(), PAGE_SIZE, TimeSource.system());
    }

    @Override
    protected void loseCount(String counterId) {
        client().deleteItem(request ->
                request.tableName(Tables.COUNTS.name()).key(Map.of("counterId", AttributeValue.fromS(counterId))));
    }

    @Override
    protected void loseVisit(String counterId, String visit) {
        loseCount("visit#" + counterId + "#" + visit);
    }

    @Override
    protected Visit visit(String counterId, String visit) {
        return VisitItem.visit(item(Tables.COUNTS.name(), "counterId", "visit#" + counterId + "#" + visit));
    }

    @Test
    void rows_of_a_connect_have_the_documented_form() {
        Instant connectedAt = Instant.ofEpochMilli(1_645_556_857_902L);
        Deadline deadline = new Deadline(Instant.now().plusSeconds(30));

        counters().addConnection(Connection.opened("row-1=", "design", connectedAt), deadline);

        assertThat(item(Tables.CONNECTIONS.name(), "connectionId", "row-1="))
                .containsOnly(
                        Map.entry("connectionId", AttributeValue.fromS("row-1=")),
                        Map.entry("counterId", AttributeValue.fromS("design")),
                        Map.entry("connectedAt", AttributeValue.fromN("1645556857902")),
                        Map.entry("expiresAt", AttributeValue.fromN("1645564657")));
        assertThat(item(Tables.COUNTS.name(), "counterId", "design"))
                .containsOnly(
                        Map.entry("counterId", AttributeValue.fromS("design")),
                        Map.entry("live", AttributeValue.fromN("1")),
                        Map.entry("total", AttributeValue.fromN("1")),
                        Map.entry("version", AttributeValue.fromN("1645556857902001")),
                        Map.entry("lastChange", AttributeValue.fromS("CONNECT")),
                        Map.entry("lastConnectionId", AttributeValue.fromS("row-1=")),
                        Map.entry("updatedAt", AttributeValue.fromN("1645556857902")));
    }

    @Test
    void rows_of_a_visit_have_the_documented_form() {
        Instant connectedAt = Instant.ofEpochMilli(1_645_556_857_902L);
        Deadline deadline = new Deadline(Instant.now().plusSeconds(30));
        counters().addConnection(Connection.opened("row-2=", "design-2", connectedAt, "v-1"), deadline);
        counters().addConnection(Connection.opened("row-3=", "design-2", connectedAt.plusSeconds(1), "v-1"), deadline);

        counters().removeConnections(List.of("row-2="), Change.DISCONNECT, connectedAt.plusSeconds(2), deadline);

        assertThat(item(Tables.CONNECTIONS.name(), "connectionId", "row-3="))
                .containsEntry("visit", AttributeValue.fromS("v-1"));
        assertThat(item(Tables.COUNTS.name(), "counterId", "visit#design-2#v-1"))
                .containsOnly(
                        Map.entry("counterId", AttributeValue.fromS("visit#design-2#v-1")),
                        Map.entry("open", AttributeValue.fromN("1")),
                        Map.entry("endedAt", AttributeValue.fromN("1645556859902")),
                        Map.entry("expiresAt", AttributeValue.fromN("1645566458")));
    }

    @Test
    void foreign_rows_of_connections_are_ignored() {
        client().putItem(request -> request.tableName(Tables.CONNECTIONS.name())
                .item(Map.of(
                        "connectionId", AttributeValue.fromS("foreign="),
                        "counterId", AttributeValue.fromS("mixed"),
                        "expiresAt", AttributeValue.fromN("99999999999"))));
        Deadline deadline = new Deadline(Instant.now().plusSeconds(30));

        assertThat(connections().find("foreign=", deadline)).isNull();
        assertThat(connections().read(PageRequest.first("mixed"), deadline).connections())
                .isEmpty();
    }

    @Test
    void other_rows_are_not_read_as_counters() {
        Deadline deadline = new Deadline(Instant.now().plusSeconds(30));
        new DynamoDbLeaseStore(client(), Tables.COUNTS.name())
                .acquire(
                        "leased",
                        new LeaseStore.AcquireRequest(
                                "holder",
                                Lease.NEW,
                                VisitorCount.none("leased"),
                                BudgetUse.NONE,
                                Instant.now(),
                                Instant.now()),
                        deadline);
        client().putItem(request -> request.tableName(Tables.COUNTS.name())
                .item(Map.of(
                        "counterId", AttributeValue.fromS("visit#leased#v"),
                        "live", AttributeValue.fromN("3"))));
        client().putItem(request -> request.tableName(Tables.COUNTS.name())
                .item(Map.of(
                        "counterId", AttributeValue.fromS("foreign"),
                        "live", AttributeValue.fromS("many"))));

        List<String> found = new ArrayList<>();
        String cursor = null;
        do {
            CounterPage page = everything().readCounters(cursor, deadline);
            page.counters().forEach(state -> found.add(state.count().counterId()));
            cursor = page.next();
        } while (cursor != null);

        assertThat(found).doesNotContain("lease#leased", "visit#leased#v", "foreign");
    }

    @Test
    void a_retried_repair_succeeds_without_a_second_effect() {
        Deadline deadline = new Deadline(Instant.now().plusSeconds(30));
        Repair repair = new Repair(CounterState.none("twice"), -3, Instant.now());

        assertThat(everything().repair(repair, deadline)).isTrue();
        assertThat(everything().repair(repair, deadline)).isTrue();

        assertThat(counters().read("twice", deadline).live()).isEqualTo(3);
    }

    private Map<String, AttributeValue> item(String table, String key, String value) {
        return client().getItem(request -> request.tableName(table).key(Map.of(key, AttributeValue.fromS(value))))
                .item();
    }
}
