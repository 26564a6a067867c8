package io.github.visitorcounter.internal.broadcast;

import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.BroadcastReport.Outcome;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.broadcast.lease.BroadcastTrigger;
import io.github.visitorcounter.internal.broadcast.lease.BudgetUse;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.testing.FakePoster;
import io.github.visitorcounter.internal.testing.InMemoryLeaseStore;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.InMemoryWakeUps;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.time.Deadline;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** Broadcasts to connections that {@code live} does not contain: watchers, and the pages of other counters. */
class UncountedAudienceTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final int BUDGET = 10;
    private static final String SITE = "site";
    private static final String PAGE = "page";

    private final ManualTimeSource time = new ManualTimeSource();
    private final InMemoryStore store = new InMemoryStore(time, 1_000).withSite(SITE);
    private final InMemoryLeaseStore leases = new InMemoryLeaseStore();
    private final InMemoryWakeUps wakeUps = new InMemoryWakeUps();
    private final FakePoster gateway = new FakePoster();
    private int triggers;

    @Test
    void watchers_receive_the_counts_of_their_counter_and_of_the_site() {
        connect("a", PAGE);
        connect("b", "other");
        watch("w", PAGE);

        assertThat(stream(PAGE).tally().delivered()).isEqualTo(2);
        assertThat(stream(SITE).tally().delivered()).isEqualTo(3);

        assertThat(gateway.received("w")).hasSize(2);
        assertThat(gateway.received("w").get(0)).contains("\"counter\":\"page\",\"live\":1,\"total\":1");
        assertThat(gateway.received("w").get(1)).contains("\"counter\":\"site\",\"live\":2,\"total\":2");
        assertThat(gateway.received("b")).singleElement().asString().contains("\"counter\":\"site\"");
    }

    @Test
    void counter_at_zero_is_sent_to_its_watchers() {
        connect("a", PAGE);
        watch("w", PAGE);
        stream(PAGE);
        store.removeConnections(List.of("a"), Change.PRUNE, time.now(), LATER);
        time.sleep(Duration.ofSeconds(5));

        assertThat(stream(PAGE).outcome()).isEqualTo(Outcome.SENT);

        assertThat(gateway.received("w").get(1)).contains("\"live\":0");
        assertThat(budget(PAGE).lastPassMessages()).isEqualTo(1);
    }

    @Test
    void pass_is_charged_for_the_audience_of_the_last_one() {
        connect("a", PAGE);
        IntStream.range(0, 99).forEach(i -> watch("w" + i, PAGE));
        stream(PAGE);
        assertThat(budget(PAGE).usedUntil()).isEqualTo(time.now().plusSeconds(10));
        assertThat(budget(PAGE).uncounted()).isEqualTo(99);

        time.sleep(Duration.ofMinutes(5));
        connect("b", PAGE);
        stream(PAGE);

        assertThat(budget(PAGE).lastPassMessages()).isEqualTo(101);
        assertThat(budget(PAGE).usedUntil()).isEqualTo(time.now().plusMillis(10_100));

        IntStream.range(0, 99).forEach(i -> close("w" + i));
        time.sleep(Duration.ofMinutes(5));
        connect("c", PAGE);
        stream(PAGE);
        assertThat(budget(PAGE).uncounted()).isZero();
    }

    /** A crowd that only watches slows a counter's broadcasts, but does not send more than the budget. */
    @Test
    void watchers_do_not_lift_the_ceiling_of_messages() {
        IntStream.range(0, 300).forEach(i -> watch("w" + i, PAGE));
        long sent = 0;
        for (int second = 0; second < 600; second++) {
            connect("v" + second, PAGE);
            close("v" + second);
            sent += stream(PAGE).tally().posts();
            time.sleep(Duration.ofSeconds(1));
        }

        // The full bucket, ten minutes, and the pass that was charged before its audience was known.
        assertThat(sent).isBetween(4_000L, 600 + 6_000 + 300L);
    }

    @Test
    void rest_of_a_pass_is_charged_for_what_it_sends() {
        connect("a", PAGE);
        IntStream.range(0, 40).forEach(i -> watch("w%02d".formatted(i), PAGE));
        IntStream.range(20, 28).forEach(i -> gateway.hang("w%02d".formatted(i)));

        BroadcastReport first = broadcast(trigger(PAGE), new Deadline(time.now().plusSeconds(40)));
        assertThat(first.outcome()).isEqualTo(Outcome.DEFERRED);
        Instant charged = time.now().plusMillis(100L * (first.tally().posts() - 1));
        assertThat(budget(PAGE).usedUntil()).isEqualTo(charged);
        gateway.release();
        BroadcastReport rest = stream(PAGE);

        assertThat(rest.outcome()).isEqualTo(Outcome.SENT);
        assertThat(rest.tally().posts()).isGreaterThan(10);
        assertThat(budget(PAGE).usedUntil())
                .isEqualTo(charged.plusMillis(100L * rest.tally().posts()));
        assertThat(gateway.received("w39")).hasSize(1);
    }

    /** Nothing names a watcher that the index does not contain yet, so the pass must be followed by a rescan. */
    @Test
    void watcher_that_the_index_misses_is_sent_the_count_later() {
        store.setLag(Duration.ofSeconds(2));
        connect("a", PAGE);
        time.sleep(Duration.ofSeconds(10));
        stream(PAGE);
        time.sleep(Duration.ofSeconds(10));
        Connection watcher = Connection.opened("w", PAGE, time.now()).watching();
        store.addConnection(watcher, LATER);
        gateway.open("w");
        Connection visitor = Connection.opened("b", PAGE, time.now()).withSiteCounter(SITE);
        store.addConnection(visitor, LATER);
        gateway.open("b");

        broadcast(BroadcastTrigger.stream(PAGE, "stream/" + triggers++, List.of(visitor), 1), LATER);
        assertThat(gateway.received("b")).hasSize(1);
        assertThat(gateway.received("w")).isEmpty();
        time.sleep(Duration.ofSeconds(3));
        broadcast(BroadcastTrigger.wakeUp(PAGE, "wake-up", List.of(), false, wakeUps.takeFollowUps()), LATER);

        assertThat(gateway.received("w")).hasSize(1);
    }

    private void connect(String connectionId, String counterId) {
        store.addConnection(connection(connectionId, counterId).withSiteCounter(SITE), LATER);
        gateway.open(connectionId);
    }

    private void watch(String connectionId, String counterId) {
        store.addConnection(connection(connectionId, counterId).watching(), LATER);
        gateway.open(connectionId);
    }

    private void close(String connectionId) {
        store.removeConnections(List.of(connectionId), Change.PRUNE, time.now(), LATER);
        gateway.close(connectionId);
    }

    private Connection connection(String connectionId, String counterId) {
        return Connection.opened(connectionId, counterId, time.now().minusSeconds(60));
    }

    private BudgetUse budget(String counterId) {
        return leases.read(counterId, LATER).budget();
    }

    private BroadcastTrigger trigger(String counterId) {
        return BroadcastTrigger.stream(counterId, "stream/" + triggers++, List.of(), 1);
    }

    private BroadcastReport stream(String counterId) {
        return broadcast(trigger(counterId), LATER);
    }

    private BroadcastReport broadcast(BroadcastTrigger trigger, Deadline deadline) {
        return new Broadcaster(
                        new Broadcaster.Settings(
                                8, Duration.ofSeconds(10), BUDGET, Duration.ofSeconds(1), false, 1_000, true),
                        new Broadcaster.Ports(store, store, leases, wakeUps, gateway, time, Runnable::run))
                .invocation(
                        MessageFormat.JSON,
                        StaleConnectionPolicy.DELETE_ON_GONE,
                        SegmentInvoker.NONE,
                        FailureLog.NONE,
                        deadline)
                .broadcast(trigger);
    }
}
