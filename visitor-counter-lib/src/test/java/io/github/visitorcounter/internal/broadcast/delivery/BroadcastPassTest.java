package io.github.visitorcounter.internal.broadcast.delivery;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.broadcast.DeliveryStats;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.delivery.PassResult.End;
import io.github.visitorcounter.internal.broadcast.lease.LeaseRenewer;
import io.github.visitorcounter.internal.broadcast.lease.WaitAllowance;
import io.github.visitorcounter.internal.connection.ConnectionPage;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.connection.PageRequest;
import io.github.visitorcounter.internal.time.Backoff;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.testing.FakePoster;
import io.github.visitorcounter.testing.InMemoryStore;
import io.github.visitorcounter.testing.ManualTimeSource;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BroadcastPassTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final ManualTimeSource time = new ManualTimeSource();
    private final InMemoryStore store = new InMemoryStore(time, 4);
    private final FakePoster gateway = new FakePoster();
    private final List<FailedCall> failures = new ArrayList<>();

    @Test
    void everyone_on_every_page_is_told_once() {
        List<String> everyone = IntStream.range(0, 30).mapToObj(i -> "v" + i).toList();
        everyone.forEach(this::arrive);

        PassResult result = run();

        assertThat(everyone).allSatisfy(id -> assertThat(gateway.received(id)).containsExactly("hello"));
        assertThat(result.end()).isEqualTo(End.COMPLETE);
        assertThat(result.tally()).isEqualTo(new DeliveryStats(30, 30, 0, 0, 0, 0, 30));
        assertThat(result.unsent()).isEmpty();
    }

    @Test
    void the_first_are_told_before_the_others_and_only_once() {
        List.of("a", "b", "c", "z").forEach(this::arrive);
        List<Connection> first = List.of(store.find("z", LATER));

        PassResult result = pass(
                        new PassPlan("hello", first, Set.of(), PageRequest.first("site")),
                        store,
                        LeaseRenewer.NOT_NEEDED,
                        LATER)
                .run();

        assertThat(gateway.order()).startsWith("z").hasSize(4);
        assertThat(result.tally().delivered()).isEqualTo(4);
    }

    @Test
    void without_pages_only_the_first_are_told() {
        List.of("a", "b").forEach(this::arrive);
        PassPlan plan = new PassPlan("hello", List.of(store.find("b", LATER)), Set.of(), null);

        pass(plan, store, LeaseRenewer.NOT_NEEDED, LATER).run();

        assertThat(gateway.order()).containsExactly("b");
    }

    @Test
    void never_more_posts_are_under_way_than_allowed() {
        IntStream.range(0, 30).forEach(i -> arrive("v" + i));
        gateway.hold();

        run(store, new Deadline(time.now().plusSeconds(5)));

        assertThat(gateway.mostUnderWay()).isEqualTo(3);
    }

    @Test
    void a_throttled_a_failing_and_a_rejected_connection_do_not_stop_the_others() {
        List.of("a", "b", "c", "d").forEach(this::arrive);
        gateway.script("a", FakePoster.THROTTLED, FakePoster.THROTTLED, PostOutcome.DELIVERED);
        gateway.script("b", FakePoster.UNAVAILABLE, FakePoster.UNAVAILABLE, FakePoster.UNAVAILABLE);
        gateway.script("c", FakePoster.REJECTED);

        PassResult result = run();

        assertThat(gateway.received("a")).containsExactly("hello");
        assertThat(gateway.attempts("b")).isEqualTo(3);
        assertThat(gateway.attempts("c")).isEqualTo(1);
        assertThat(gateway.received("d")).containsExactly("hello");
        assertThat(result.end()).isEqualTo(End.COMPLETE);
        assertThat(result.tally()).isEqualTo(new DeliveryStats(4, 2, 0, 0, 2, 0, 8));
        // A post that was throttled and then delivered has not failed.
        assertThat(failures).extracting(FailedCall::status).containsExactlyInAnyOrder(500, 403);
        assertThat(result.unsent()).extracting(Connection::connectionId).containsExactly("b");
    }

    @Test
    void a_connection_that_waits_to_be_tried_again_delays_nobody() {
        List.of("a", "b", "c", "d", "e", "f").forEach(this::arrive);
        gateway.script("a", FakePoster.UNAVAILABLE);

        run();

        // Time moves only when the pass has nothing else to do than to wait: everyone but "a" was told before that.
        assertThat(time.waits()).hasSize(1);
        assertThat(gateway.order()).endsWith("a").hasSize(7);
    }

    @Test
    void a_connection_that_hangs_holds_the_pass_for_a_second_and_is_a_straggler() {
        List.of("a", "b").forEach(this::arrive);
        gateway.hang("a");
        Instant start = time.now();

        PassResult result = run();

        assertThat(Duration.between(start, time.now())).isEqualTo(Duration.ofSeconds(1));
        assertThat(gateway.received("b")).containsExactly("hello");
        assertThat(result.end()).isEqualTo(End.COMPLETE);
        assertThat(result.tally().failed()).isEqualTo(1);
        assertThat(failures).extracting(FailedCall::errorType).containsExactly("NotAnswered");
        assertThat(result.unsent()).extracting(Connection::connectionId).containsExactly("a");
    }

    @Test
    void a_connection_that_finds_no_free_post_to_be_tried_again_is_a_straggler() {
        List.of("a", "b", "c", "d").forEach(this::arrive);
        gateway.script("a", FakePoster.UNAVAILABLE);
        List.of("b", "c", "d").forEach(gateway::hang);

        PassResult result = run();

        assertThat(gateway.attempts("a")).isEqualTo(1);
        assertThat(result.tally().failed()).isEqualTo(4);
        assertThat(failures).extracting(FailedCall::status).containsExactlyInAnyOrder(500, 0, 0, 0);
        assertThat(result.unsent()).extracting(Connection::connectionId).containsExactlyInAnyOrder("a", "b", "c", "d");
    }

    @Test
    void a_young_connection_that_answers_gone_is_tried_again_and_not_removed() {
        arrive("young", Duration.ZERO);
        gateway.script("young", PostOutcome.GONE, PostOutcome.GONE);

        PassResult result = run();

        assertThat(gateway.received("young")).containsExactly("hello");
        assertThat(result.tally()).isEqualTo(new DeliveryStats(1, 1, 0, 0, 0, 0, 3));
    }

    @Test
    void a_young_connection_whose_handshake_takes_longer_is_a_straggler_and_not_removed() {
        arrive("young", Duration.ZERO);
        gateway.close("young");

        PassResult result = run();

        assertThat(gateway.attempts("young")).isEqualTo(3);
        assertThat(result.toRemove()).isEmpty();
        assertThat(result.tally().notYetOpen()).isEqualTo(1);
        assertThat(result.unsent()).extracting(Connection::connectionId).containsExactly("young");
    }

    @Test
    void old_connection_that_answers_410_is_a_suspect() {
        arrive("old", GRACE);
        gateway.close("old");

        PassResult result = run();

        assertThat(gateway.attempts("old")).isEqualTo(1);
        assertThat(result.suspects()).extracting(Connection::connectionId).containsExactly("old");
        assertThat(result.toRemove()).isEmpty();
        assertThat(result.tally()).isEqualTo(new DeliveryStats(1, 0, 1, 0, 0, 0, 1));
        assertThat(result.unsent()).isEmpty();
    }

    @Test
    void suspect_that_answers_410_twice_is_removed() {
        arrive("old", GRACE);
        gateway.close("old");

        PassResult result = pass(
                        new PassPlan("hello", List.of(), Set.of("old"), PageRequest.first("site")),
                        store,
                        LeaseRenewer.NOT_NEEDED,
                        LATER)
                .run();

        assertThat(gateway.attempts("old")).isEqualTo(2);
        assertThat(result.toRemove()).containsExactly("old");
        assertThat(result.suspects()).isEmpty();
    }

    @Test
    void with_nothing_under_way_a_pass_waits_a_quarter_of_a_second() {
        arrive("a");
        gateway.script("a", FakePoster.THROTTLED, FakePoster.THROTTLED, FakePoster.THROTTLED);

        PassResult result = run();

        assertThat(time.waits().stream().reduce(Duration.ZERO, Duration::plus))
                .isLessThanOrEqualTo(WaitAllowance.MAX_WAIT);
        assertThat(result.unsent()).extracting(Connection::connectionId).containsExactly("a");
        assertThat(failures).extracting(FailedCall::status).containsExactly(429);
    }

    @Test
    void the_deadline_ends_the_pass_and_the_cursor_says_where_to_go_on() {
        List<String> everyone =
                IntStream.range(0, 12).mapToObj(i -> "v%02d".formatted(i)).toList();
        everyone.forEach(this::arrive);
        gateway.hang("v05");
        gateway.hang("v06");
        gateway.hang("v07");

        PassResult result = run(store, new Deadline(time.now().plusSeconds(5)));

        assertThat(result.end()).isEqualTo(End.OUT_OF_TIME);
        // Pages have four rows: v04 to v07 have not all had their turn.
        assertThat(result.resumeAt()).isEqualTo(PageRequest.first("site").from("v03"));

        gateway.release();
        PageRequest rest = PageRequest.first("site").from("v03");
        pass(new PassPlan("hello", List.of(), Set.of(), rest), store, LeaseRenewer.NOT_NEEDED, LATER)
                .run();
        assertThat(everyone).allSatisfy(id -> assertThat(gateway.received(id)).isNotEmpty());
    }

    @Test
    void when_the_time_is_over_on_the_first_page_the_rest_begins_there() {
        IntStream.range(0, 12).forEach(i -> arrive("v%02d".formatted(i)));
        List.of("v01", "v02", "v03").forEach(gateway::hang);

        PassResult result = run(store, new Deadline(time.now().plusSeconds(5)));

        assertThat(result.end()).isEqualTo(End.OUT_OF_TIME);
        assertThat(gateway.attempts("v04")).isZero();
        assertThat(result.resumeAt()).isEqualTo(PageRequest.first("site"));
    }

    @Test
    void when_the_time_is_over_and_a_newcomer_was_not_told_the_rest_begins_at_the_first_page() {
        IntStream.range(0, 12).forEach(i -> arrive("v%02d".formatted(i)));
        List.of("v01", "v05", "v06").forEach(gateway::hang);
        PassPlan plan = new PassPlan("hello", List.of(store.find("v01", LATER)), Set.of(), PageRequest.first("site"));

        PassResult result = pass(
                        plan,
                        store,
                        LeaseRenewer.NOT_NEEDED,
                        new Deadline(time.now().plusSeconds(5)))
                .run();

        assertThat(result.end()).isEqualTo(End.OUT_OF_TIME);
        assertThat(gateway.received("v03")).hasSize(1);
        assertThat(result.resumeAt()).isEqualTo(PageRequest.first("site"));
    }

    @Test
    void the_lease_is_renewed_while_the_pass_runs_and_its_loss_ends_the_pass() {
        IntStream.range(0, 9).forEach(i -> arrive("v" + i));
        gateway.hold();
        List<Instant> renewals = new ArrayList<>();
        LeaseRenewer renewer = new LeaseRenewer() {
            private Instant dueAt = time.now().plusSeconds(5);

            @Override
            public Instant dueAt() {
                return dueAt;
            }

            @Override
            public boolean renew(Instant now) {
                renewals.add(now);
                dueAt = now.plusSeconds(5);
                return renewals.size() < 3;
            }
        };

        PassResult result = pass(
                        new PassPlan("hello", List.of(), Set.of(), PageRequest.first("site")), store, renewer, LATER)
                .run();

        assertThat(result.end()).isEqualTo(End.LEASE_LOST);
        assertThat(renewals).hasSize(3);
    }

    @Test
    void throttled_account_halves_the_concurrency() {
        ConcurrencyWindow window = new ConcurrencyWindow(8);

        IntStream.range(0, 8).forEach(i -> window.throttled());
        assertThat(window.admits(3)).isTrue();
        assertThat(window.admits(4)).isFalse();

        IntStream.range(0, 100).forEach(i -> window.delivered());
        assertThat(window.admits(7)).isTrue();
        assertThat(window.admits(8)).isFalse();
    }

    @Test
    void slow_clients_do_not_halve_the_concurrency() {
        ConcurrencyWindow window = new ConcurrencyWindow(100);

        for (int i = 0; i < 1_000; i++) {
            if (i % 5 == 0) {
                window.throttled();
            } else {
                window.delivered();
            }
        }

        assertThat(window.admits(99)).isTrue();
    }

    @Test
    void the_next_page_is_read_while_one_is_posted_but_no_third_while_two_wait() {
        List<Connection> page = IntStream.range(0, 1_000)
                .mapToObj(i -> Connection.opened("v" + i, "site", time.now()))
                .toList();
        List<PageRequest> requests = new ArrayList<>();
        ConnectionStore large = reading(request -> {
            requests.add(request);
            return new ConnectionPage(page, requests.size() < 10 ? "more" : null);
        });
        gateway.hold();

        run(large, new Deadline(time.now().plusSeconds(5)));

        assertThat(requests).hasSize(2);
    }

    @Test
    void a_page_that_can_not_be_read_fails_the_pass() {
        ConnectionStore down = reading(request -> {
            throw new ServiceUnavailableException("on purpose", null);
        });

        assertThatThrownBy(() -> run(down, LATER)).hasMessage("on purpose");
    }

    private static ConnectionStore reading(Function<PageRequest, ConnectionPage> pages) {
        return new ConnectionStore() {
            @Override
            public Connection find(String connectionId, Deadline deadline) {
                return null;
            }

            @Override
            public ConnectionPage read(PageRequest request, Deadline deadline) {
                return pages.apply(request);
            }
        };
    }

    private void arrive(String connectionId) {
        arrive(connectionId, Duration.ofMinutes(1));
    }

    private void arrive(String connectionId, Duration ago) {
        store.addConnection(Connection.opened(connectionId, "site", time.now().minus(ago)), LATER);
        gateway.open(connectionId);
    }

    private PassResult run() {
        return run(store, LATER);
    }

    private PassResult run(ConnectionStore connections, Deadline deadline) {
        return pass(
                        new PassPlan("hello", List.of(), Set.of(), PageRequest.first("site")),
                        connections,
                        LeaseRenewer.NOT_NEEDED,
                        deadline)
                .run();
    }

    private BroadcastPass pass(PassPlan plan, ConnectionStore connections, LeaseRenewer renewer, Deadline deadline) {
        Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1), () -> 0.999);
        PassPorts ports = new PassPorts(connections, gateway, 3, GRACE, backoff, time, Runnable::run);
        return new BroadcastPass(
                plan,
                ports,
                StaleConnectionPolicy.DELETE_ON_GONE,
                renewer,
                new WaitAllowance(),
                failures::add,
                deadline);
    }
}
