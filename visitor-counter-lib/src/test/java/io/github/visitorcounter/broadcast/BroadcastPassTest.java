package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.connection.ConnectionPage;
import io.github.visitorcounter.connection.ConnectionStore;
import io.github.visitorcounter.connection.PageRequest;
import io.github.visitorcounter.testing.FakePoster;
import io.github.visitorcounter.testing.InMemoryStore;
import io.github.visitorcounter.testing.ManualTimekeeper;
import io.github.visitorcounter.time.Backoff;
import io.github.visitorcounter.time.Deadline;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BroadcastPassTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final ManualTimekeeper time = new ManualTimekeeper();
    private final InMemoryStore store = new InMemoryStore(time, 4);
    private final FakePoster gateway = new FakePoster();

    @Test
    void everyone_on_every_page_is_told_once() {
        List<String> everyone = IntStream.range(0, 30).mapToObj(i -> "v" + i).toList();
        everyone.forEach(this::arrive);

        BroadcastReport report = broadcast();

        assertThat(everyone).allSatisfy(id -> assertThat(gateway.received(id)).containsExactly("hello"));
        assertThat(report).isEqualTo(report(30, 30, 0, 0, 0, 0, true));
    }

    @Test
    void never_more_posts_are_under_way_than_allowed() {
        IntStream.range(0, 30).forEach(i -> arrive("v" + i));
        gateway.hold();
        Deadline soon = new Deadline(time.now().plusSeconds(5));

        BroadcastPass pass = pass(store, soon);
        pass.run();

        assertThat(gateway.mostUnderWay()).isEqualTo(3);
    }

    @Test
    void a_throttled_a_failing_and_a_rejected_connection_do_not_stop_the_others() {
        List.of("a", "b", "c", "d").forEach(this::arrive);
        gateway.script("a", PostOutcome.THROTTLED, PostOutcome.THROTTLED, PostOutcome.DELIVERED);
        gateway.script(
                "b",
                PostOutcome.UNAVAILABLE,
                PostOutcome.UNAVAILABLE,
                PostOutcome.UNAVAILABLE,
                PostOutcome.UNAVAILABLE,
                PostOutcome.UNAVAILABLE);
        gateway.script("c", PostOutcome.REJECTED);

        BroadcastReport report = broadcast();

        assertThat(gateway.received("a")).containsExactly("hello");
        assertThat(gateway.attempts("b")).isEqualTo(3);
        assertThat(gateway.attempts("c")).isEqualTo(1);
        assertThat(gateway.received("d")).containsExactly("hello");
        assertThat(report).isEqualTo(report(4, 2, 0, 0, 2, 0, true));
    }

    @Test
    void a_connection_that_waits_to_be_tried_again_delays_nobody() {
        List.of("a", "b", "c", "d", "e", "f").forEach(this::arrive);
        gateway.script("a", PostOutcome.UNAVAILABLE);
        Instant start = time.now();
        gateway.script("f", PostOutcome.DELIVERED);

        broadcast();

        // Time moves only when the pass has nothing else to do than to wait: everyone but "a" was told before that.
        assertThat(time.waits()).hasSize(1);
        assertThat(Duration.between(start, time.now())).isLessThanOrEqualTo(Duration.ofMillis(50));
        assertThat(gateway.received("f")).hasSize(1);
        assertThat(gateway.received("a")).hasSize(1);
    }

    @Test
    void a_young_connection_that_answers_gone_is_tried_again_and_not_removed() {
        arrive("young", Duration.ZERO);
        gateway.script("young", PostOutcome.GONE, PostOutcome.GONE);

        BroadcastReport report = broadcast();

        assertThat(gateway.received("young")).containsExactly("hello");
        assertThat(report).isEqualTo(report(1, 1, 0, 0, 0, 0, true));
    }

    @Test
    void a_young_connection_whose_handshake_takes_too_long_is_left_alone() {
        arrive("young", Duration.ZERO);
        gateway.close("young");

        BroadcastPass pass = pass(store, LATER);
        pass.run();

        assertThat(gateway.attempts("young")).isGreaterThan(1);
        assertThat(pass.toRemove()).isEmpty();
        assertThat(report(pass)).isEqualTo(report(1, 0, 0, 1, 0, 0, true));
    }

    @Test
    void an_old_connection_that_answers_gone_is_removed_at_once() {
        arrive("old", GRACE);
        gateway.close("old");

        BroadcastPass pass = pass(store, LATER);
        pass.run();

        assertThat(gateway.attempts("old")).isEqualTo(1);
        assertThat(pass.toRemove()).containsExactly("old");
        assertThat(report(pass)).isEqualTo(report(1, 0, 1, 0, 0, 0, true));
    }

    @Test
    void the_deadline_ends_the_pass_and_the_report_says_who_was_not_reached() {
        List.of("a", "b", "c", "d").forEach(this::arrive);
        gateway.hold();

        BroadcastPass pass = pass(store, new Deadline(time.now().plusSeconds(5)));
        pass.run();

        assertThat(report(pass)).isEqualTo(report(4, 0, 0, 0, 0, 4, false));
    }

    @Test
    void a_page_that_can_not_be_read_fails_the_pass() {
        ConnectionStore down = new ConnectionStore() {
            @Override
            public Connection find(String connectionId, Deadline deadline) {
                return null;
            }

            @Override
            public ConnectionPage read(PageRequest request, Deadline deadline) {
                throw new ServiceUnavailableException("on purpose", null);
            }
        };

        assertThatThrownBy(() -> pass(down, LATER).run()).hasMessage("on purpose");
    }

    private void arrive(String connectionId) {
        arrive(connectionId, Duration.ofMinutes(1));
    }

    private void arrive(String connectionId, Duration ago) {
        store.arrive(Connection.opened(connectionId, "site", time.now().minus(ago)), LATER);
        gateway.open(connectionId);
    }

    private BroadcastReport broadcast() {
        BroadcastPass pass = pass(store, LATER);
        pass.run();
        return report(pass);
    }

    private BroadcastPass pass(ConnectionStore connections, Deadline deadline) {
        Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1), () -> 0.999);
        return new BroadcastPass(
                "site",
                "hello",
                StaleConnectionPolicy.DELETE_ON_GONE,
                deadline,
                connections,
                gateway,
                new Broadcaster.PassSettings(3, GRACE, backoff),
                time,
                Runnable::run);
    }

    private static BroadcastReport report(BroadcastPass pass) {
        return pass.tally().report("site", 1, 0, Duration.ZERO);
    }

    private static BroadcastReport report(
            int audience, int delivered, int gone, int notYetOpen, int failed, int unreached, boolean complete) {
        return new BroadcastReport(
                "site", 1, audience, delivered, gone, notYetOpen, failed, unreached, 0, complete, Duration.ZERO);
    }
}
