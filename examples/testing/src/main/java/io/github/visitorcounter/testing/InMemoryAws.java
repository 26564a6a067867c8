package io.github.visitorcounter.testing;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.visitorcounter.Ports;
import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.count.VisitRules;
import io.github.visitorcounter.internal.reconcile.ConnectionProbe;
import io.github.visitorcounter.internal.testing.FakePoster;
import io.github.visitorcounter.internal.testing.InMemoryLeaseStore;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.InMemoryWakeUps;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.testing.TestContext;
import io.github.visitorcounter.internal.testing.TestPorts;
import io.github.visitorcounter.internal.time.Deadline;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The tables, the connections and the clock that handlers use, in memory. Handlers that are created with the same
 * {@link #ports()} share them. Nothing runs by itself: a test passes each event to the handler that would receive it on
 * AWS, also those of the stream. Not thread-safe.
 *
 * <p>Not included are Lambda's timeouts, IAM permissions, metrics, the limit of new counters, and the fan-out of large
 * audiences. The settings of tables, the index, and counters' rows have no effect.
 *
 * @since 0.1.0
 */
public final class InMemoryAws {

    private static final int PAGE_SIZE = 100;

    private final ManualTimeSource timeSource = new ManualTimeSource();
    private final FakePoster connections = new FakePoster();
    private final TestContext context = new TestContext();
    private final InMemoryStore store;
    private final Ports ports;

    /**
     * Creates empty tables. The clock starts at the same time in every test.
     *
     * @param config the settings of the handlers under test; {@link Setting#COUNTING_MODE},
     *     {@link Setting#VISIT_TIMEOUT}, {@link Setting#MAX_LIVE} and {@link Setting#SITE_COUNTER} decide how
     *     connections are counted
     */
    public InMemoryAws(VisitorCounterConfig config) {
        VisitRules rules = new VisitRules(config.get(Setting.VISIT_TIMEOUT), config.get(Setting.COUNTING_MODE));
        this.store = new InMemoryStore(timeSource, PAGE_SIZE)
                .under(rules)
                .limitedTo(config.get(Setting.MAX_LIVE))
                .withSite(config.find(Setting.SITE_COUNTER).orElse(null));
        this.ports = TestPorts.of(store, timeSource)
                .withBroadcast(new InMemoryLeaseStore(), new InMemoryWakeUps(), connections)
                .withProbe(this::probe)
                .ports();
    }

    private CompletableFuture<ConnectionProbe.Answer> probe(String connectionId) {
        return CompletableFuture.completedFuture(
                connections.isOpen(connectionId) ? ConnectionProbe.Answer.OPEN : ConnectionProbe.Answer.GONE);
    }

    /**
     * Returns the argument of a handler's constructor.
     *
     * @return the ports; the same at each call
     */
    public Ports ports() {
        return ports;
    }

    /**
     * Passes an event to a handler as Lambda does. An accepted connect opens the connection, so that it can receive
     * messages; a disconnect closes it.
     *
     * @param handler the handler
     * @param event the event
     * @return what the handler returned
     * @throws UncheckedIOException if the handler throws an {@link IOException}, or its response is not JSON
     */
    public TestResponse invoke(RequestStreamHandler handler, TestEvent event) {
        byte[] json = event.json(now()).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        if (event.isDisconnect()) {
            connections.close(event.connectionId());
        }
        TestResponse response;
        try {
            handler.handleRequest(new ByteArrayInputStream(json), output, context);
            response = TestResponse.of(output.toByteArray());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        if (event.isConnect() && response.statusCode() == TestResponse.OK) {
            connections.open(event.connectionId());
        }
        return response;
    }

    /**
     * Closes a connection without a disconnect event, as when a laptop is shut: a post to it is answered with 410.
     *
     * @param connectionId the connection
     */
    public void lose(String connectionId) {
        connections.close(connectionId);
    }

    /**
     * Reads a counter.
     *
     * @param counterId the counter
     * @return its count; all zero if nobody has connected
     */
    public VisitorCount count(String counterId) {
        return store.read(counterId, new Deadline(now()));
    }

    /**
     * Returns the messages that were sent to a connection.
     *
     * @param connectionId the connection
     * @return their texts, in order; empty if the connection is closed
     */
    public List<String> received(String connectionId) {
        return connections.received(connectionId);
    }

    /**
     * Returns what the handlers logged, in the text format of Lambda's runtime.
     *
     * @return the lines, in order
     */
    public List<String> log() {
        return List.copyOf(context.log());
    }

    /**
     * Returns the time of the clock. It advances only when a handler waits or the test calls {@link #advance}.
     *
     * @return the time
     */
    public Instant now() {
        return timeSource.now();
    }

    /**
     * Advances the clock.
     *
     * @param duration how far
     */
    public void advance(Duration duration) {
        timeSource.sleep(duration);
    }
}
