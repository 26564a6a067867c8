package io.github.visitorcounter.count;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.connection.ConnectionStore;
import io.github.visitorcounter.testing.InMemoryStore;
import io.github.visitorcounter.time.Deadline;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** A pair of stores under test. Each test has a counter of its own, so that one set of tables serves them all. */
public abstract class StoreFixture {

    protected final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    protected String counterId;

    /** The store of connections; it reads pages of ten rows. */
    protected abstract ConnectionStore connections();

    /** A store of counters, on the same tables as the others, with a limit of {@code live}; 0 for none. */
    protected abstract CounterStore counters(VisitRules rules, int liveLimit);

    /** Loses a counter's row. */
    protected abstract void loseCount(String counterId);

    /** Loses a visit's row. */
    protected abstract void loseVisit(String counterId, String visit);

    /** Reads a visit's row; null when there is none. */
    protected abstract Visit visit(String counterId, String visit);

    @BeforeEach
    void nameTheCounter(TestInfo test) {
        counterId = getClass().getSimpleName() + "-"
                + Integer.toUnsignedString(
                        (test.getTestMethod().orElseThrow().getName() + test.getDisplayName()).hashCode());
    }

    protected final CounterStore counters(VisitRules rules) {
        return counters(rules, 0);
    }

    protected final CounterStore counters() {
        return counters(InMemoryStore.DEFAULT_RULES);
    }

    protected final VisitorCount count() {
        return counters().read(counterId, deadline());
    }

    protected final void arrive(CounterStore counters, String name, String visit, Instant connectedAt) {
        counters.arrive(Connection.opened(id(name), counterId, connectedAt, visit), deadline());
    }

    /** Returns the names of those who left. */
    protected final List<String> leave(CounterStore counters, Instant at, String... names) {
        Collection<String> ids = Stream.of(names).map(this::id).toList();
        return counters.leave(ids, Change.DISCONNECT, at, deadline()).stream()
                .map(connection -> connection.connectionId().replace(id(""), ""))
                .toList();
    }

    protected final String id(String name) {
        return counterId + "-=" + name;
    }

    protected static Deadline deadline() {
        return new Deadline(Instant.now().plus(Duration.ofSeconds(60)));
    }
}
