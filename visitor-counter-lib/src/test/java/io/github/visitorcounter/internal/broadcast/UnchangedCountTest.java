package io.github.visitorcounter.internal.broadcast;

import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.BroadcastReport.Outcome;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.broadcast.lease.BroadcastTrigger;
import io.github.visitorcounter.internal.broadcast.lease.BudgetUse;
import io.github.visitorcounter.internal.broadcast.lease.Lease;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore.AcquireRequest;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.testing.FakePoster;
import io.github.visitorcounter.internal.testing.InMemoryLeaseStore;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.InMemoryWakeUps;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.time.Deadline;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Counts in which pages see no difference: their format shows {@code live} only, and not its last digit. */
class UnchangedCountTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final ManualTimeSource time = new ManualTimeSource();
    private final InMemoryStore store = new InMemoryStore(time, 50);
    private final InMemoryLeaseStore leases = new InMemoryLeaseStore();
    private final InMemoryWakeUps wakeUps = new InMemoryWakeUps();
    private final FakePoster gateway = new FakePoster();
    private String toAll = "";
    private int triggers;
    private Runnable whenFormatted = () -> {};
    private final MessageFormat tens = count -> {
        Runnable once = whenFormatted;
        whenFormatted = () -> {};
        once.run();
        return count.live() / 10 * 10 + " at version " + count.version();
    };

    /**
     * Fifteen connections, all of which have been sent the count. The first pass is no proof of that, the second is.
     */
    @BeforeEach
    void broadcastFifteen() {
        for (int i = 0; i < 14; i++) {
            connect("page-" + i);
        }
        assertThat(stream().outcome()).isEqualTo(Outcome.SENT);
        time.sleep(Duration.ofMinutes(1));
        connect("page-14");
        assertThat(stream().outcome()).isEqualTo(Outcome.SENT);
        toAll = "10 at version " + version();
        assertThat(newest("page-0")).isEqualTo(toAll);
        time.sleep(Duration.ofMinutes(1));
    }

    @Test
    void unchanged_count_is_sent_to_the_new_connection_only() {
        Lease before = lease();
        Connection added = connect("added");

        BroadcastReport report = stream(added);

        assertThat(report.outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(report.passes()).isZero();
        assertThat(report.tally().delivered()).isEqualTo(1);
        assertThat(gateway.received("added")).containsExactly(toAll);
        assertThat(gateway.received("page-0")).hasSize(2);
        assertThat(lease().sentVersion()).isEqualTo(before.sentVersion());
        assertThat(lease().awaitingPass()).isZero();
        assertThat(lease().budget().usedUntil()).isAfter(time.now());
        assertThat(wakeUps.takeRecords()).isEmpty();
    }

    @Test
    void unchanged_count_after_a_disconnect_needs_no_wake_up() {
        disconnect("page-14");

        assertThat(broadcast(BroadcastTrigger.disconnects("site", "d")).outcome())
                .isEqualTo(Outcome.UNCHANGED);

        assertThat(wakeUps.takeRecords()).isEmpty();
        assertThat(gateway.received("page-0")).hasSize(2);
    }

    @Test
    void changed_count_is_sent_to_all() {
        for (int i = 0; i < 6; i++) {
            disconnect("page-" + i);
        }

        assertThat(stream().outcome()).isEqualTo(Outcome.SENT);

        assertThat(newest("page-9")).isEqualTo("0 at version " + version());
    }

    @Test
    void unchanged_count_is_sent_to_all_after_ten_minutes() {
        connect("added");
        time.sleep(Duration.ofMinutes(9));

        assertThat(stream().outcome()).isEqualTo(Outcome.SENT);

        assertThat(newest("page-0")).isEqualTo("10 at version " + version());
    }

    @Test
    void connection_that_was_sent_other_numbers_is_corrected_when_they_change_back() {
        beginInterval();
        List<Connection> four = List.of(connect("a"), connect("b"), connect("c"), connect("d"));

        assertThat(stream(four.get(3)).outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(newest("d")).startsWith("20 at version");
        assertThat(lease().awaitingPass()).isPositive();
        disconnect("page-0");
        disconnect("page-1");
        time.sleep(INTERVAL);
        wakeUp();

        assertThat(newest("d")).isEqualTo("10 at version " + version());
        assertThat(lease().sentToAll()).isNotNull();
    }

    @Test
    void pass_that_crashed_is_not_taken_for_complete() {
        connect("added");
        hold("crashed");
        time.sleep(Duration.ofSeconds(16));

        assertThat(stream().outcome()).isEqualTo(Outcome.SENT);

        assertThat(newest("page-0")).isEqualTo("10 at version " + version());
    }

    /** Lambda has delivered a batch to two invocations: one releases the lease while the other still sends. */
    @Test
    void count_that_a_second_invocation_has_sent_is_corrected_when_the_numbers_change_back() {
        for (String id : List.of("a", "b", "c", "d", "e")) {
            connect(id);
        }
        hold("twin");
        long ofTheOther = version();
        List.of("a", "b", "c", "d", "e", "page-1").forEach(this::disconnect);
        whenFormatted = () -> {
            leases.release("site", "twin", ofTheOther, LATER);
            List.of("f", "g", "h", "i", "j", "k").forEach(this::connect);
        };

        broadcast(BroadcastTrigger.stream("site", "twin", List.of(), 1));

        assertThat(newest("page-0")).isEqualTo("10 at version " + (ofTheOther + 6));
        time.sleep(INTERVAL);
        wakeUp();
        assertThat(newest("page-0")).isEqualTo("20 at version " + version());
    }

    @Test
    void connection_that_is_counted_during_a_pass_is_sent_the_same_count() {
        connect("another");
        hold("holder");
        String ofThePass = "10 at version " + version();
        Connection added = connect("added");

        assertThat(stream(added).outcome()).isEqualTo(Outcome.LEASE_HELD);

        assertThat(gateway.received("added")).containsExactly(ofThePass);
        assertThat(lease().awaitingPass()).isZero();
    }

    @Test
    void unsent_new_connection_is_retried_by_wake_ups() {
        Connection added = connect("added");
        gateway.script("added", FakePoster.UNAVAILABLE, FakePoster.UNAVAILABLE, FakePoster.UNAVAILABLE);
        assertThat(stream(added).outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(gateway.received("added")).isEmpty();
        connect("next");

        wakeUp();

        assertThat(gateway.received("added")).containsExactly(toAll);
        assertThat(gateway.received("page-0")).hasSize(2);
    }

    @Test
    void unsent_new_connection_is_left_to_a_pass_when_its_retries_end() {
        Connection added = connect("added");
        gateway.script("added", FakePoster.UNAVAILABLE, FakePoster.UNAVAILABLE, FakePoster.UNAVAILABLE);
        assertThat(stream(added).outcome()).isEqualTo(Outcome.UNCHANGED);
        time.sleep(Duration.ofMinutes(3));

        wakeUp();

        assertThat(gateway.received("added")).containsExactly("10 at version " + version());
        assertThat(lease().sentToAll()).isNotNull();
    }

    @Test
    void connection_whose_retries_have_ended_is_sent_the_next_change() {
        for (String id : List.of("a", "b", "c", "d", "e")) {
            connect(id);
        }
        gateway.script("page-0", FakePoster.UNAVAILABLE, FakePoster.UNAVAILABLE, FakePoster.UNAVAILABLE);
        stream();
        time.sleep(Duration.ofMinutes(3));
        wakeUp();
        assertThat(newest("page-0")).isEqualTo(toAll);
        connect("next");

        assertThat(stream().outcome()).isEqualTo(Outcome.SENT);

        assertThat(newest("page-0")).isEqualTo("20 at version " + version());
    }

    /** The next pass would send it, but the numbers change back before that. */
    @Test
    void unsent_connection_is_not_forgotten_when_the_numbers_change_back() {
        beginInterval();
        Connection added = connect("added");
        gateway.script("added", FakePoster.UNAVAILABLE, FakePoster.UNAVAILABLE, FakePoster.UNAVAILABLE);
        stream(added);
        for (String id : List.of("a", "b", "c")) {
            connect(id);
        }
        wakeUp();
        assertThat(gateway.received("added")).isEmpty();
        disconnect("a");
        disconnect("b");
        time.sleep(INTERVAL);

        wakeUp();

        assertThat(newest("added")).isEqualTo("10 at version " + version());
    }

    @Test
    void counter_that_starts_again_with_a_lower_version_is_sent() {
        Lease high = lease();
        leases.acquire(
                "site",
                new AcquireRequest(
                        "restored",
                        high,
                        new VisitorCount("site", 15, 15, 1_000, null),
                        high.budget(),
                        time.now(),
                        time.now().plusSeconds(15)),
                LATER);
        leases.release("site", "restored", 1_000, LATER);
        Connection added = connect("added");

        assertThat(stream(added).outcome()).isEqualTo(Outcome.SENT);

        assertThat(gateway.received("added")).containsExactly("10 at version " + version());
    }

    @Test
    void lease_of_an_earlier_version_of_the_library_is_no_proof_of_what_was_sent() {
        Lease old = new Lease(null, Instant.EPOCH, 7, BudgetUse.NONE, null, null, 0);

        assertThat(old.sentToAll()).isNull();
    }

    /** A complete pass that begins now, so that the next one has to wait. */
    private void beginInterval() {
        connect("last");
        hold("holder");
        leases.release("site", "holder", version(), LATER);
    }

    private void hold(String holder) {
        Lease seen = lease();
        leases.acquire(
                "site",
                new AcquireRequest(
                        holder,
                        seen,
                        store.read("site", LATER),
                        new BudgetUse(seen.budget().usedUntil(), 100, time.now(), 15, 0),
                        time.now(),
                        time.now().plusSeconds(15)),
                LATER);
    }

    private Lease lease() {
        return leases.read("site", LATER);
    }

    private long version() {
        return store.read("site", LATER).version();
    }

    private Connection connect(String id) {
        Connection connection = Connection.opened(id, "site", time.now().minusSeconds(60));
        store.addConnection(connection, LATER);
        gateway.open(id);
        return connection;
    }

    private void disconnect(String id) {
        store.removeConnections(List.of(id), Change.DISCONNECT, time.now(), LATER);
        gateway.close(id);
    }

    private String newest(String id) {
        List<String> received = gateway.received(id);
        return received.isEmpty() ? "nothing" : received.get(received.size() - 1);
    }

    private BroadcastReport stream(Connection... added) {
        return broadcast(BroadcastTrigger.stream("site", "trigger-" + ++triggers, List.of(added), 1));
    }

    private void wakeUp() {
        broadcast(BroadcastTrigger.wakeUp(
                "site",
                "wake-up-" + ++triggers,
                List.of(),
                !wakeUps.takeRecords().isEmpty(),
                wakeUps.takeFollowUps()));
    }

    private BroadcastReport broadcast(BroadcastTrigger trigger) {
        return new Broadcaster(
                        new Broadcaster.Settings(8, Duration.ZERO, 1_000, INTERVAL, true, 1_000, false),
                        new Broadcaster.Ports(store, store, leases, wakeUps, gateway, time, Runnable::run))
                .invocation(tens, StaleConnectionPolicy.DELETE_ON_GONE, SegmentInvoker.NONE, FailureLog.NONE, LATER)
                .broadcast(trigger);
    }
}
