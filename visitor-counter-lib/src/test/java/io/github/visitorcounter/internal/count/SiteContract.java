package io.github.visitorcounter.internal.count;

import io.github.visitorcounter.CounterFullException;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.connection.ConnectionPage;
import io.github.visitorcounter.internal.connection.PageRequest;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The contract of counting in a site counter as well, and of connections that only watch. */
public abstract class SiteContract extends VisitContract {

    private static final VisitRules VISITS = new VisitRules(Duration.ofMinutes(30), CountingMode.VISITS);

    private String site;
    private String otherPage;

    @BeforeEach
    void nameTheOtherCounters() {
        site = counterId + "-site";
        otherPage = counterId + "-page";
    }

    @Test
    void connect_and_disconnect_change_both_counters() {
        connectTo(counterId, "a", null, 0);
        connectTo(otherPage, "b", null, 1);

        assertCount(counterId, 1, 1, 1);
        assertCount(otherPage, 1, 1, 1);
        assertCount(site, 2, 2, 2);

        assertThat(disconnect(sites(), now.plusSeconds(5), "a")).containsExactly("a");

        assertCount(counterId, 0, 1, 2);
        assertCount(site, 1, 2, 3);
        assertThat(read(site).updatedAt()).isEqualTo(now.plusSeconds(5));
    }

    @Test
    void row_names_the_site_counter() {
        connectTo(counterId, "a", "v", 0);

        assertThat(find("a")).isEqualTo(page(counterId, "a", "v", 0));
        assertThat(find("a").siteCounter()).isEqualTo(site);
        assertThat(visit(site, "v").open()).isEqualTo(1);
    }

    @Test
    void connection_of_the_site_counter_itself_counts_once() {
        connectTo(site, "a", "v", 0);

        assertCount(site, 1, 1, 1);
        disconnect(sites(), now.plusSeconds(5), "a");
        assertCount(site, 0, 1, 2);
    }

    @ParameterizedTest
    @EnumSource
    void repeated_changes_have_no_effect(CountingMode mode) {
        CounterStore counters = counters(new VisitRules(Duration.ofMinutes(30), mode), 0, site);
        for (int i = 0; i < 2; i++) {
            counters.addConnection(page(counterId, "a", "v", 0), deadline());
            counters.addConnection(page(counterId, "b", null, 0), deadline());
        }
        assertCount(site, 2, 2, 2);
        for (int i = 0; i < 2; i++) {
            disconnect(counters, now.plusSeconds(5), "a", "b");
        }
        assertThat(read(site).live()).isZero();
        assertThat(read(counterId).live()).isZero();
        assertThat(read(site).total()).isEqualTo(2);
    }

    @Test
    void visit_that_walks_from_page_to_page_is_one_visit_of_the_site() {
        connectTo(counterId, "a", "v", 0);
        disconnect(sites(), now.plusSeconds(10), "a");
        connectTo(otherPage, "b", "v", 20);

        assertCount(counterId, 0, 1, 2);
        assertCount(otherPage, 1, 1, 1);
        assertCount(site, 1, 1, 3);
    }

    @Test
    void visit_on_two_pages_at_once_is_one_visit_of_the_site() {
        connectTo(counterId, "a", "v", 0);
        connectTo(otherPage, "b", "v", 0);
        assertCount(site, 1, 1, 2);

        disconnect(sites(), now.plusSeconds(10), "a");
        assertCount(counterId, 0, 1, 2);
        assertCount(site, 1, 1, 2);

        disconnect(sites(), now.plusSeconds(10), "b");
        assertCount(site, 0, 1, 3);
    }

    @Test
    void connections_of_several_pages_are_removed_together() {
        IntStream.range(0, 60).forEach(i -> connectTo(counterId, "v" + i, i % 2 == 0 ? "w" + i : null, 0));
        IntStream.range(60, 120).forEach(i -> connectTo(otherPage, "v" + i, "w" + (i - 60), 0));
        sites().addConnection(Connection.opened(id("alone"), otherPage, now), deadline());
        sites().addConnection(watcher("watcher"), deadline());
        List<String> all =
                new ArrayList<>(IntStream.range(0, 120).mapToObj(i -> "v" + i).toList());
        all.addAll(List.of("alone", "watcher", "unknown"));

        assertThat(disconnect(sites(), now.plusSeconds(5), all.toArray(String[]::new)))
                .hasSize(122);

        assertThat(read(site).live()).isZero();
        assertThat(read(counterId).live()).isZero();
        assertThat(read(otherPage).live()).isZero();
        assertThat(read(site).total()).isEqualTo(90);
        assertThat(find("watcher")).isNull();
    }

    /** A disconnect subtracts a connection from what it was added to, whatever the settings are by then. */
    @Test
    void site_counter_may_change_while_connections_are_open() {
        Connection before = Connection.opened(id("before"), counterId, now, "v");
        counters(VISITS).addConnection(before, deadline());
        connectTo(counterId, "during", "w", 0);
        String another = site + "-2";
        counters(VISITS, 0, another)
                .addConnection(
                        Connection.opened(id("after"), counterId, now, "x").withSiteCounter(another), deadline());
        assertThat(read(site).live()).isEqualTo(1);
        assertThat(read(another).live()).isEqualTo(1);

        disconnect(counters(VISITS, 0, another), now.plusSeconds(5), "before", "during");
        assertThat(read(counterId).live()).isEqualTo(1);
        assertThat(read(site).live()).isZero();
        assertThat(read(another).live()).isEqualTo(1);

        disconnect(counters(VISITS), now.plusSeconds(5), "after");
        assertThat(read(another).live()).isZero();
        assertThat(read(counterId).live()).isZero();
    }

    @Test
    void watcher_is_counted_nowhere() {
        connectTo(counterId, "a", null, 0);
        VisitorCount page = read(counterId);
        VisitorCount whole = read(site);

        sites().addConnection(watcher("w"), deadline());
        sites().addConnection(watcher("w"), deadline());

        assertThat(find("w")).isEqualTo(watcher("w"));
        assertThat(find("w").onlyWatches()).isTrue();
        assertThat(visit(counterId, "watching")).isNull();
        assertThat(visit(site, "watching")).isNull();

        assertThat(disconnect(sites(), now.plusSeconds(5), "w")).containsExactly("w");
        assertThat(disconnect(sites(), now.plusSeconds(5), "w", "other")).isEmpty();
        assertThat(find("w")).isNull();
        assertThat(read(counterId)).isEqualTo(page);
        assertThat(read(site)).isEqualTo(whole);
    }

    @Test
    void audience_of_the_site_counter_are_all_connections() {
        connectTo(counterId, "a", null, 0);
        sites().addConnection(watcher("w"), deadline());
        connectTo(otherPage, "b", null, 0);
        connectTo(site, "c", null, 0);
        counters().addConnection(Connection.opened(id("before"), otherPage, now), deadline());

        assertThat(audienceOf(site, 1)).contains(id("a"), id("w"), id("b"), id("c"), id("before"));
        assertThat(audienceOf(site, 3))
                .contains(id("a"), id("w"), id("b"), id("c"), id("before"))
                .doesNotHaveDuplicates();
        assertThat(audienceOf(counterId, 1)).containsExactlyInAnyOrder(id("a"), id("w"));
    }

    @Test
    void limit_does_not_apply_to_the_site_counter() {
        CounterStore limited = counters(InMemoryStore.DEFAULT_RULES, 1, site);
        limited.addConnection(page(counterId, "a", null, 0), deadline());
        limited.addConnection(page(otherPage, "b", null, 0), deadline());
        limited.addConnection(page(site, "c", null, 0), deadline());
        limited.addConnection(page(site, "d", null, 0), deadline());

        assertThatThrownBy(() -> limited.addConnection(page(counterId, "e", null, 0), deadline()))
                .isInstanceOf(CounterFullException.class)
                .hasMessageContaining(counterId);
        assertThat(read(site).live()).isEqualTo(4);
        assertThat(find("e")).isNull();
    }

    @Test
    void both_counts_are_exact_with_concurrent_changes() throws Exception {
        ExecutorService visitors = Executors.newFixedThreadPool(8);
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String name = "v" + i;
            String counter = i % 4 < 2 ? counterId : otherPage;
            boolean disconnects = i % 2 == 0;
            done.add(visitors.submit(() -> {
                connectTo(counter, name, null, 0);
                connectTo(counter, name, null, 0);
                if (disconnects) {
                    disconnect(sites(), now.plusSeconds(5), name);
                    disconnect(sites(), now.plusSeconds(5), name);
                }
            }));
        }
        for (Future<?> visit : done) {
            visit.get(60, TimeUnit.SECONDS);
        }
        visitors.shutdown();
        assertCount(counterId, 10, 20, 30);
        assertCount(otherPage, 10, 20, 30);
        assertCount(site, 20, 40, 60);
    }

    private CounterStore sites() {
        return counters(VISITS, 0, site);
    }

    private void connectTo(String counter, String name, String visit, long second) {
        sites().addConnection(page(counter, name, visit, second), deadline());
    }

    private Connection page(String counter, String name, String visit, long second) {
        return Connection.opened(id(name), counter, now.plusSeconds(second), visit)
                .withSiteCounter(site);
    }

    private Connection watcher(String name) {
        return Connection.opened(id(name), counterId, now, "watching").watching();
    }

    private VisitorCount read(String counter) {
        return counters().read(counter, deadline());
    }

    /** Asserts a count; the number of changes is the version of a counter that was created now. */
    private void assertCount(String counter, long live, long total, int changes) {
        VisitorCount count = read(counter);
        assertThat(List.of(count.live(), count.total())).as(counter).containsExactly(live, total);
        assertThat(count.version() - firstVersion())
                .as("changes of " + counter)
                .isBetween((long) changes, changes + 100_000_000L)
                .matches(version -> version % 1_000 == changes);
    }

    private List<String> audienceOf(String counter, int totalSegments) {
        List<String> ids = new ArrayList<>();
        for (int segment = 0; segment < totalSegments; segment++) {
            PageRequest request = new PageRequest(counter, segment, totalSegments, null);
            for (boolean more = true; more; ) {
                ConnectionPage found = connections(site).read(request, deadline());
                found.connections().forEach(connection -> ids.add(connection.connectionId()));
                more = found.next() != null;
                request = more ? request.from(found.next()) : request;
            }
        }
        return ids;
    }
}
