package io.github.visitorcounter.internal.count;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.connection.ConnectionPage;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.connection.PageRequest;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.time.Deadline;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** The contract of reads of connections. Each test uses its own counter, so that all tests can share the tables. */
public abstract class AudienceContract {

    protected final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    protected String counterId;

    /** Returns the store of connections; it reads pages of ten rows. */
    protected abstract ConnectionStore connections();

    /** Returns a store of counters on the same tables, with a maximum of {@code live}; 0 for none. */
    protected abstract CounterStore counters(VisitRules rules, int maxLive);

    @BeforeEach
    void nameTheCounter(TestInfo test) {
        counterId = getClass().getSimpleName() + "-"
                + Integer.toUnsignedString(
                        (test.getTestMethod().orElseThrow().getName() + test.getDisplayName()).hashCode());
    }

    @Test
    void connection_is_found_until_it_is_removed() {
        connect("a");
        assertThat(find("a")).isEqualTo(connection("a"));

        counters().removeConnections(List.of(id("a")), Change.DISCONNECT, now.plusSeconds(60), deadline());
        assertThat(find("a")).isNull();
    }

    @Test
    void pages_contain_each_connection_once() {
        List<String> expected = IntStream.range(0, 35).mapToObj(i -> "v" + i).toList();
        expected.forEach(this::connect);
        counters().addConnection(Connection.opened(id("elsewhere"), counterId + "-other", now), deadline());

        List<String> ids = expected.stream().map(this::id).toList();
        assertThat(audience(1)).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(audience(4)).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void pages_contain_no_expired_connections() {
        connect("a");
        counters()
                .addConnection(
                        new Connection(
                                id("old"),
                                counterId,
                                now.minusSeconds(9_000),
                                Instant.now().minusSeconds(2),
                                null,
                                null,
                                false),
                        deadline());

        assertThat(audience(1)).containsExactly(id("a"));
        assertThat(find("old")).isNotNull();
    }

    protected final CounterStore counters() {
        return counters(InMemoryStore.DEFAULT_RULES, 0);
    }

    protected final void connect(String name) {
        counters().addConnection(connection(name), deadline());
    }

    protected final Connection connection(String name) {
        return Connection.opened(id(name), counterId, now);
    }

    protected final Connection find(String name) {
        return connections().find(id(name), deadline());
    }

    protected final List<String> audience(int totalSegments) {
        List<String> ids = new ArrayList<>();
        for (int segment = 0; segment < totalSegments; segment++) {
            PageRequest request = new PageRequest(counterId, segment, totalSegments, null);
            for (boolean more = true; more; ) {
                ConnectionPage page = connections().read(request, deadline());
                page.connections().forEach(connection -> ids.add(connection.connectionId()));
                more = page.next() != null;
                request = more ? request.from(page.next()) : request;
            }
        }
        return ids;
    }

    protected final String id(String name) {
        return counterId + "-=" + name;
    }

    protected static Deadline deadline() {
        return new Deadline(Instant.now().plus(Duration.ofSeconds(60)));
    }
}
