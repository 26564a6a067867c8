package io.github.visitorcounter.simulation;

import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.Broadcaster;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.broadcast.lease.BroadcastTrigger;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.dynamodb.SimulatedAdapters;
import io.github.visitorcounter.internal.testing.FakePoster;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.time.Deadline;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the real stores and broadcasts of a counter whose home row was deleted, while its lease still has the version
 * that was sent last. If the new home row began at zero, its versions would be lower than that one, then equal to it,
 * and those changes would not be sent.
 */
class DeletedCounterTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final Pattern VERSION = Pattern.compile("\"version\":(\\d+)");

    private final ManualTimeSource time = new ManualTimeSource();
    private final MemoryDynamoDb tables = MemoryDynamoDb.withTables(time::now, MemoryDynamoDb.NO_LISTENER);
    private final SimulatedAdapters adapters = new SimulatedAdapters(tables, null, time, 10);
    private final CounterStore store =
            adapters.counters(VisitorCounterConfig.builder().build());
    private final FakePoster gateway = new FakePoster();
    private final Broadcaster broadcaster = new Broadcaster(
            new Broadcaster.Settings(8, Duration.ofSeconds(10), 1_000, Duration.ofSeconds(1), true, 100, false),
            new Broadcaster.Ports(
                    adapters.connections(null, null),
                    store,
                    adapters.leases(),
                    adapters.wakeUps(),
                    gateway,
                    time,
                    Runnable::run));
    private int triggers;

    @Test
    void counter_that_begins_again_is_sent_at_the_versions_of_before() {
        connect("a");
        broadcast();
        connect("b");
        broadcast();
        long before = newestVersion("a");
        deleteHomeRow();

        for (int i = 0; i < 4; i++) {
            connect("later-" + i);
            BroadcastReport report = broadcast();

            assertThat(report.passes()).isEqualTo(1);
            assertThat(gateway.received("later-" + i)).hasSize(1);
            assertThat(newestVersion("a")).isGreaterThan(before);
            before = newestVersion("a");
        }
    }

    @Test
    void new_home_row_begins_at_the_time_in_microseconds() {
        connect("a");
        disconnect("a");
        deleteHomeRow();

        connect("b");

        assertThat(store.read("site", LATER).version())
                .isEqualTo(ChronoUnit.MICROS.between(Instant.EPOCH, time.now()) + 1);
    }

    /** A version in milliseconds would be passed by a counter with more than a thousand changes per second. */
    @Test
    void busy_counter_does_not_pass_the_version_of_a_new_home_row() {
        for (int i = 0; i < 50; i++) {
            connect("visitor-" + i);
        }
        time.sleep(Duration.ofMillis(20));
        long before = store.read("site", LATER).version();
        deleteHomeRow();

        connect("a");

        assertThat(store.read("site", LATER).version()).isGreaterThan(before);
    }

    /** Only the counter's row: its lease, with the version that was sent last, remains. */
    private void deleteHomeRow() {
        tables.edit(MemoryDynamoDb.COUNTS, "site", null);
        assertThat(tables.items(MemoryDynamoDb.COUNTS)).doesNotContainKey("site");
    }

    private void connect(String connectionId) {
        store.addConnection(Connection.opened(connectionId, "site", time.now()), LATER);
        gateway.open(connectionId);
    }

    private void disconnect(String connectionId) {
        store.removeConnections(List.of(connectionId), Change.DISCONNECT, time.now(), LATER);
        gateway.close(connectionId);
    }

    private BroadcastReport broadcast() {
        time.sleep(Duration.ofSeconds(20));
        return broadcaster
                .invocation(
                        MessageFormat.JSON,
                        StaleConnectionPolicy.DELETE_ON_GONE,
                        SegmentInvoker.NONE,
                        FailureLog.NONE,
                        LATER)
                .broadcast(BroadcastTrigger.stream("site", "stream/" + triggers++, List.of(), 1));
    }

    private long newestVersion(String connectionId) {
        List<String> received = gateway.received(connectionId);
        Matcher version = VERSION.matcher(received.get(received.size() - 1));
        assertThat(version.find()).isTrue();
        return Long.parseLong(version.group(1));
    }
}
