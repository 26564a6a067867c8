package io.github.visitorcounter.internal.count;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.connection.ConnectionStore;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** A pair of stores under test, and manipulations of their rows. */
public abstract class StoreFixture extends AudienceContract {

    /** Returns the store of connections with a site counter. */
    protected abstract ConnectionStore connections(String siteCounter);

    /** Returns the store of counters with a site counter. */
    protected abstract CounterStore counters(VisitRules rules, int maxLive, String siteCounter);

    /** Deletes a counter's row. */
    protected abstract void loseCount(String counterId);

    /** Deletes a visit's row. */
    protected abstract void loseVisit(String counterId, String visit);

    /** Reads a visit's row; null if there is none. */
    protected abstract Visit visit(String counterId, String visit);

    protected final CounterStore counters(VisitRules rules) {
        return counters(rules, 0);
    }

    /** Returns the count of a counter created now, after some changes. */
    protected final VisitorCount counted(long live, long total, int changes, Instant updatedAt) {
        return new VisitorCount(counterId, live, total, version(changes), updatedAt);
    }

    /** Returns the version of a counter created now, after some changes. */
    protected final long version(int changes) {
        return firstVersion() + changes;
    }

    /** Returns the initial version of a counter. */
    protected long firstVersion() {
        return now.toEpochMilli() * 1_000;
    }

    protected final VisitorCount count() {
        return counters().read(counterId, deadline());
    }

    protected final void connect(CounterStore counters, String name, String visit, Instant connectedAt) {
        counters.addConnection(Connection.opened(id(name), counterId, connectedAt, visit), deadline());
    }

    /** Returns the ids of the removed connections. */
    protected final List<String> disconnect(CounterStore counters, Instant at, String... names) {
        Collection<String> ids = Stream.of(names).map(this::id).toList();
        return counters.removeConnections(ids, Change.DISCONNECT, at, deadline()).stream()
                .map(connection -> connection.connectionId().replace(id(""), ""))
                .toList();
    }
}
