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
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.testing.FakePoster;
import io.github.visitorcounter.testing.InMemoryLeaseStore;
import io.github.visitorcounter.testing.InMemoryStore;
import io.github.visitorcounter.testing.InMemoryWakeUps;
import io.github.visitorcounter.testing.ManualTimeSource;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;

/** Connections that an index did not show yet when a pass read it. */
class RescanTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final Duration LAG = Duration.ofSeconds(2);

    private final ManualTimeSource time = new ManualTimeSource();
    private final InMemoryStore store = new InMemoryStore(time, 50);
    private final InMemoryLeaseStore leases = new InMemoryLeaseStore();
    private final InMemoryWakeUps wakeUps = new InMemoryWakeUps();
    private final FakePoster gateway = new FakePoster();

    @Test
    void connection_whose_stream_record_was_given_up_is_found_by_a_rescan() {
        store.setLag(LAG);
        connect("given-up");
        Connection next = connect("next");

        broadcast(SegmentInvoker.NONE, BroadcastTrigger.stream("site", "next", List.of(next), 1));
        assertThat(gateway.received("given-up")).isEmpty();
        time.sleep(LAG);
        broadcast(SegmentInvoker.NONE, wakeUp());

        assertThat(gateway.received("given-up")).hasSize(1);
    }

    /** A new version of the function, with an index, takes the segments of a broadcast that the old one began with a scan. */
    @Test
    void segments_that_read_an_index_make_a_rescan_necessary() {
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
                        new Broadcaster.Settings(8, Duration.ZERO, 100, Duration.ZERO, true, fanOutThreshold),
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
