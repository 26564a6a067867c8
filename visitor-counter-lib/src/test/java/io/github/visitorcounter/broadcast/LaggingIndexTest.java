package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.connection.ConnectionPage;
import io.github.visitorcounter.connection.ConnectionStore;
import io.github.visitorcounter.connection.PageRequest;
import io.github.visitorcounter.count.Change;
import io.github.visitorcounter.testing.FakePoster;
import io.github.visitorcounter.testing.InMemoryLeaseStore;
import io.github.visitorcounter.testing.InMemoryStore;
import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Timekeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Visitors who come and go at random, with pages that lag: when changes have stopped, everyone has been told the newest count all
 * the same. Whatever an invocation waits for, or reads, other events happen before it goes on.
 */
class LaggingIndexTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final Duration LAG = Duration.ofSeconds(2);
    private static final int SEEDS = 1_500;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void when_changes_stop_everyone_has_the_newest_count(boolean mayInvokeItself) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Site site = new Site(seed, mayInvokeItself);
            site.run();
            assertThat(site.untold()).as("untold with seed %d", seed).isEmpty();
        }
    }

    @Test
    void a_quiet_site_looks_late_at_nobody() {
        for (int seed = 0; seed < 100; seed++) {
            Site site = new Site(seed, true);
            for (int visitor = 0; visitor < 10; visitor++) {
                site.arriveAt(Duration.ofSeconds(10L * visitor));
            }
            site.runAll();

            assertThat(site.untold()).isEmpty();
            assertThat(site.lateLooks).isZero();
        }
    }

    /** A counter with its function, its stream and its visitors. */
    private static final class Site implements Timekeeper, Relay {

        private record Event(Instant at, int number, Runnable what) {}

        private final Random random;
        private final boolean mayInvokeItself;
        private final PriorityQueue<Event> events =
                new PriorityQueue<>(Comparator.comparing(Event::at).thenComparing(Event::number));
        private final InMemoryStore store = new InMemoryStore(this, 3);
        private final FakePoster gateway = new FakePoster();
        private final Broadcaster broadcaster;
        private final List<Connection> here = new ArrayList<>();
        private Instant now = Instant.parse("2026-11-24T10:00:00Z");
        private Instant streamFreeAt = now;
        private int numbers;
        private int depth;
        private int lateLooks;

        Site(int seed, boolean mayInvokeItself) {
            this.random = new Random(seed);
            this.mayInvokeItself = mayInvokeItself;
            store.setLag(LAG);
            this.broadcaster = Broadcaster.create(
                    new Broadcaster.Settings(
                            8,
                            Duration.ZERO,
                            1 + random.nextInt(5),
                            Duration.ofMillis(250),
                            Duration.ofMillis(500),
                            10_000),
                    new Interrupted(),
                    store,
                    new InMemoryLeaseStore(),
                    gateway,
                    this,
                    Runnable::run);
        }

        void run() {
            int changes = 2 + random.nextInt(10);
            for (int i = 0; i < changes; i++) {
                Duration at = Duration.ofMillis(random.nextInt(6_000));
                if (random.nextInt(3) > 0) {
                    arriveAt(at);
                } else {
                    at(now.plus(at), this::departSomebody);
                }
            }
            runAll();
        }

        void runAll() {
            while (!events.isEmpty()) {
                runNext();
            }
        }

        void arriveAt(Duration time) {
            at(now.plus(time), this::arrive);
        }

        private void arrive() {
            Connection connection = Connection.opened("v" + numbers++, "site", now.minusMillis(random.nextInt(3_000)));
            store.arrive(connection, LATER);
            gateway.open(connection.connectionId());
            here.add(connection);
            String identity = "stream/" + numbers++;
            onStream(BroadcastTask.ofStream("site", identity, List.of(connection)));
        }

        private void departSomebody() {
            if (here.isEmpty()) {
                return;
            }
            Connection connection = here.remove(random.nextInt(here.size()));
            store.leave(List.of(connection.connectionId()), Change.DISCONNECT, now, LATER);
            gateway.close(connection.connectionId());
            String identity = "departure/" + numbers++;
            if (random.nextBoolean()) {
                onStream(BroadcastTask.ofStreamOfDepartures("site", identity));
            } else {
                soon(() -> broadcast(BroadcastTask.ofInvocation("site", identity)));
            }
        }

        /** A stream's batches come one after another. */
        private void onStream(BroadcastTask task) {
            Instant soon = now.plusMillis(random.nextInt(1_500));
            streamFreeAt = (soon.isAfter(streamFreeAt) ? soon : streamFreeAt).plusMillis(1);
            at(streamFreeAt, () -> broadcast(task));
        }

        private void soon(Runnable what) {
            at(now.plusMillis(random.nextInt(1_000)), what);
        }

        private boolean invoke(Runnable what) {
            if (mayInvokeItself) {
                soon(what);
            }
            return mayInvokeItself;
        }

        private void at(Instant time, Runnable what) {
            events.add(new Event(time, numbers++, what));
        }

        private void broadcast(BroadcastTask task) {
            broadcaster.broadcast(task, voice(), this, LATER);
        }

        private static Voice voice() {
            return new Voice(MessageFormat.JSON, StaleConnectionPolicy.DELETE_ON_GONE);
        }

        private void runNext() {
            Event next = events.remove();
            now = next.at().isAfter(now) ? next.at() : now;
            depth++;
            next.what().run();
            depth--;
        }

        /** Those who don't know the newest version. */
        List<String> untold() {
            String newest = "\"version\":" + store.read("site", LATER).version() + "}";
            return here.stream()
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

        @Override
        public boolean startPacer(PacerOrder order, Deadline deadline) {
            String identity = "pacer/" + numbers++;
            return invoke(() -> broadcast(BroadcastTask.ofPacer(order, identity)));
        }

        @Override
        public boolean tellStragglers(StragglerOrder order, Deadline deadline) {
            return invoke(() -> broadcaster.tellStragglers(order, voice(), this, LATER));
        }

        @Override
        public boolean lookAgain(LateLookOrder order, Deadline deadline) {
            lateLooks++;
            return invoke(() -> broadcaster.lookAgain(order, voice(), this, LATER));
        }

        @Override
        public CompletionStage<SegmentReport> tellSegment(SegmentOrder order, Duration timeout) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException());
        }

        /** Before a page is read, other things may happen. */
        private final class Interrupted implements ConnectionStore {
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
            public Duration lag() {
                return store.lag();
            }
        }
    }
}
