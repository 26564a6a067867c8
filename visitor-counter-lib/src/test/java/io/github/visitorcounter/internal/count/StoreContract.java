package io.github.visitorcounter.internal.count;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** The contract of every pair of stores. */
public abstract class StoreContract extends SiteContract {

    @Test
    void counter_without_row_is_zero_at_version_zero() {
        assertThat(count()).isEqualTo(VisitorCount.none(counterId));
    }

    @Test
    void connect_increments_live_total_and_version() {
        connect("a");
        connect("b");

        assertThat(count()).isEqualTo(counted(2, 2, 2, now));
    }

    @Test
    void repeated_connect_counts_once() {
        connect("a");
        connect("a");

        assertThat(count()).isEqualTo(counted(1, 1, 1, now));
    }

    @Test
    void repeated_connect_with_another_time_counts_once() {
        connect("a");
        counters().addConnection(Connection.opened(id("a"), counterId, now.plusSeconds(1)), deadline());

        assertThat(count().total()).isEqualTo(1);
        assertThat(count().live()).isEqualTo(1);
    }

    @Test
    void repeated_connect_after_disconnect_counts_once() {
        connect("a");
        disconnect("a");
        connect("a");

        // DynamoDB remembers the connect's token for ten minutes; the in-memory store only as long as the row exists.
        assertThat(count().total()).isLessThanOrEqualTo(2);
        assertThat(count().live()).isLessThanOrEqualTo(1);
    }

    @Test
    void disconnect_decrements_live_but_not_total() {
        connect("a");
        connect("b");

        assertThat(disconnect("a")).containsExactly("a");

        assertThat(count()).isEqualTo(counted(1, 2, 3, now.plusSeconds(60)));
    }

    @Test
    void repeated_disconnect_counts_once() {
        connect("a");
        connect("b");
        disconnect("a");
        disconnect("a");

        assertThat(count().live()).isEqualTo(1);
        assertThat(count().version()).isEqualTo(version(3));
    }

    @Test
    void disconnect_and_prune_count_once() {
        connect("a");
        connect("b");
        counters().removeConnections(List.of(id("a")), Change.PRUNE, now.plusSeconds(1), deadline());
        counters().removeConnections(List.of(id("a")), Change.DISCONNECT, now.plusSeconds(2), deadline());

        assertThat(count().live()).isEqualTo(1);
        assertThat(count().version()).isEqualTo(version(3));
    }

    @Test
    void disconnect_of_an_unknown_connection_changes_nothing() {
        connect("a");

        assertThat(disconnect("unknown")).isEmpty();

        assertThat(count()).isEqualTo(counted(1, 1, 1, now));
    }

    @Test
    void connections_removed_before_are_not_counted_again() {
        IntStream.range(0, 120).forEach(i -> connect("v" + i));
        disconnect("v3", "v110");

        String[] all = IntStream.range(0, 120).mapToObj(i -> "v" + i).toArray(String[]::new);

        assertThat(disconnect(all)).hasSize(118).doesNotContain("v3", "v110");
        assertThat(count().live()).isZero();
        assertThat(count().total()).isEqualTo(120);
        assertThat(audience(1)).isEmpty();
    }

    @Test
    void connections_are_removed_from_their_own_counters() {
        connect("a");
        connect("b");
        String other = counterId + "-other";
        counters().addConnection(Connection.opened(id("c"), other, now), deadline());

        assertThat(disconnect("a", "c")).containsExactlyInAnyOrder("a", "c");

        assertThat(count().live()).isEqualTo(1);
        assertThat(counters().read(other, deadline()).live()).isZero();
    }

    @Test
    void live_of_a_lost_counter_is_not_negative() {
        connect("a");
        connect("b");
        connect("c");
        loseCount(counterId);
        connect("d");

        assertThat(disconnect("a", "b")).hasSize(2);
        assertThat(count().live()).isZero();

        assertThat(disconnect("c")).hasSize(1);
        assertThat(count().live()).isZero();
        assertThat(find("c")).isNull();
    }

    @Test
    void count_is_exact_with_concurrent_changes() throws Exception {
        ExecutorService visitors = Executors.newFixedThreadPool(8);
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String name = "v" + i;
            boolean disconnects = i % 2 == 0;
            done.add(visitors.submit(() -> {
                connect(name);
                connect(name);
                if (disconnects) {
                    disconnect(name);
                    disconnect(name);
                }
            }));
        }
        for (Future<?> visit : done) {
            visit.get(60, TimeUnit.SECONDS);
        }
        visitors.shutdown();

        assertThat(count().live()).isEqualTo(20);
        assertThat(count().total()).isEqualTo(40);
        assertThat(count().version()).isEqualTo(version(60));
    }

    private List<String> disconnect(String... names) {
        return disconnect(counters(), now.plusSeconds(60), names);
    }
}
