package io.github.visitorcounter.internal.broadcast;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.BroadcastReport.Outcome;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.Answer;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentRequest;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.broadcast.delivery.PostOutcome;
import io.github.visitorcounter.internal.broadcast.lease.BroadcastTrigger;
import io.github.visitorcounter.internal.broadcast.lease.BudgetUse;
import io.github.visitorcounter.internal.broadcast.lease.Lease;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore.AcquireRequest;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore.Acquisition;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.testing.FakePoster;
import io.github.visitorcounter.internal.testing.InMemoryLeaseStore;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.InMemoryWakeUps;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.time.Deadline;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BroadcasterTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration WINDOW = Duration.ofSeconds(1);
    private static final int BUDGET = 10;

    private final ManualTimeSource time = new ManualTimeSource();
    private final InMemoryStore store = new InMemoryStore(time, 4);
    private final InMemoryLeaseStore leases = new InMemoryLeaseStore();
    private final InMemoryWakeUps wakeUps = new InMemoryWakeUps();
    private final FakePoster gateway = new FakePoster();
    private MessageFormat format = MessageFormat.JSON;
    private SegmentInvoker segments = SegmentInvoker.NONE;
    private Broadcaster broadcaster = broadcaster(BUDGET, 100, true);
    private int triggers;

    private Broadcaster broadcaster(int budget, int fanOutThreshold, boolean debounces) {
        return new Broadcaster(
                new Broadcaster.Settings(8, GRACE, budget, INTERVAL, debounces, fanOutThreshold, true),
                new Broadcaster.Ports(store, store, leases, wakeUps, gateway, time, Runnable::run));
    }

    @Nested
    class Protocol {

        @Test
        void first_change_after_quiet_is_sent_at_once() {
            connect("a");

            BroadcastReport report = stream();

            assertThat(report.outcome()).isEqualTo(Outcome.SENT);
            assertThat(report.version()).isEqualTo(version());
            assertThat(time.waits()).isEmpty();
            assertThat(gateway.received("a")).hasSize(1);
        }

        @Test
        void version_that_was_sent_is_not_sent_again() {
            connect("a");
            stream();

            assertThat(stream().passes()).isZero();
            assertThat(gateway.received("a")).hasSize(1);
        }

        @Test
        void trigger_that_finds_the_lease_held_ends() {
            connect("a");
            hold("another");

            assertThat(stream().outcome()).isEqualTo(Outcome.LEASE_HELD);
            assertThat(gateway.received("a")).isEmpty();
            assertThat(wakeUps.isPending("site")).isFalse();
        }

        @Test
        void holder_reads_the_count_again_after_the_release() {
            connect("a");
            broadcaster = broadcaster(1_000, 100, true);
            List<BroadcastReport> rejected = new ArrayList<>();
            gateway.hang("a");
            time.duringTheNextSleep(() -> {
                connect("b");
                rejected.add(stream());
                gateway.release();
            });

            BroadcastReport report = stream();

            assertThat(rejected).extracting(BroadcastReport::outcome).containsExactly(Outcome.LEASE_HELD);
            assertThat(report.version()).isEqualTo(version());
            assertThat(newest("a")).isEqualTo(newest("b"));
            assertThat(wakeUps.isPending("site")).isFalse();
        }

        @Test
        void retry_with_its_own_lease_ignores_the_budget() {
            connect("a");
            Lease seen = leases.read("site", LATER);
            Instant usedUntil = time.now().plus(Duration.ofMinutes(2));
            leases.acquire(
                    "site",
                    new AcquireRequest(
                            "crashed",
                            seen,
                            store.read("site", LATER),
                            new BudgetUse(usedUntil, BUDGET, time.now(), 1, 0),
                            time.now(),
                            time.now().plusSeconds(15)),
                    LATER);

            BroadcastReport report = broadcast(BroadcastTrigger.stream("site", "crashed", List.of(), 1));

            assertThat(report.outcome()).isEqualTo(Outcome.SENT);
            assertThat(gateway.received("a")).hasSize(1);
        }

        @Test
        void expired_lease_is_taken_over() {
            connect("a");
            hold("crashed");
            time.sleep(Duration.ofSeconds(16));

            assertThat(stream().outcome()).isEqualTo(Outcome.SENT);
        }

        @Test
        void pass_that_runs_out_of_time_is_resumed() {
            IntStream.range(0, 20).forEach(i -> connect("v%02d".formatted(i)));
            IntStream.range(4, 12).forEach(i -> gateway.hang("v%02d".formatted(i)));

            BroadcastReport report =
                    broadcast(trigger("slow"), new Deadline(time.now().plusSeconds(40)));

            assertThat(report.outcome()).isEqualTo(Outcome.DEFERRED);
            Lease lease = leases.read("site", LATER);
            assertThat(lease.holder()).isNull();
            assertThat(lease.rest().version()).isEqualTo(version());
            assertThat(wakeUps.isPending("site")).isTrue();
            gateway.release();

            BroadcastReport rest = wakeUp();

            assertThat(rest.outcome()).isEqualTo(Outcome.SENT);
            assertThat(gateway.received("v00")).hasSize(1);
            assertThat(gateway.received("v19")).hasSize(1);
            // The pass was charged for 20 messages; those to the eight slow connections were sent twice.
            assertThat(lease.rest().posts() + rest.tally().posts()).isEqualTo(28);
            assertThat(leases.read("site", LATER).budget().usedUntil())
                    .isEqualTo(time.now().plusMillis(800));
            assertThat(leases.read("site", LATER).rest()).isNull();
        }

        @Test
        void message_format_that_throws_costs_nothing() {
            connect("a");
            format = count -> {
                throw new IllegalStateException("on purpose");
            };

            assertThatThrownBy(BroadcasterTest.this::stream).hasMessage("on purpose");

            assertThat(leases.read("site", LATER)).isEqualTo(Lease.NEW);
        }

        @Test
        void message_format_that_returns_null_sends_nothing() {
            connect("a");
            format = count -> null;

            BroadcastReport report = stream();

            assertThat(report.outcome()).isEqualTo(Outcome.SENT);
            assertThat(gateway.order()).isEmpty();
            assertThat(leases.read("site", LATER).sentVersion()).isEqualTo(version());
            assertThat(leases.read("site", LATER).budget().usedUntil()).isEqualTo(Instant.EPOCH);
        }
    }

    @Nested
    class WakeUpsAndDebounce {

        @Test
        void change_within_the_interval_requests_a_wake_up() {
            connect("a");
            stream();
            Connection b = connect("b");

            BroadcastReport report = stream(b);

            assertThat(report.outcome()).isEqualTo(Outcome.DEFERRED);
            assertThat(time.waits()).isEmpty();
            assertThat(gateway.received("a")).hasSize(1);
            assertThat(gateway.received("b")).hasSize(1);
            assertThat(wakeUps.isPending("site")).isTrue();
        }

        @Test
        void wake_up_sends_to_all_and_clears_its_request() {
            connect("a");
            stream();
            connect("b");
            stream();

            assertThat(wakeUp().outcome()).isEqualTo(Outcome.SENT);

            assertThat(newest("a")).isEqualTo(newest("b"));
            assertThat(wakeUps.isPending("site")).isFalse();
        }

        @Test
        void one_wake_up_serves_many_changes() {
            connect("a");
            stream();
            IntStream.range(0, 20).forEach(i -> {
                connect("v" + i);
                stream();
            });

            assertThat(wakeUps.takeRecords()).containsExactly("site");
        }

        @Test
        void short_wait_needs_no_wake_up() {
            connect("a");
            stream();
            time.sleep(INTERVAL.minusMillis(200));
            int waits = time.waits().size();
            connect("b");

            assertThat(stream().outcome()).isEqualTo(Outcome.SENT);
            assertThat(time.waits().subList(waits, time.waits().size())).containsExactly(Duration.ofMillis(200));
        }

        @Test
        void invocation_waits_a_quarter_second_in_total() {
            connect("a", "one");
            broadcast(BroadcastTrigger.stream("one", "1", List.of(), 1));
            time.sleep(Duration.ofMillis(200));
            connect("b", "two");
            broadcast(BroadcastTrigger.stream("two", "2", List.of(), 1));
            time.sleep(Duration.ofMillis(600));
            connect("c", "one");
            connect("d", "two");
            Broadcaster.Invocation invocation = broadcaster.invocation(
                    format, StaleConnectionPolicy.DELETE_ON_GONE, segments, FailureLog.NONE, LATER);

            BroadcastReport one = invocation.broadcast(BroadcastTrigger.stream("one", "3", List.of(), 1));
            BroadcastReport two = invocation.broadcast(BroadcastTrigger.stream("two", "4", List.of(), 1));

            assertThat(one.outcome()).isEqualTo(Outcome.SENT);
            assertThat(two.outcome()).isEqualTo(Outcome.DEFERRED);
        }

        @Test
        void disconnect_waits_for_its_wake_up() {
            connect("a");
            connect("b");
            stream();
            time.sleep(Duration.ofMinutes(1));
            disconnect("b");

            assertThat(disconnects().outcome()).isEqualTo(Outcome.DEFERRED);
            assertThat(gateway.received("a")).hasSize(1);

            wakeUp();
            assertThat(gateway.received("a")).hasSize(2);
        }

        @Test
        void page_reload_is_invisible_to_others() {
            connect("a");
            connect("b");
            stream();
            time.sleep(Duration.ofMinutes(1));
            disconnect("b");
            disconnects();
            connect("b-again");

            stream();
            wakeUp();

            assertThat(gateway.received("a")).hasSize(2).allMatch(message -> message.contains("\"live\":2"));
        }

        @Test
        void without_debounce_a_disconnect_is_sent_at_once() {
            broadcaster = broadcaster(BUDGET, 100, false);
            connect("a");
            connect("b");
            stream();
            time.sleep(Duration.ofMinutes(1));
            disconnect("b");

            assertThat(disconnects().outcome()).isEqualTo(Outcome.SENT);
        }

        @Test
        void overdue_wake_up_is_reported() {
            connect("a");
            stream();
            connect("b");
            stream();
            time.sleep(Duration.ofSeconds(61));
            disconnect("b");

            assertThat(disconnects().outcome()).isEqualTo(Outcome.WAKE_UP_OVERDUE);
        }

        @Test
        void counter_that_may_not_send_delays_no_other() {
            connect("a", "full");
            connect("b", "free");
            Broadcaster.Invocation invocation = broadcaster.invocation(
                    format, StaleConnectionPolicy.DELETE_ON_GONE, segments, FailureLog.NONE, LATER);
            invocation.broadcast(BroadcastTrigger.stream("full", "1", List.of(), 1));
            connect("c", "full");

            invocation.broadcast(BroadcastTrigger.stream("full", "2", List.of(), 1));
            invocation.broadcast(BroadcastTrigger.stream("free", "3", List.of(), 1));

            assertThat(gateway.received("b")).hasSize(1);
            assertThat(time.waits()).isEmpty();
        }
    }

    @Nested
    class Budget {

        @Test
        void cost_of_a_burst_is_proportional_to_its_size() {
            int visitors = 100;
            broadcaster = broadcaster(100, 1_000, true);
            for (int i = 0; i < visitors; i++) {
                stream(connect("v" + i));
                time.sleep(Duration.ofMillis(10));
            }
            while (wakeUps.isPending("site")) {
                wakeUp();
            }

            assertThat(gateway.order().size()).isLessThan(5 * visitors);
            assertThat(newest("v0")).isEqualTo(newest("v99"));
        }

        @Test
        void cost_is_limited_by_budget_and_bucket() {
            IntStream.range(0, 20).forEach(i -> connect("v" + i));
            for (int second = 0; second < 120; second++) {
                connect("w" + second);
                stream();
                wakeUp();
            }

            assertThat(gateway.order().size()).isLessThanOrEqualTo(BUDGET * (120 + 60) + 141);
        }

        @Test
        void audience_larger_than_the_bucket_waits_for_a_full_one() {
            int audience = 60 * BUDGET + 1;
            IntStream.range(0, audience).forEach(i -> connect("v" + i));
            broadcaster = broadcaster(BUDGET, 10_000, true);
            stream();
            connect("w");

            assertThat(stream().outcome()).isEqualTo(Outcome.DEFERRED);
            time.sleep(Duration.ofSeconds(audience / BUDGET + 1));
            assertThat(stream().outcome()).isEqualTo(Outcome.SENT);
        }

        @Test
        void used_up_budget_sends_new_connections_nothing() {
            connect("a");
            stream();
            leases.charge(
                    "site",
                    new LeaseStore.Charge(time.now(), 60_000_000, time.now().plusSeconds(90), false, false),
                    LATER);
            Connection b = connect("b");

            stream(b);

            assertThat(gateway.received("b")).isEmpty();
        }

        @Test
        void retries_are_charged() {
            connect("a");
            gateway.script("a", FakePoster.UNAVAILABLE, FakePoster.UNAVAILABLE);

            Instant start = time.now();

            stream();

            assertThat(leases.read("site", LATER).budget().usedUntil())
                    .isAfterOrEqualTo(start.plus(Duration.ofMillis(300)));
        }

        @Test
        void larger_budget_applies_from_its_deployment() {
            broadcaster = broadcaster(1, 1_000_000, true);
            IntStream.range(0, 5_000).forEach(i -> connect("v" + i));
            stream();
            time.sleep(Duration.ofMinutes(2));
            connect("w");
            broadcaster = broadcaster(10_000, 1_000_000, true);

            stream();
            for (int second = 0; second < 61; second++) {
                wakeUp();
            }

            assertThat(newest("w")).isEqualTo(newest("v0"));
        }
    }

    @Nested
    class UnsentConnections {

        @Test
        void wake_up_retries_a_connection_in_its_handshake() {
            connect("a");
            Connection young = connect("young", "site", Duration.ZERO);
            gateway.close("young");

            stream(young);
            gateway.open("young");
            wakeUp();

            assertThat(gateway.received("young")).hasSize(1);
            assertThat(gateway.received("a")).hasSize(1);
        }

        @Test
        void connection_that_never_opens_is_removed() {
            connect("a");
            Connection never = connect("never", "site", Duration.ZERO);
            gateway.close("never");

            stream(never);
            for (int second = 0; second < 20 && store.find("never", LATER) != null; second++) {
                wakeUp();
            }

            assertThat(store.find("never", LATER)).isNull();
        }

        @Test
        void newer_version_replaces_a_follow_up() {
            Connection a = connect("a");
            gateway.script("a", unavailable(3));
            stream(a);
            time.sleep(Duration.ofSeconds(5));
            connect("b");
            stream();

            assertThat(wakeUp().tally().posts()).isZero();
            assertThat(gateway.received("a")).hasSize(1);
        }

        @ParameterizedTest
        @ValueSource(ints = {4_000, 12_000})
        void wake_ups_retry_any_number_of_connections(int audience) {
            broadcaster = broadcaster(10_000, 1_000_000, true);
            IntStream.range(0, audience).forEach(i -> {
                connect("v" + i);
                gateway.script("v" + i, unavailable(3));
            });

            assertThat(stream().outcome()).isEqualTo(Outcome.UNDELIVERED);
            for (int i = 0; i < 5; i++) {
                wakeUp();
            }

            assertThat(IntStream.range(0, audience))
                    .allMatch(i -> gateway.received("v" + i).size() == 1);
        }

        @Test
        void retries_end_after_three_minutes() {
            Connection a = connect("a");
            gateway.script("a", unavailable(10_000));
            stream(a);

            for (int second = 0; second < 185; second++) {
                wakeUp();
            }

            assertThat(wakeUps.takeFollowUps()).isEmpty();
        }
    }

    @Nested
    class Suspects {

        @Test
        void connection_that_answers_410_once_stays() {
            connect("a");
            gateway.script("a", PostOutcome.GONE);

            BroadcastReport report = stream();
            assertThat(report.tally().gone()).isEqualTo(1);
            assertThat(store.find("a", LATER)).isNotNull();

            wakeUp();
            assertThat(store.find("a", LATER)).isNotNull();
            assertThat(gateway.received("a")).hasSize(1);
        }

        @Test
        void connection_that_answers_410_again_is_removed() {
            connect("a");
            connect("closed");
            gateway.close("closed");
            stream();
            assertThat(store.find("closed", LATER)).isNotNull();

            wakeUp();

            assertThat(store.find("closed", LATER)).isNull();
            assertThat(gateway.attempts("closed")).isEqualTo(3);
        }

        @Test
        void unsent_connection_does_not_wait_for_a_suspect() {
            broadcaster = broadcaster(1, 1_000_000, true);
            connect("closed");
            connect("slow");
            gateway.close("closed");
            gateway.script("slow", unavailable(3));
            stream();
            time.sleep(Duration.ofMinutes(1));

            wakeUp();

            assertThat(gateway.received("slow")).hasSize(1);
            assertThat(gateway.attempts("closed")).isEqualTo(1);
        }

        @Test
        void one_false_410_at_a_wake_up_removes_nothing() {
            connect("a");
            gateway.script("a", PostOutcome.GONE, PostOutcome.GONE);
            stream();

            wakeUp();

            assertThat(store.find("a", LATER)).isNotNull();
        }

        @Test
        void other_failures_do_not_confirm_a_410() {
            connect("a");
            gateway.script("a", PostOutcome.GONE, FakePoster.UNAVAILABLE, PostOutcome.GONE, FakePoster.UNAVAILABLE);
            stream();

            wakeUp();
            wakeUp();

            assertThat(store.find("a", LATER)).isNotNull();
        }

        @Test
        void pass_of_a_wake_up_confirms_suspects() {
            connect("a");
            connect("closed");
            gateway.close("closed");
            stream();
            connect("b");
            stream();

            wakeUp();

            assertThat(store.find("closed", LATER)).isNull();
        }

        @Test
        void policy_may_keep_a_stale_connection() {
            connect("closed");
            gateway.close("closed");
            stream();
            time.sleep(WINDOW);

            broadcaster
                    .invocation(format, StaleConnectionPolicy.KEEP, segments, FailureLog.NONE, LATER)
                    .broadcast(wakeUpTrigger());

            assertThat(store.find("closed", LATER)).isNotNull();
        }
    }

    @Nested
    class LargeAudience {

        private final List<SegmentRequest> requests = new ArrayList<>();
        private final List<Answer> failures = new ArrayList<>();

        private CompletionStage<Answer> invoke(SegmentRequest request) {
            requests.add(request);
            if (!failures.isEmpty()) {
                return CompletableFuture.completedFuture(failures.remove(0));
            }
            return CompletableFuture.completedFuture(new Answer.Sent(broadcaster
                    .invocation(
                            format, StaleConnectionPolicy.DELETE_ON_GONE, SegmentInvoker.NONE, FailureLog.NONE, LATER)
                    .send(request)));
        }

        private void audience() {
            broadcaster = broadcaster(10_000, 10, true);
            segments = (request, timeout) -> invoke(request);
            IntStream.range(0, 40).forEach(i -> connect("v" + i));
        }

        private void assertAllReceivedOne() {
            assertThat(IntStream.range(0, 40))
                    .allMatch(i -> gateway.received("v" + i).size() == 1);
        }

        @Test
        void is_split_into_segments() {
            audience();

            BroadcastReport report = stream();

            assertThat(requests).extracting(SegmentRequest::segment).containsExactly(0, 1, 2, 3);
            assertThat(report.tally().delivered()).isEqualTo(40);
            assertAllReceivedOne();
        }

        @Test
        void throttled_segments_are_sent() {
            audience();
            Answer throttled = new Answer.Throttled(FakePoster.THROTTLED.failure());
            failures.addAll(List.of(throttled, throttled, throttled));

            assertThat(stream().outcome()).isEqualTo(Outcome.SENT);

            assertAllReceivedOne();
        }

        @Test
        void function_that_may_not_invoke_itself_sends_in_place() {
            audience();
            segments = SegmentInvoker.NONE;

            assertThat(stream().outcome()).isEqualTo(Outcome.SENT);

            assertAllReceivedOne();
        }

        @Test
        void failed_segment_is_retried_then_sent_in_place() {
            audience();
            List<Integer> attempts = new ArrayList<>();
            segments = (request, timeout) -> {
                if (request.segment() == 2) {
                    attempts.add(2);
                    return CompletableFuture.failedFuture(new ServiceUnavailableException("on purpose", null));
                }
                return invoke(request);
            };

            assertThat(stream().outcome()).isEqualTo(Outcome.SENT);

            assertThat(attempts).isNotEmpty();
            assertAllReceivedOne();
        }

        @Test
        void pass_out_of_time_resumes_its_open_segments() {
            audience();
            segments = (request, timeout) -> {
                if (request.segment() > 1) {
                    return new CompletableFuture<>();
                }
                return invoke(request);
            };

            BroadcastReport report =
                    broadcast(trigger("slow"), new Deadline(time.now().plusSeconds(40)));

            assertThat(report.outcome()).isEqualTo(Outcome.DEFERRED);
            assertThat(leases.read("site", LATER).rest().pages())
                    .extracting(page -> page.segment() + "/" + page.totalSegments())
                    .containsExactly("2/4", "3/4");
            Instant budgetUsedUntil = leases.read("site", LATER).budget().usedUntil();
            segments = (request, timeout) -> invoke(request);
            wakeUp();
            assertAllReceivedOne();
            // They may have been sent without an answer in time: their posts are charged again.
            assertThat(leases.read("site", LATER).budget().usedUntil()).isAfter(budgetUsedUntil);
        }

        @Test
        void suspects_of_segments_are_confirmed() {
            audience();
            gateway.close("v7");
            stream();
            assertThat(store.find("v7", LATER)).isNotNull();
            time.sleep(Duration.ofSeconds(5));
            connect("w");
            stream();

            wakeUp();

            assertThat(store.find("v7", LATER)).isNull();
        }
    }

    private static PostOutcome[] unavailable(int times) {
        PostOutcome[] outcomes = new PostOutcome[times];
        Arrays.fill(outcomes, FakePoster.UNAVAILABLE);
        return outcomes;
    }

    private Connection connect(String connectionId) {
        return connect(connectionId, "site");
    }

    private Connection connect(String connectionId, String counterId) {
        return connect(connectionId, counterId, Duration.ofMinutes(1));
    }

    private Connection connect(String connectionId, String counterId, Duration ago) {
        Connection connection =
                Connection.opened(connectionId, counterId, time.now().minus(ago));
        store.addConnection(connection, LATER);
        gateway.open(connectionId);
        return connection;
    }

    private void disconnect(String connectionId) {
        store.removeConnections(List.of(connectionId), Change.DISCONNECT, time.now(), LATER);
        gateway.close(connectionId);
    }

    private long version() {
        return store.read("site", LATER).version();
    }

    private void hold(String holder) {
        hold("site", holder);
    }

    private void hold(String counterId, String holder) {
        Lease seen = leases.read(counterId, LATER);
        Acquisition held = leases.acquire(
                counterId,
                new AcquireRequest(
                        holder,
                        seen,
                        store.read(counterId, LATER),
                        new BudgetUse(seen.budget().usedUntil(), BUDGET, time.now(), 1, 0),
                        time.now(),
                        time.now().plusSeconds(15)),
                LATER);
        assertThat(held).isInstanceOf(Acquisition.Held.class);
    }

    private String newest(String connectionId) {
        List<String> received = gateway.received(connectionId);
        return received.isEmpty() ? "nothing" : received.get(received.size() - 1);
    }

    private BroadcastTrigger trigger(String identity) {
        return BroadcastTrigger.stream("site", identity, List.of(), 1);
    }

    private BroadcastReport stream(Connection... newConnections) {
        return broadcast(BroadcastTrigger.stream("site", "stream/" + triggers++, List.of(newConnections), 1));
    }

    private BroadcastReport disconnects() {
        return broadcast(BroadcastTrigger.disconnects("site", "stream/" + triggers++));
    }

    /** Broadcasts with the wake-up's stream records, one batching window later. */
    private BroadcastReport wakeUp() {
        time.sleep(WINDOW);
        return broadcast(wakeUpTrigger());
    }

    private BroadcastTrigger wakeUpTrigger() {
        boolean clears = !wakeUps.takeRecords().isEmpty();
        return BroadcastTrigger.wakeUp("site", "wake-up/" + triggers++, List.of(), clears, wakeUps.takeFollowUps());
    }

    private BroadcastReport broadcast(BroadcastTrigger trigger) {
        return broadcast(trigger, LATER);
    }

    private BroadcastReport broadcast(BroadcastTrigger trigger, Deadline deadline) {
        return broadcaster
                .invocation(format, StaleConnectionPolicy.DELETE_ON_GONE, segments, FailureLog.NONE, deadline)
                .broadcast(trigger);
    }
}
