package io.github.visitorcounter.internal.broadcast;

import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.broadcast.lease.BroadcastTrigger;
import io.github.visitorcounter.internal.broadcast.lease.FollowUp;
import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.connection.ConnectionPage;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.connection.PageRequest;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.testing.FakePoster;
import io.github.visitorcounter.internal.testing.InMemoryLeaseStore;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections open and close at random, and the index lags: when changes stop, all connections must have received the
 * newest count. Other events happen whenever an invocation waits or reads.
 */
class LaggingIndexTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final Duration LAG = Duration.ofSeconds(2);
    private static final int SEEDS = 3_000;

    @Test
    void all_connections_receive_the_last_count() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Site site = new Site(seed);
            site.run();
            assertThat(site.outdated())
                    .as("connections without the newest count, seed %d", seed)
                    .isEmpty();
        }
    }

    @Test
    void quiet_site_needs_no_rescan() {
        for (int seed = 0; seed < 100; seed++) {
            Site site = new Site(seed);
            for (int visitor = 0; visitor < 10; visitor++) {
                site.connectAt(Duration.ofSeconds(10L * visitor));
            }
            site.runAll();

            assertThat(site.outdated()).isEmpty();
            // The first broadcast has no earlier pass to compare with.
            assertThat(site.rescans).isLessThanOrEqualTo(1);
        }
    }

    /** A counter with its function, its stream and its connections. */
    private static final class Site implements TimeSource, WakeUps {

        private record Event(Instant at, int number, Runnable task) {}

        private final Random random;
        private final PriorityQueue<Event> events =
                new PriorityQueue<>(Comparator.comparing(Event::at).thenComparing(Event::number));
        private final InMemoryStore store = new InMemoryStore(this, 3);
        private final FakePoster gateway = new FakePoster();
        private final Broadcaster broadcaster;
        private final List<Connection> open = new ArrayList<>();
        private Instant now = Instant.parse("2026-11-24T10:00:00Z");
        private Instant streamFreeAt = now;
        private int numbers;
        private int depth;
        private int rescans;
        private boolean pending;

        Site(int seed) {
            this.random = new Random(seed);
            store.setLag(LAG);
            this.broadcaster = new Broadcaster(
                    new Broadcaster.Settings(
                            8, Duration.ZERO, 1 + random.nextInt(5), Duration.ofMillis(250), true, 10_000, false),
                    new Broadcaster.Ports(
                            new InterleavedStore(),
                            store,
                            new InMemoryLeaseStore(),
                            this,
                            gateway,
                            this,
                            Runnable::run));
        }

        void run() {
            int changes = 2 + random.nextInt(10);
            for (int i = 0; i < changes; i++) {
                Duration at = Duration.ofMillis(random.nextInt(6_000));
                if (random.nextInt(3) > 0) {
                    connectAt(at);
                } else {
                    at(now.plus(at), this::disconnectOne);
                }
            }
            runAll();
        }

        void runAll() {
            while (!events.isEmpty()) {
                runNext();
            }
        }

        void connectAt(Duration time) {
            at(now.plus(time), this::connect);
        }

        private void connect() {
            Connection connection = Connection.opened("v" + numbers++, "site", now.minusMillis(random.nextInt(3_000)));
            store.addConnection(connection, LATER);
            gateway.open(connection.connectionId());
            open.add(connection);
            String identity = "stream/" + numbers++;
            onStream(BroadcastTrigger.stream("site", identity, List.of(connection), 1));
        }

        private void disconnectOne() {
            if (open.isEmpty()) {
                return;
            }
            Connection connection = open.remove(random.nextInt(open.size()));
            store.removeConnections(List.of(connection.connectionId()), Change.DISCONNECT, now, LATER);
            gateway.close(connection.connectionId());
            String identity = "disconnect/" + numbers++;
            if (random.nextBoolean()) {
                onStream(BroadcastTrigger.disconnects("site", identity));
            } else {
                soon(() -> broadcast(BroadcastTrigger.invocation("site", identity)));
            }
        }

        /** Schedules a batch of the stream; batches run one after another. */
        private void onStream(BroadcastTrigger trigger) {
            Instant soon = now.plusMillis(random.nextInt(1_500));
            streamFreeAt = (soon.isAfter(streamFreeAt) ? soon : streamFreeAt).plusMillis(1);
            at(streamFreeAt, () -> broadcast(trigger));
        }

        private void soon(Runnable task) {
            at(now.plusMillis(random.nextInt(1_000)), task);
        }

        private void at(Instant time, Runnable task) {
            events.add(new Event(time, numbers++, task));
        }

        private void broadcast(BroadcastTrigger trigger) {
            broadcaster
                    .invocation(
                            MessageFormat.JSON,
                            StaleConnectionPolicy.DELETE_ON_GONE,
                            SegmentInvoker.NONE,
                            FailureLog.NONE,
                            LATER)
                    .broadcast(trigger);
        }

        private void runNext() {
            Event next = events.remove();
            now = next.at().isAfter(now) ? next.at() : now;
            depth++;
            next.task().run();
            depth--;
        }

        /** Returns the connections that have not received the newest version. */
        List<String> outdated() {
            String newest = "\"version\":" + store.read("site", LATER).version() + "}";
            return open.stream()
                    .map(Connection::connectionId)
                    .filter(id -> gateway.received(id).stream().noneMatch(message -> message.endsWith(newest)))
                    .toList();
        }

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public void sleep(Duration duration) {
            Instant end = now.plus(duration);
            while (!events.isEmpty() && !events.peek().at().isAfter(end) && depth < 20) {
                runNext();
            }
            now = end.isAfter(now) ? end : now;
        }

        @Override
        public <T> T poll(BlockingQueue<T> queue, Duration atMost) {
            T next = queue.poll();
            if (next == null) {
                now = now.plus(atMost.isNegative() ? Duration.ZERO : atMost);
            }
            return next;
        }

        /** Schedules a wake-up after a batching window, or later. */
        private void wakeUp(boolean clears, List<FollowUp> followUps) {
            String identity = "wake-up/" + numbers++;
            at(
                    now.plusMillis(500 + random.nextInt(2_000)),
                    () -> broadcast(BroadcastTrigger.wakeUp("site", identity, List.of(), clears, followUps)));
        }

        @Override
        public Request request(String counterId, Instant at, Deadline deadline) {
            if (pending) {
                return Request.PENDING;
            }
            pending = true;
            wakeUp(true, List.of());
            return Request.REQUESTED;
        }

        @Override
        public boolean isPending(String counterId, Instant at, Deadline deadline) {
            return pending;
        }

        @Override
        public void clear(String counterId, Deadline deadline) {
            pending = false;
        }

        @Override
        public void addFollowUp(String id, FollowUp followUp, Deadline deadline) {
            rescans += followUp.rescanOf() != null && followUp.attempt() == 0 ? 1 : 0;
            wakeUp(false, List.of(followUp));
        }

        /** Other events may happen before a page is read. */
        private final class InterleavedStore implements ConnectionStore {
            @Override
            public Connection find(String connectionId, Deadline deadline) {
                return store.find(connectionId, deadline);
            }

            @Override
            public ConnectionPage read(PageRequest request, Deadline deadline) {
                if (random.nextInt(4) == 0) {
                    sleep(Duration.ofMillis(random.nextInt(300)));
                }
                return store.read(request, deadline);
            }

            @Override
            public Duration lag(String counterId) {
                return store.lag(counterId);
            }
        }
    }
}
