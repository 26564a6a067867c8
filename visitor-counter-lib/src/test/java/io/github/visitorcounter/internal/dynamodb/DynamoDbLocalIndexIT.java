package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.connection.ConnectionPage;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.connection.PageRequest;
import io.github.visitorcounter.internal.count.AudienceContract;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.count.VisitRules;
import io.github.visitorcounter.internal.time.TimeSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** Reads connections by the index on Amazon's DynamoDB Local, whose index does not lag. */
class DynamoDbLocalIndexIT extends AudienceContract {

    private static final int PAGE_SIZE = 10;
    private static final String SITE = "index-site";

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    @Override
    protected ConnectionStore connections() {
        return new DynamoDbConnectionStore(
                TABLES.client(), Tables.CONNECTIONS.name(), Tables.BY_COUNTER, SITE, PAGE_SIZE, TimeSource.system());
    }

    @Override
    protected CounterStore counters(VisitRules rules, int maxLive) {
        return DynamoDbStoreContract.counters(TABLES.client(), rules, maxLive);
    }

    @Test
    void recent_connections_are_read_from_all_pages() {
        Instant start = Instant.now().minusSeconds(100).truncatedTo(ChronoUnit.MILLIS);
        IntStream.range(0, 40).forEach(i -> counters()
                .addConnection(Connection.opened("r" + i + "=", "recent", start.plusSeconds(i)), deadline()));

        assertThat(connections().recent("recent", start.plusSeconds(14), deadline()))
                .extracting(Connection::connectionId)
                .containsExactlyElementsOf(
                        IntStream.range(15, 40).mapToObj(i -> "r" + i + "=").toList());
    }

    @Test
    void a_query_reads_only_rows_of_its_counter() {
        IntStream.range(0, 60).forEach(i -> counters()
                .addConnection(Connection.opened("busy" + i + "=", "busy", Instant.now()), deadline()));
        counters().addConnection(Connection.opened("single=", "quiet", Instant.now()), deadline());

        ConnectionPage page = connections().read(PageRequest.first("quiet"), deadline());

        assertThat(page.connections()).hasSize(1);
        assertThat(page.next()).isNull();
        assertThat(connections().lag("quiet")).isPositive();
    }

    @Test
    void site_counter_is_read_without_the_index() {
        counters().addConnection(Connection.opened("on-page=", "on-a-page", Instant.now()), deadline());
        counters()
                .addConnection(
                        Connection.opened("watcher=", "other-page", Instant.now())
                                .watching(),
                        deadline());

        List<String> found = new ArrayList<>();
        PageRequest request = PageRequest.first(SITE);
        while (request != null) {
            ConnectionPage page = connections().read(request, deadline());
            page.connections().forEach(connection -> found.add(connection.connectionId()));
            request = page.next() == null ? null : request.from(page.next());
        }

        assertThat(found).contains("on-page=", "watcher=").doesNotHaveDuplicates();
        assertThat(connections().lag(SITE)).isZero();
        assertThat(connections().recent(SITE, Instant.now().minusSeconds(30), deadline()))
                .extracting(Connection::connectionId)
                .contains("on-page=", "watcher=");
    }

    @Test
    void a_cursor_of_the_other_kind_restarts() {
        ConnectionStore scanning = new DynamoDbConnectionStore(
                TABLES.client(), Tables.CONNECTIONS.name(), null, null, 1_000, TimeSource.system());
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        IntStream.range(0, 25)
                .forEach(i -> counters().addConnection(Connection.opened("c" + i + "=", "cursor", now), deadline()));
        PageRequest first = PageRequest.first("cursor");
        String indexCursor = connections().read(first, deadline()).next();

        assertThat(connections().read(first.from("c7="), deadline()))
                .isEqualTo(connections().read(first, deadline()));
        assertThat(scanning.read(first.from(indexCursor), deadline()).connections())
                .hasSize(25);
    }
}
