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
import io.github.visitorcounter.internal.testing.FakePoster;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.time.Backoff;
import io.github.visitorcounter.internal.time.Deadline;
import org.junit.jupiter.api.Nested;
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

    @Nested
    class Recipients {

        @Test
        void all_connections_receive_the_message_once() {
            List<String> connections =
                    IntStream.range(0, 30).mapToObj(i -> "v" + i).toList();
            connections.forEach(BroadcastPassTest.this::connect);

            PassResult result = run();

            assertThat(connections)
                    .allSatisfy(id -> assertThat(gateway.received(id)).containsExactly("hello"));
            assertThat(result.end()).isEqualTo(End.COMPLETE);
            assertThat(result.tally()).isEqualTo(new DeliveryStats(30, 30, 0, 0, 0, 0, 30));
            assertThat(result.unsent()).isEmpty();
        }

        @Test
        void first_connections_are_sent_before_others_and_once() {
            List.of("a", "b", "c", "z").forEach(BroadcastPassTest.this::connect);
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
        void plan_without_pages_sends_to_first_connections() {
            List.of("a", "b").forEach(BroadcastPassTest.this::connect);
            PassPlan plan = new PassPlan("hello", List.of(store.find("b", LATER)), Set.of(), null);

            pass(plan, store, LeaseRenewer.NOT_NEEDED, LATER).run();

            assertThat(gateway.order()).containsExactly("b");
        }

        @Test
        void one_page_is_read_ahead() {
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
        void page_that_cannot_be_read_fails_the_pass() {
            ConnectionStore down = reading(request -> {
                throw new ServiceUnavailableException("on purpose", null);
            });

            assertThatThrownBy(() -> run(down, LATER)).hasMessage("on purpose");
        }
    }

    @Nested
    class Failures {

        @Test
        void failing_connections_do_not_stop_the_others() {
            List.of("a", "b", "c", "d").forEach(BroadcastPassTest.this::connect);
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
        void retry_delays_no_other_connection() {
            List.of("a", "b", "c", "d", "e", "f").forEach(BroadcastPassTest.this::connect);
            gateway.script("a", FakePoster.UNAVAILABLE);

            run();

            // Time advances only while the pass waits: all others received the message before.
            assertThat(time.waits()).hasSize(1);
            assertThat(gateway.order()).endsWith("a").hasSize(7);
        }

        @Test
        void hanging_connection_is_unsent_after_a_second() {
            List.of("a", "b").forEach(BroadcastPassTest.this::connect);
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
        void retry_without_a_free_post_is_unsent() {
            List.of("a", "b", "c", "d").forEach(BroadcastPassTest.this::connect);
            gateway.script("a", FakePoster.UNAVAILABLE);
            List.of("b", "c", "d").forEach(gateway::hang);

            PassResult result = run();

            assertThat(gateway.attempts("a")).isEqualTo(1);
            assertThat(result.tally().failed()).isEqualTo(4);
            assertThat(failures).extracting(FailedCall::status).containsExactlyInAnyOrder(500, 0, 0, 0);
            assertThat(result.unsent())
                    .extracting(Connection::connectionId)
                    .containsExactlyInAnyOrder("a", "b", "c", "d");
        }

        @Test
        void idle_pass_waits_a_quarter_second_at_most() {
            connect("a");
            gateway.script("a", FakePoster.THROTTLED, FakePoster.THROTTLED, FakePoster.THROTTLED);

            PassResult result = run();

            assertThat(time.waits().stream().reduce(Duration.ZERO, Duration::plus))
                    .isLessThanOrEqualTo(WaitAllowance.MAX_WAIT);
            assertThat(result.unsent()).extracting(Connection::connectionId).containsExactly("a");
            assertThat(failures).extracting(FailedCall::status).containsExactly(429);
        }
    }

    @Nested
    class GoneConnections {

        @Test
        void young_connection_that_answers_410_is_retried() {
            connect("young", Duration.ZERO);
            gateway.script("young", PostOutcome.GONE, PostOutcome.GONE);

            PassResult result = run();

            assertThat(gateway.received("young")).containsExactly("hello");
            assertThat(result.tally()).isEqualTo(new DeliveryStats(1, 1, 0, 0, 0, 0, 3));
        }

        @Test
        void young_connection_that_stays_closed_is_unsent() {
            connect("young", Duration.ZERO);
            gateway.close("young");

            PassResult result = run();

            assertThat(gateway.attempts("young")).isEqualTo(3);
            assertThat(result.toRemove()).isEmpty();
            assertThat(result.tally().notYetOpen()).isEqualTo(1);
            assertThat(result.unsent()).extracting(Connection::connectionId).containsExactly("young");
        }

        @Test
        void old_connection_that_answers_410_is_a_suspect() {
            connect("old", GRACE);
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
            connect("old", GRACE);
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
    }

    @Nested
    class DeadlineAndLease {

        @Test
        void deadline_ends_the_pass_with_a_resume_page() {
            List<String> connections =
                    IntStream.range(0, 12).mapToObj(i -> "v%02d".formatted(i)).toList();
            connections.forEach(BroadcastPassTest.this::connect);
            gateway.hang("v05");
            gateway.hang("v06");
            gateway.hang("v07");

            PassResult result = run(store, new Deadline(time.now().plusSeconds(5)));

            assertThat(result.end()).isEqualTo(End.OUT_OF_TIME);
            // Pages have four rows: v04 to v07 are not all settled.
            assertThat(result.resumeAt()).isEqualTo(PageRequest.first("site").from("v03"));

            gateway.release();
            PageRequest rest = PageRequest.first("site").from("v03");
            pass(new PassPlan("hello", List.of(), Set.of(), rest), store, LeaseRenewer.NOT_NEEDED, LATER)
                    .run();
            assertThat(connections)
                    .allSatisfy(id -> assertThat(gateway.received(id)).isNotEmpty());
        }

        @Test
        void unfinished_first_page_is_the_resume_page() {
            IntStream.range(0, 12).forEach(i -> connect("v%02d".formatted(i)));
            List.of("v01", "v02", "v03").forEach(gateway::hang);

            PassResult result = run(store, new Deadline(time.now().plusSeconds(5)));

            assertThat(result.end()).isEqualTo(End.OUT_OF_TIME);
            assertThat(gateway.attempts("v04")).isZero();
            assertThat(result.resumeAt()).isEqualTo(PageRequest.first("site"));
        }

        @Test
        void unsent_first_connection_resumes_at_the_first_page() {
            IntStream.range(0, 12).forEach(i -> connect("v%02d".formatted(i)));
            List.of("v01", "v05", "v06").forEach(gateway::hang);
            PassPlan plan =
                    new PassPlan("hello", List.of(store.find("v01", LATER)), Set.of(), PageRequest.first("site"));

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
        void lease_is_renewed_and_its_loss_ends_the_pass() {
            IntStream.range(0, 9).forEach(i -> connect("v" + i));
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
                            new PassPlan("hello", List.of(), Set.of(), PageRequest.first("site")),
                            store,
                            renewer,
                            LATER)
                    .run();

            assertThat(result.end()).isEqualTo(End.LEASE_LOST);
            assertThat(renewals).hasSize(3);
        }
    }

    @Nested
    class Concurrency {

        @Test
        void concurrent_posts_are_limited() {
            IntStream.range(0, 30).forEach(i -> connect("v" + i));
            gateway.hold();

            run(store, new Deadline(time.now().plusSeconds(5)));

            assertThat(gateway.maxConcurrent()).isEqualTo(3);
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

    private void connect(String connectionId) {
        connect(connectionId, Duration.ofMinutes(1));
    }

    private void connect(String connectionId, Duration ago) {
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
