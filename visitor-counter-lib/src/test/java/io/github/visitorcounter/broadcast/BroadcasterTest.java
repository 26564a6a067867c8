package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.broadcast.BroadcastReport.Outcome;
import io.github.visitorcounter.broadcast.Relay.LateLookOrder;
import io.github.visitorcounter.broadcast.Relay.PacerOrder;
import io.github.visitorcounter.broadcast.Relay.SegmentOrder;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.Change;
import io.github.visitorcounter.testing.FakePoster;
import io.github.visitorcounter.testing.InMemoryLeaseStore;
import io.github.visitorcounter.testing.InMemoryStore;
import io.github.visitorcounter.testing.ManualTimekeeper;
import io.github.visitorcounter.time.Deadline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** The broadcaster with stores, gateway and time in memory. */
class BroadcasterTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final Voice VOICE = new Voice(MessageFormat.JSON, StaleConnectionPolicy.DELETE_ON_GONE);
    private static final int BUDGET = 10;
    private static final int FAN_OUT_THRESHOLD = 100;
    private static final Duration LAG = Duration.ofSeconds(2);
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final ManualTimekeeper time = new ManualTimekeeper();
    private final InMemoryStore store = new InMemoryStore(time, 50);
    private final InMemoryLeaseStore leases = new InMemoryLeaseStore();
    private final FakePoster gateway = new FakePoster();
    private final Broadcaster broadcaster = Broadcaster.create(
            new Broadcaster.Settings(
                    8, Duration.ofSeconds(10), BUDGET, Duration.ofMillis(250), GRACE, FAN_OUT_THRESHOLD),
            store,
            store,
            leases,
            gateway,
            time,
            Runnable::run);
    private final RecordingRelay relay = new RecordingRelay(this::tellSegment);
    private final List<Integer> failingSegments = new ArrayList<>();

    @Test
    void a_first_change_after_quiet_goes_out_at_once() {
        arrive("a");

        BroadcastReport report = stream("1");

        assertThat(report.outcome()).isEqualTo(Outcome.SENT);
        assertThat(report.version()).isEqualTo(1);
        assertThat(time.waits()).isEmpty();
        assertThat(gateway.received("a")).hasSize(1);
    }

    @Test
    void a_stream_never_waits_for_the_pace_but_starts_a_pacer_and_greets_the_newcomers() {
        arrive("a");
        stream("1");
        Connection b = arrive("b");

        BroadcastReport report = stream("2", b);

        assertThat(report.outcome()).isEqualTo(Outcome.HANDED_ON);
        assertThat(time.waits()).isEmpty();
        assertThat(gateway.received("a")).hasSize(1);
        assertThat(gateway.received("b")).containsExactly(message(2, 2, 2));
        assertThat(relay.pacers).containsExactly(new PacerOrder("site", "stream/2", 1, null, null));
    }

    @Test
    void the_pacer_takes_the_lease_over_waits_for_the_interval_and_tells_the_crowd() {
        arrive("a");
        stream("1");
        arrive("b");
        stream("2");

        BroadcastReport report = pacer(relay.pacers.get(0), "p");

        assertThat(report.outcome()).isEqualTo(Outcome.SENT);
        assertThat(time.waits()).containsExactly(Duration.ofMillis(250));
        assertThat(gateway.received("a")).hasSize(2);
        assertThat(gateway.received("b")).hasSize(1);
    }

    @Test
    void changes_that_come_while_a_pacer_waits_are_one_pass() {
        arrive("a");
        stream("1");
        arrive("b");
        stream("2");
        for (int i = 3; i < 20; i++) {
            arrive("v" + i);
            assertThat(stream("" + i).outcome()).isEqualTo(Outcome.LEFT_TO_ANOTHER);
        }

        pacer(relay.pacers.get(0), "p");

        assertThat(relay.pacers).hasSize(1);
        assertThat(gateway.received("a")).containsExactly(message(1, 1, 1), message(19, 19, 19));
        assertThat(gateway.received("v7")).containsExactly(message(19, 19, 19));
    }

    @Test
    void a_burst_costs_messages_in_proportion_to_its_size_not_to_its_square() {
        for (int i = 0; i < 90; i++) {
            Connection newcomer = arrive("v" + i);
            stream("" + i, newcomer);
        }
        List.copyOf(relay.pacers).forEach(order -> pacer(order, order.parent()));

        assertThat(gateway.order().size()).isLessThanOrEqualTo(3 * 90);
        assertThat(IntStream.range(0, 90))
                .allSatisfy(i -> assertThat(gateway.received("v" + i)).last().isEqualTo(message(90, 90, 90)));
    }

    @Test
    void the_budget_bounds_the_messages_of_every_minute_however_many_come_and_go() {
        IntStream.range(0, 50).forEach(i -> arrive("v" + i));
        Instant start = time.now();
        int change = 0;
        while (Duration.between(start, time.now()).compareTo(Duration.ofMinutes(10)) < 0) {
            store.leave(List.of("v0"), Change.DISCONNECT, time.now(), LATER);
            store.arrive(Connection.opened("v0", "site", time.now().minusSeconds(60)), LATER);
            direct("request-" + change++);
            time.sleep(Duration.ofMillis(100));
        }

        long seconds = Duration.between(start, time.now()).toSeconds();
        int bucket = 60 * BUDGET;
        assertThat(gateway.order().size()).isLessThanOrEqualTo((int) (BUDGET * seconds) + bucket);
        assertThat(gateway.order().size()).isGreaterThan((int) (BUDGET * seconds * 0.9));
    }

    @Test
    void an_audience_larger_than_the_bucket_waits_for_a_full_one() {
        IntStream.range(0, 90).forEach(i -> arrive("v" + i));
        Pace pace = new Pace(1, Duration.ofMillis(250));
        Instant now = time.now();

        Lease fresh = Lease.NEW;
        assertThat(pace.nextPassAt(fresh, 90)).isBeforeOrEqualTo(now);
        Lease afterOne = new Lease(1, 0, pace.paidUntil(fresh, 90, now), now);
        assertThat(pace.nextPassAt(afterOne, 90)).isEqualTo(now.plusSeconds(90));
        assertThat(pace.nextPassAt(afterOne, 30)).isEqualTo(now.plusSeconds(60));
    }

    @Test
    void a_full_bucket_is_emptied_no_faster_than_at_four_times_the_budget() {
        Pace pace = new Pace(100, Duration.ofMillis(250));
        Instant now = time.now();
        Lease lease = new Lease(1, 0, now, now);

        assertThat(pace.nextPassAt(lease, 50)).isEqualTo(now.plusMillis(250));
        assertThat(pace.nextPassAt(lease, 1_000)).isEqualTo(now.plusMillis(2_500));
    }

    @Test
    void retries_are_charged_to_the_budget() {
        arrive("a");
        gateway.script("a", PostOutcome.THROTTLED, PostOutcome.THROTTLED, PostOutcome.THROTTLED);
        Instant start = time.now();
        stream("1");

        LeaseStore.Acquisition lease =
                leases.acquire("site", "test", Set.of(), time.now(), time.now().plusSeconds(1), LATER);
        assertThat(lease).isInstanceOfSatisfying(LeaseStore.Acquisition.Held.class, held -> assertThat(
                        held.lease().paidUntil())
                .isAfterOrEqualTo(start.plusMillis(4 * 1_000 / BUDGET)));
    }

    @Test
    void newcomers_are_not_greeted_when_the_budget_is_used_up() {
        arrive("a");
        leases.charge("site", new Pace(BUDGET, Duration.ZERO).charge(600, time.now()), LATER);
        arrive("b");
        stream("1", store.find("b", LATER));

        assertThat(gateway.order()).isEmpty();
        assertThat(relay.pacers).hasSize(1);
    }

    @Test
    void without_the_permission_to_invoke_itself_the_function_waits_in_place() {
        arrive("a");
        stream("1");
        arrive("b");

        BroadcastReport report =
                broadcaster.broadcast(BroadcastTask.ofStream("site", "stream/2", List.of()), VOICE, Relay.NONE, LATER);

        assertThat(report.outcome()).isEqualTo(Outcome.SENT);
        assertThat(gateway.received("b")).hasSize(1);
    }

    @Test
    void a_pacer_whose_time_is_over_hands_on_to_the_next() {
        IntStream.range(0, 90).forEach(i -> arrive("v" + i));
        leases.charge("site", new Pace(BUDGET, Duration.ZERO).charge(600, time.now()), LATER);
        stream("1");

        // 90 messages are affordable in 9 seconds; after them, too little is left of 12 for a pass.
        BroadcastReport first = broadcaster.broadcast(
                BroadcastTask.ofPacer(relay.pacers.get(0), "p1"),
                VOICE,
                relay,
                new Deadline(time.now().plusSeconds(12)));
        assertThat(first.outcome()).isEqualTo(Outcome.HANDED_ON);
        assertThat(gateway.order()).isEmpty();

        assertThat(relay.pacers.get(1)).isEqualTo(new PacerOrder("site", "p1", 2, null, null));
        assertThat(pacer(relay.pacers.get(1), "p2").outcome()).isEqualTo(Outcome.SENT);
        assertThat(gateway.received("v7")).hasSize(1);
    }

    @Test
    void after_too_many_pacers_in_a_row_the_lease_is_free_and_the_counter_touched() {
        arrive("a");
        stream("1");
        arrive("b");
        leases.acquire("site", "parent", Set.of(), time.now(), time.now().plusSeconds(15), LATER);
        Instant touchedBefore = store.read("site", LATER).updatedAt();
        time.sleep(Duration.ofMillis(100));

        BroadcastReport report = broadcaster.broadcast(
                BroadcastTask.ofPacer(new PacerOrder("site", "parent", 8, null, null), "p8"),
                VOICE,
                relay,
                new Deadline(time.now().plusMillis(10)));

        assertThat(report.outcome()).isEqualTo(Outcome.LEFT_TO_STREAM);
        assertThat(store.read("site", LATER).updatedAt()).isAfter(touchedBefore);
        assertThat(store.read("site", LATER).version()).isEqualTo(2);
        time.sleep(Duration.ofSeconds(1));
        assertThat(stream("3").outcome()).isEqualTo(Outcome.SENT);
    }

    @Test
    void a_straggler_is_told_by_another_invocation_until_it_hears() throws Exception {
        Connection young = Connection.opened("young", "site", time.now());
        store.arrive(young, LATER);
        stream("1");

        assertThat(relay.stragglers).singleElement().satisfies(order -> {
            assertThat(order.version()).isEqualTo(1);
            assertThat(order.connections()).containsExactly(young);
        });
        gateway.open("young");
        BroadcastReport report = broadcaster.tellStragglers(relay.stragglers.get(0), VOICE, relay, LATER);

        assertThat(report.tally().delivered()).isEqualTo(1);
        assertThat(gateway.received("young")).containsExactly(message(1, 1, 1));
    }

    @Test
    void a_straggler_that_never_opens_is_counted_out_when_it_is_old_enough() {
        store.arrive(Connection.opened("ghost", "site", time.now()), LATER);
        stream("1");

        broadcaster.tellStragglers(relay.stragglers.get(0), VOICE, relay, LATER);

        assertThat(store.find("ghost", LATER)).isNull();
        assertThat(store.read("site", LATER).live()).isZero();
    }

    @Test
    void stragglers_are_left_to_the_pass_of_a_newer_version() {
        store.arrive(Connection.opened("young", "site", time.now()), LATER);
        stream("1");
        gateway.open("young");
        arrive("b");

        broadcaster.tellStragglers(relay.stragglers.get(0), VOICE, relay, LATER);

        assertThat(gateway.received("young")).isEmpty();
    }

    @Test
    void a_large_audience_is_divided_and_a_segment_that_fails_is_told_again() {
        IntStream.range(0, 250).forEach(i -> arrive("v" + i));
        failingSegments.add(1);

        BroadcastReport report = stream("1");

        assertThat(relay.segments).extracting(SegmentOrder::segment).containsExactly(0, 1, 2, 1);
        assertThat(report.tally().delivered()).isEqualTo(250);
        assertThat(IntStream.range(0, 250))
                .allSatisfy(i -> assertThat(gateway.received("v" + i)).hasSize(1));
    }

    @Test
    void what_everyone_has_been_told_is_not_told_again() {
        arrive("a");
        stream("1");
        time.sleep(Duration.ofMinutes(1));

        BroadcastReport report = stream("2");

        assertThat(report.outcome()).isEqualTo(Outcome.SENT);
        assertThat(report.passes()).isZero();
        assertThat(gateway.received("a")).hasSize(1);
    }

    @Test
    void a_large_audience_is_told_in_place_when_the_function_may_not_invoke_itself() {
        IntStream.range(0, 250).forEach(i -> arrive("v" + i));

        BroadcastReport report =
                broadcaster.broadcast(BroadcastTask.ofStream("site", "stream/1", List.of()), VOICE, Relay.NONE, LATER);

        assertThat(report.outcome()).isEqualTo(Outcome.SENT);
        assertThat(report.tally().delivered()).isEqualTo(250);
    }

    @Test
    void a_retried_trigger_finds_its_own_lease() {
        arrive("a");
        leases.acquire("site", "stream/1", Set.of(), time.now(), time.now().plusSeconds(15), LATER);

        assertThat(stream("1").outcome()).isEqualTo(Outcome.SENT);
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_version_that_was_left_to_the_holder_before_the_counter_was_lost_does_not_keep_it_for_ever() {
        leases.acquire("site", "stream/1", Set.of(), time.now(), time.now().plusSeconds(15), LATER);
        leases.leaveTo("site", "stream/1", 900, LATER);
        arrive("a");

        assertThat(stream("1").outcome()).isEqualTo(Outcome.SENT);
        assertThat(gateway.received("a")).hasSize(1);
    }

    @Test
    void a_counter_that_was_lost_and_starts_again_is_told() {
        IntStream.range(0, 5).forEach(i -> arrive("v" + i));
        stream("1");
        store.loseCount("site");
        time.sleep(Duration.ofSeconds(1));
        arrive("w");

        assertThat(stream("2").outcome()).isEqualTo(Outcome.SENT);
        assertThat(gateway.received("w")).containsExactly(message(1, 1, 1));
    }

    @Test
    void a_departure_waits_for_its_return_before_others_hear_of_it() {
        arrive("a");
        arrive("b");
        stream("1");
        time.sleep(Duration.ofMinutes(1));
        Instant leftAt = leave("b");

        BroadcastReport report = direct("request");

        assertThat(report.outcome()).isEqualTo(Outcome.SENT);
        assertThat(time.now()).isEqualTo(leftAt.plus(GRACE));
        assertThat(gateway.received("a")).endsWith(message(1, 2, 3));
    }

    @Test
    void who_comes_back_in_time_was_never_away() {
        arrive("a");
        arrive("b");
        stream("1");
        time.sleep(Duration.ofMinutes(1));
        Instant leftAt = leave("b");
        assertThat(departures("2").outcome()).isEqualTo(Outcome.HANDED_ON);
        time.sleep(Duration.ofMillis(300));
        Connection back = arrive("c");

        assertThat(stream("3", back).outcome()).isEqualTo(Outcome.SENT);

        assertThat(time.now()).isEqualTo(leftAt.plusMillis(300));
        assertThat(relay.pacers).containsExactly(new PacerOrder("site", "stream/2", 1, leftAt.plus(GRACE), null));
        pacer(relay.pacers.get(0), "p");
        assertThat(time.now()).isEqualTo(leftAt.plus(GRACE));
        assertThat(gateway.received("a")).containsExactly(message(2, 2, 2), message(2, 3, 4));
    }

    @Test
    void an_arrival_takes_the_lease_from_a_departure_that_waits_in_its_invocation() {
        arrive("a");
        stream("1");
        time.sleep(Duration.ofMinutes(1));
        leave("a");
        List<BroadcastReport> arrivals = new ArrayList<>();
        time.duringTheNextSleep(() -> arrivals.add(stream("3", arrive("b"))));

        BroadcastReport report = direct("request");

        assertThat(arrivals).singleElement().satisfies(arrival -> assertThat(arrival.outcome())
                .isEqualTo(Outcome.SENT));
        assertThat(report.outcome()).isEqualTo(Outcome.LEFT_TO_ANOTHER);
        assertThat(report.passes()).isZero();
        assertThat(gateway.received("b")).containsExactly(message(1, 2, 3));
    }

    @Test
    void departures_that_come_while_one_waits_are_told_with_it() {
        arrive("a");
        arrive("b");
        arrive("c");
        stream("1");
        time.sleep(Duration.ofMinutes(1));
        leave("b");
        departures("2");
        leave("c");

        assertThat(departures("3").outcome()).isEqualTo(Outcome.LEFT_TO_ANOTHER);
        assertThat(direct("request").outcome()).isEqualTo(Outcome.LEFT_TO_ANOTHER);
        pacer(relay.pacers.get(0), "p");

        assertThat(relay.pacers).hasSize(1);
        assertThat(gateway.received("a")).containsExactly(message(3, 3, 3), message(1, 3, 5));
    }

    @Test
    void a_departure_waits_in_place_when_the_function_may_not_invoke_itself() {
        arrive("a");
        arrive("b");
        stream("1");
        time.sleep(Duration.ofMinutes(1));
        Instant leftAt = leave("b");

        BroadcastReport report =
                broadcaster.broadcast(BroadcastTask.ofStreamOfDepartures("site", "stream/2"), VOICE, Relay.NONE, LATER);

        assertThat(report.outcome()).isEqualTo(Outcome.SENT);
        assertThat(time.now()).isEqualTo(leftAt.plus(GRACE));
    }

    @Test
    void a_departure_whose_waits_were_too_many_is_left_to_the_stream() {
        arrive("a");
        BroadcastReport report = broadcaster.broadcast(
                BroadcastTask.ofPacer(
                        new PacerOrder("site", "parent", 8, time.now().plusSeconds(20), null), "p8"),
                VOICE,
                relay,
                new Deadline(time.now().plusSeconds(16)));

        assertThat(report.outcome()).isEqualTo(Outcome.LEFT_TO_STREAM);
        assertThat(report.passes()).isZero();
        assertThat(stream("1").outcome()).isEqualTo(Outcome.SENT);
    }

    @Test
    void a_pass_that_may_have_missed_a_newcomer_orders_a_late_look() {
        store.setLag(LAG);
        arrive("a");
        stream("1");
        time.sleep(Duration.ofMinutes(1));
        leases.acquire("site", "stream/3", Set.of(), time.now(), time.now().plusSeconds(15), LATER);
        Connection newcomer = arriveNow("x");
        stream("2", newcomer);
        arrive("b");

        stream("3");
        assertThat(gateway.received("x")).containsExactly(message(2, 2, 2));

        Instant passAt = time.now();
        assertThat(relay.lateLooks).containsExactly(new LateLookOrder("site", 3, passAt));
        broadcaster.lookAgain(relay.lateLooks.get(0), VOICE, relay, LATER);
        assertThat(time.now()).isBetween(passAt.plus(LAG), passAt.plus(LAG).plusMillis(50));
        assertThat(gateway.received("x")).containsExactly(message(2, 2, 2), message(3, 3, 3));
    }

    @Test
    void a_pacer_that_was_started_for_a_newcomer_orders_a_late_look() {
        store.setLag(LAG);
        IntStream.range(0, 90).forEach(i -> arrive("v" + i));
        time.sleep(Duration.ofMinutes(1));
        stream("1");
        // 90 messages at four times the budget: the next pass is due in 2.25 s.
        time.sleep(Duration.ofSeconds(2));
        assertThat(stream("2", arriveNow("x")).outcome()).isEqualTo(Outcome.HANDED_ON);
        leave("v0");

        pacer(relay.pacers.get(0), "p");

        assertThat(gateway.received("v1")).endsWith(message(90, 91, 92));
        assertThat(gateway.received("x")).containsExactly(message(91, 91, 91));
        assertThat(relay.lateLooks).hasSize(1);
    }

    @Test
    void a_late_look_is_left_to_the_pass_of_a_newer_version() {
        store.setLag(LAG);
        Connection newcomer = arriveNow("x");

        broadcaster.lookAgain(new LateLookOrder("site", 0, newcomer.connectedAt()), VOICE, relay, LATER);

        assertThat(gateway.received("x")).isEmpty();
    }

    @Test
    void a_late_look_at_more_than_a_minute_s_budget_tells_them_as_the_budget_allows() {
        store.setLag(LAG);
        int many = 61 * BUDGET;
        IntStream.range(0, many).forEach(i -> arriveNow("x" + i));

        broadcaster.lookAgain(new LateLookOrder("site", many, time.now()), VOICE, relay, LATER);

        assertThat(gateway.order()).hasSize(many);
    }

    @Test
    void a_newcomer_whom_another_s_pass_has_missed_is_told_by_its_own_trigger() {
        store.setLag(LAG);
        arrive("a");
        stream("1");
        time.sleep(Duration.ofMinutes(1));
        Connection newcomer = arriveNow("x");
        stream("other");
        assertThat(gateway.received("x")).isEmpty();

        stream("2", newcomer);

        assertThat(gateway.received("x")).containsExactly(message(2, 2, 2));
    }

    @Test
    void a_newcomer_whom_another_s_pass_has_missed_is_told_later_when_the_budget_is_used_up() {
        store.setLag(LAG);
        arrive("a");
        stream("1");
        time.sleep(Duration.ofMinutes(1));
        Connection newcomer = arriveNow("x");
        stream("other");
        leases.charge("site", new Pace(BUDGET, Duration.ZERO).charge(598, time.now()), LATER);

        stream("2", newcomer);

        assertThat(gateway.received("x")).isEmpty();
        broadcaster.tellStragglers(relay.stragglers.get(0), VOICE, relay, LATER);
        assertThat(gateway.received("x")).containsExactly(message(2, 2, 2));
    }

    @Test
    void an_arrival_or_a_departure_after_quiet_needs_no_late_look() {
        store.setLag(LAG);
        Connection newcomer = arriveNow("x");
        stream("1", newcomer);
        assertThat(gateway.received("x")).hasSize(1);
        time.sleep(Duration.ofMinutes(1));
        arrive("b");
        time.sleep(Duration.ofMinutes(1));
        leave("x");
        direct("request");

        assertThat(gateway.received("b")).hasSize(1);
        assertThat(relay.lateLooks).isEmpty();
    }

    @Test
    void newcomers_of_a_divided_audience_are_looked_for_late() {
        store.setLag(LAG);
        IntStream.range(0, 250).forEach(i -> arrive("v" + i));
        time.sleep(Duration.ofMinutes(1));
        Connection newcomer = arriveNow("x");

        stream("1", newcomer);

        assertThat(relay.lateLooks).hasSize(1);
        broadcaster.lookAgain(relay.lateLooks.get(0), VOICE, relay, LATER);
        assertThat(gateway.received("x")).hasSize(1);
    }

    @Test
    void a_counter_whose_budget_is_used_up_holds_up_no_other() {
        arrive("a");
        leases.charge("site", new Pace(BUDGET, Duration.ZERO).charge(600, time.now()), LATER);
        store.arrive(Connection.opened("b", "other", time.now().minusSeconds(60)), LATER);
        gateway.open("b");

        assertThat(stream("1").outcome()).isEqualTo(Outcome.HANDED_ON);
        BroadcastReport other = broadcaster.broadcast(
                BroadcastTask.ofStream("other", "stream/1/other", List.of()), VOICE, relay, LATER);

        assertThat(other.outcome()).isEqualTo(Outcome.SENT);
        assertThat(gateway.order()).containsExactly("b");
    }

    private Connection arriveNow(String connectionId) {
        Connection connection = Connection.opened(connectionId, "site", time.now());
        store.arrive(connection, LATER);
        gateway.open(connectionId);
        return connection;
    }

    private Instant leave(String connectionId) {
        store.leave(List.of(connectionId), Change.DISCONNECT, time.now(), LATER);
        gateway.close(connectionId);
        return time.now();
    }

    private BroadcastReport departures(String sequenceNumber) {
        return broadcaster.broadcast(
                BroadcastTask.ofStreamOfDepartures("site", "stream/" + sequenceNumber), VOICE, relay, LATER);
    }

    private Connection arrive(String connectionId) {
        Connection connection =
                Connection.opened(connectionId, "site", time.now().minusSeconds(60));
        store.arrive(connection, LATER);
        gateway.open(connectionId);
        return connection;
    }

    private BroadcastReport stream(String sequenceNumber, Connection... newcomers) {
        return broadcaster.broadcast(
                BroadcastTask.ofStream("site", "stream/" + sequenceNumber, List.of(newcomers)), VOICE, relay, LATER);
    }

    private BroadcastReport direct(String requestId) {
        return broadcaster.broadcast(BroadcastTask.ofInvocation("site", requestId), VOICE, relay, LATER);
    }

    private BroadcastReport pacer(PacerOrder order, String requestId) {
        return broadcaster.broadcast(BroadcastTask.ofPacer(order, requestId), VOICE, relay, LATER);
    }

    private Relay.SegmentReport tellSegment(SegmentOrder order) {
        if (failingSegments.remove((Integer) order.segment())) {
            throw new ServiceUnavailableException("on purpose", null);
        }
        return broadcaster.tellSegment(order, VOICE, LATER);
    }

    private static String message(long live, long total, long version) {
        return "{\"type\":\"visitor-count\",\"counter\":\"site\",\"live\":%d,\"total\":%d,\"version\":%d}"
                .formatted(live, total, version);
    }
}
