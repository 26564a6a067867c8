package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.internal.connection.ConnectionPage;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.time.Deadline;

import java.time.Duration;

/** A store whose reads of connections take time. */
class SlowStore extends ForwardingReconcileStore {

    private final ManualTimeSource time;
    private final Duration perPage;

    SlowStore(InMemoryStore store, ManualTimeSource time, Duration perPage) {
        super(store);
        this.time = time;
        this.perPage = perPage;
    }

    @Override
    public ConnectionPage readConnections(Part part, Deadline deadline) {
        time.sleep(perPage);
        return super.readConnections(part, deadline);
    }
}
