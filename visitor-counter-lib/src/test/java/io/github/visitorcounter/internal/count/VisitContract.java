package io.github.visitorcounter.internal.count;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.count.VisitorCount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** The contract of counting visits and visitors. */
public abstract class VisitContract extends MaxLiveContract {

    private static final Duration WINDOW = Duration.ofMinutes(30);
    private static final VisitRules CONNECTIONS = new VisitRules(WINDOW, CountingMode.CONNECTIONS);
    private static final VisitRules VISITORS = new VisitRules(WINDOW, CountingMode.VISITORS);

    @Test
    void reconnecting_visit_counts_only_in_live() {
        connect(counters(CONNECTIONS), "a", "v", now);
        disconnect(counters(CONNECTIONS), now.plusSeconds(10), "a");
        connect(counters(CONNECTIONS), "b", "v", now.plusSeconds(20));

        assertThat(count()).isEqualTo(counted(1, 1, 3, now.plusSeconds(20)));
        assertThat(visit(counterId, "v").open()).isEqualTo(1);
    }

    @Test
    void reconnect_before_the_disconnect_gives_the_same_count() {
        connect(counters(CONNECTIONS), "a", "v", now);
        connect(counters(CONNECTIONS), "b", "v", now.plusSeconds(20));
        assertThat(count()).isEqualTo(counted(2, 1, 2, now.plusSeconds(20)));

        disconnect(counters(CONNECTIONS), now.plusSeconds(10), "a");

        assertThat(count()).isEqualTo(counted(1, 1, 3, now.plusSeconds(10)));
        assertThat(visit(counterId, "v").open()).isEqualTo(1);
    }

    @Test
    void visits_are_counted_by_id_in_each_counter() {
        connect(counters(CONNECTIONS), "a", "v", now);
        connect(counters(CONNECTIONS), "b", "w", now);
        String other = counterId + "-other";
        counters(CONNECTIONS).addConnection(Connection.opened(id("c"), other, now, "v"), deadline());

        assertThat(count().total()).isEqualTo(2);
        assertThat(counters().read(other, deadline()).total()).isEqualTo(1);
    }

    /**
     * The repetition is another transaction than the first one, so its token does not match, as after the counter grew.
     */
    @Test
    void ended_connection_without_visit_is_not_counted_again() {
        Connection connection = Connection.opened(id("a"), counterId, now);
        counters(CONNECTIONS).addConnection(connection, deadline());
        disconnect(counters(CONNECTIONS), now.plusSeconds(10), "a");

        counters(VISITORS).addConnection(connection, deadline());

        assertThat(count()).isEqualTo(counted(0, 1, 2, now.plusSeconds(10)));
    }

    @ParameterizedTest
    @CsvSource({"1799999, 1", "1800000, 2"})
    void visit_is_resumed_within_its_timeout(long millisAfterTheEnd, int total) {
        connect(counters(CONNECTIONS), "a", "v", now);
        Instant end = now.plusSeconds(10);
        disconnect(counters(CONNECTIONS), end, "a");

        connect(counters(CONNECTIONS), "b", "v", end.plusMillis(millisAfterTheEnd));

        assertThat(count().total()).isEqualTo(total);
        assertThat(count().live()).isEqualTo(1);
    }

    @Test
    void timeout_begins_at_the_last_disconnect_in_any_order() {
        connect(counters(CONNECTIONS), "a", "v", now);
        connect(counters(CONNECTIONS), "b", "v", now);
        Instant end = now.plusSeconds(1_000);
        disconnect(counters(CONNECTIONS), end, "b");
        disconnect(counters(CONNECTIONS), now.plusSeconds(10), "a");

        assertThat(visit(counterId, "v").endedAt()).isEqualTo(end);
        connect(counters(CONNECTIONS), "c", "v", now.plusSeconds(2_000));
        assertThat(count().total()).isEqualTo(1);
    }

    @Test
    void visit_expires_after_its_connections_and_timeout() {
        connect(counters(CONNECTIONS), "a", "v", now);

        assertThat(visit(counterId, "v").expiresAt())
                .isEqualTo(now.plus(Connection.LIFETIME).plus(WINDOW));

        connect(counters(CONNECTIONS), "b", "v", now.plusSeconds(5));
        assertThat(visit(counterId, "v").expiresAt())
                .isEqualTo(now.plusSeconds(5).plus(Connection.LIFETIME).plus(WINDOW));
    }

    @ParameterizedTest
    @EnumSource(CountingMode.class)
    void visit_without_disconnect_ends_when_it_expires(CountingMode countingMode) {
        CounterStore counters = counters(new VisitRules(WINDOW, countingMode));
        connect(counters, "stale", "v", now);
        Instant later = now.plus(Connection.LIFETIME).plus(WINDOW);

        connect(counters, "b", "v", later);

        assertThat(count().total()).isEqualTo(2);
        assertThat(count().live()).isEqualTo(2);
        disconnect(counters, later, "stale");
        assertThat(count().live()).isEqualTo(1);
        disconnect(counters, later, "b");
        assertThat(count().live()).isZero();
        assertThat(visit(counterId, "v").open()).isZero();
    }

    @ParameterizedTest
    @EnumSource(CountingMode.class)
    void repeated_connect_counts_once_after_other_changes(CountingMode countingMode) {
        CounterStore counters = counters(new VisitRules(WINDOW, countingMode));
        connect(counters, "a", "v", now);
        connect(counters, "b", "v", now.plusSeconds(1));
        connect(counters, "a", "v", now);
        connect(counters, "b", "v", now.plusSeconds(1));
        connect(counters, "b", "v", now.plusSeconds(2));

        assertThat(visit(counterId, "v").open()).isEqualTo(2);
        assertThat(count().total()).isEqualTo(1);
        assertThat(count().live()).isEqualTo(countingMode == CountingMode.CONNECTIONS ? 2 : 1);
        assertThat(count().version()).isEqualTo(version(2));
    }

    @ParameterizedTest
    @EnumSource(CountingMode.class)
    void disconnect_of_a_pruned_connection_changes_nothing(CountingMode countingMode) {
        CounterStore counters = counters(new VisitRules(WINDOW, countingMode));
        connect(counters, "a", "v", now);
        connect(counters, "b", "v", now);
        counters.removeConnections(List.of(id("a")), Change.PRUNE, now.plusSeconds(5), deadline());
        VisitorCount pruned = count();

        assertThat(disconnect(counters, now.plusSeconds(6), "a")).isEmpty();
        assertThat(disconnect(counters, now.plusSeconds(6), "a")).isEmpty();

        assertThat(count()).isEqualTo(pruned);
        assertThat(visit(counterId, "v").open()).isEqualTo(1);
        assertThat(visit(counterId, "v").endedAt()).isEqualTo(now.plusSeconds(5));
    }

    @Test
    void tabs_of_a_visitor_count_once() {
        CounterStore counters = counters(VISITORS);
        for (int tab = 1; tab <= 4; tab++) {
            connect(counters, "tab" + tab, "visitor", now.plusSeconds(tab - 1));
        }
        VisitorCount four = counted(1, 1, 4, now.plusSeconds(3));
        assertThat(count()).isEqualTo(four);

        assertThat(disconnect(counters, now.plusSeconds(9), "tab2")).containsExactly("tab2");
        assertThat(disconnect(counters, now.plusSeconds(9), "tab1", "tab4")).containsExactlyInAnyOrder("tab1", "tab4");
        assertThat(count()).isEqualTo(four);

        assertThat(disconnect(counters, now.plusSeconds(10), "tab3")).containsExactly("tab3");
        assertThat(count()).isEqualTo(counted(0, 1, 5, now.plusSeconds(10)));
    }

    @Test
    void returning_visitor_counts_once_per_timeout_in_total() {
        CounterStore counters = counters(VISITORS);
        connect(counters, "a", "visitor", now);
        disconnect(counters, now.plusSeconds(10), "a");
        connect(counters, "b", "visitor", now.plusSeconds(20));
        assertThat(count()).isEqualTo(counted(1, 1, 3, now.plusSeconds(20)));

        disconnect(counters, now.plusSeconds(30), "b");
        connect(counters, "c", "visitor", now.plusSeconds(30).plus(WINDOW));
        assertThat(count().live()).isEqualTo(1);
        assertThat(count().total()).isEqualTo(2);
    }

    @Test
    void tabs_closed_together_are_removed_correctly() {
        CounterStore counters = counters(VISITORS);
        for (String visitor : List.of("x", "y", "z")) {
            connect(counters, visitor + "1", visitor, now);
            connect(counters, visitor + "2", visitor, now);
        }
        connect(counters, "alone", null, now);
        assertThat(count().live()).isEqualTo(4);

        assertThat(disconnect(counters, now.plusSeconds(5), "x1", "x2", "y1", "alone", "unknown"))
                .hasSize(4);

        assertThat(count().live()).isEqualTo(2);
        assertThat(visit(counterId, "x").open()).isZero();
        assertThat(visit(counterId, "y").open()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(CountingMode.class)
    void more_disconnects_than_one_transaction_can_contain(CountingMode countingMode) {
        CounterStore counters = counters(new VisitRules(WINDOW, countingMode));
        IntStream.range(0, 110).forEach(tab -> connect(counters, "tab" + tab, "visitor", now));
        IntStream.range(0, 10).forEach(i -> connect(counters, "v" + i, "visit" + i, now));
        IntStream.range(0, 10).forEach(i -> connect(counters, "w" + i, "visit" + i, now));
        IntStream.range(0, 5).forEach(i -> connect(counters, "x" + i, null, now));
        assertThat(count().live()).isEqualTo(countingMode == CountingMode.CONNECTIONS ? 135 : 16);

        List<String> closed = new ArrayList<>();
        IntStream.range(1, 110).forEach(i -> closed.add("tab" + i));
        IntStream.range(0, 10).forEach(i -> closed.add("v" + i));
        IntStream.range(1, 10).forEach(i -> closed.add("w" + i));
        IntStream.range(1, 5).forEach(i -> closed.add("x" + i));

        assertThat(disconnect(counters, now.plusSeconds(5), closed.toArray(String[]::new)))
                .containsExactlyInAnyOrderElementsOf(closed);
        assertThat(count().live()).isEqualTo(3);
        assertThat(visit(counterId, "visitor").open()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(CountingMode.class)
    void lost_visit_does_not_prevent_a_disconnect(CountingMode countingMode) {
        CounterStore counters = counters(new VisitRules(WINDOW, countingMode));
        connect(counters, "a", "lost", now);
        connect(counters, "b", "kept", now);
        loseVisit(counterId, "lost");

        assertThat(disconnect(counters, now.plusSeconds(5), "a", "b")).containsExactlyInAnyOrder("a", "b");

        assertThat(count().live()).isZero();
        assertThat(visit(counterId, "lost")).isNull();
    }

    @ParameterizedTest
    @EnumSource(CountingMode.class)
    void lost_and_restarted_visit_ends_at_zero(CountingMode countingMode) {
        CounterStore counters = counters(new VisitRules(WINDOW, countingMode));
        connect(counters, "a", "v", now);
        loseVisit(counterId, "v");
        connect(counters, "b", "v", now);
        assertThat(count().total()).isEqualTo(2);

        disconnect(counters, now.plusSeconds(5), "a");
        disconnect(counters, now.plusSeconds(5), "b");

        assertThat(count().live()).isZero();
        assertThat(visit(counterId, "v").open()).isZero();
    }

    @Test
    void visitors_of_a_lost_counter_are_not_negative() {
        CounterStore counters = counters(VISITORS);
        connect(counters, "a", "x", now);
        connect(counters, "b", "y", now);
        loseCount(counterId);

        assertThat(disconnect(counters, now.plusSeconds(5), "a", "b")).hasSize(2);

        assertThat(count().live()).isZero();
    }

    @Test
    void connection_without_visit_disconnects_after_mode_change() {
        connect(counters(CONNECTIONS), "a", null, now);
        connect(counters(CONNECTIONS), "b", "v", now);

        disconnect(counters(VISITORS), now.plusSeconds(5), "a");
        disconnect(counters(new VisitRules(Duration.ZERO, CountingMode.CONNECTIONS)), now.plusSeconds(5), "b");

        assertThat(count().live()).isZero();
    }

    @Test
    void change_of_counting_mode_never_makes_live_negative() {
        IntStream.range(0, 4).forEach(tab -> connect(counters(VISITORS), "tab" + tab, "visitor", now));
        assertThat(count().live()).isEqualTo(1);
        assertThat(disconnect(counters(CONNECTIONS), now.plusSeconds(5), "tab0", "tab1"))
                .hasSize(2);
        assertThat(disconnect(counters(CONNECTIONS), now.plusSeconds(5), "tab2", "tab3"))
                .hasSize(2);
        assertThat(count().live()).isZero();

        IntStream.range(4, 6)
                .forEach(tab -> connect(counters(CONNECTIONS), "tab" + tab, "visitor", now.plusSeconds(6)));
        assertThat(disconnect(counters(VISITORS), now.plusSeconds(7), "tab4", "tab5"))
                .hasSize(2);
        assertThat(visit(counterId, "visitor").open()).isZero();
        // Four were removed where one was counted, and two as one: below zero, which reconcile repairs.
        assertThat(count().live()).isZero();
        assertThat(count().total()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(CountingMode.class)
    void count_is_exact_with_concurrent_tabs(CountingMode countingMode) throws Exception {
        CounterStore counters = counters(new VisitRules(WINDOW, countingMode));
        int visitors = 5;
        int tabs = 8;
        Random random = new Random(7);
        ExecutorService browsers = Executors.newFixedThreadPool(8);
        List<Future<?>> done = new ArrayList<>();
        long[] open = new long[visitors];
        for (int i = 0; i < visitors * tabs; i++) {
            String name = "tab" + i;
            int visitor = i % visitors;
            boolean disconnects = visitor == 0 || random.nextBoolean();
            open[visitor] += disconnects ? 0 : 1;
            done.add(browsers.submit(() -> {
                connect(counters, name, "visitor" + visitor, now);
                connect(counters, name, "visitor" + visitor, now);
                if (disconnects) {
                    counters.removeConnections(List.of(id(name)), Change.PRUNE, now.plusSeconds(1), deadline());
                    disconnect(counters, now.plusSeconds(1), name);
                }
            }));
        }
        for (Future<?> tab : done) {
            tab.get(60, TimeUnit.SECONDS);
        }
        browsers.shutdown();

        long connections = IntStream.range(0, visitors).mapToLong(i -> open[i]).sum();
        long present = IntStream.range(0, visitors).filter(i -> open[i] > 0).count();
        assertThat(count().total()).isEqualTo(visitors);
        assertThat(count().live()).isEqualTo(countingMode == CountingMode.CONNECTIONS ? connections : present);
        for (int i = 0; i < visitors; i++) {
            assertThat(visit(counterId, "visitor" + i).open()).isEqualTo(open[i]);
        }
    }
}
