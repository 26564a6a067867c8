package io.github.visitorcounter.internal.broadcast;

import io.github.visitorcounter.broadcast.DeliveryStats;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.Answer;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentReport;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.broadcast.lease.BroadcastTrigger;
import io.github.visitorcounter.internal.broadcast.lease.FollowUp;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;

/** Connections that the index did not contain yet when a pass read it. */
class RescanTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final Duration LAG = Duration.ofSeconds(2);

    private final ManualTimeSource time = new ManualTimeSource();
    private final InMemoryStore store = new InMemoryStore(time, 50);
    private final InMemoryLeaseStore leases = new InMemoryLeaseStore();
    private final InMemoryWakeUps wakeUps = new InMemoryWakeUps();
    private final FakePoster gateway = new FakePoster();

    @Test
    void rescan_finds_a_connection_without_a_stream_record() {
        store.setLag(LAG);
        connect("without-record");
        Connection next = connect("next");

        broadcast(SegmentInvoker.NONE, BroadcastTrigger.stream("site", "next", List.of(next), 1));
        assertThat(gateway.received("without-record")).isEmpty();
        time.sleep(LAG);
        broadcast(SegmentInvoker.NONE, wakeUp());

        assertThat(gateway.received("without-record")).hasSize(1);
    }

    /** The batch with the record of the newest connection was given up. */
    @Test
    void record_that_is_delivered_again_does_not_replace_the_rescan() {
        store.setLag(LAG);
        Connection first = connect("first");
        broadcast(SegmentInvoker.NONE, BroadcastTrigger.stream("site", "first", List.of(first), 1));
        assertThat(wakeUps.takeFollowUps()).isEmpty();
        time.sleep(LAG.multipliedBy(2));
        connect("without-record");

        broadcast(SegmentInvoker.NONE, BroadcastTrigger.stream("site", "again", List.of(first), 1));
        time.sleep(LAG);
        broadcast(SegmentInvoker.NONE, wakeUp());

        assertThat(gateway.received("without-record")).hasSize(1);
    }

    /**
     * An old version of the function, which scans, starts a broadcast whose segments a new version reads from an index.
     */
    @Test
    void segments_that_read_an_index_cause_a_rescan() {
        Connection first = connect("first");
        connect("second");
        AtomicInteger segments = new AtomicInteger();
        SegmentInvoker byIndex = (request, timeout) -> {
            segments.incrementAndGet();
            return CompletableFuture.completedFuture(
                    new Answer.Sent(new SegmentReport(DeliveryStats.NONE, List.of(), List.of(), true)));
        };

        broadcast(byIndex, BroadcastTrigger.stream("site", "first", List.of(first), 1));
        assertThat(segments).hasPositiveValue();
        store.setLag(LAG);
        time.sleep(LAG);
        broadcast(SegmentInvoker.NONE, wakeUp());

        assertThat(gateway.received("first")).isNotEmpty();
        assertThat(gateway.received("second")).isNotEmpty();
    }

    private BroadcastTrigger wakeUp() {
        List<FollowUp> followUps = wakeUps.takeFollowUps();
        assertThat(followUps).isNotEmpty();
        return BroadcastTrigger.wakeUp("site", "wake-up", List.of(), false, followUps);
    }

    private void broadcast(SegmentInvoker segments, BroadcastTrigger trigger) {
        int fanOutThreshold = segments == SegmentInvoker.NONE ? 1_000 : 1;
        new Broadcaster(
                        new Broadcaster.Settings(8, Duration.ZERO, 100, Duration.ZERO, true, fanOutThreshold, false),
                        new Broadcaster.Ports(store, store, leases, wakeUps, gateway, time, Runnable::run))
                .invocation(MessageFormat.JSON, StaleConnectionPolicy.DELETE_ON_GONE, segments, FailureLog.NONE, LATER)
                .broadcast(trigger);
    }

    private Connection connect(String id) {
        Connection connection = Connection.opened(id, "site", time.now());
        store.addConnection(connection, LATER);
        gateway.open(id);
        return connection;
    }
}
