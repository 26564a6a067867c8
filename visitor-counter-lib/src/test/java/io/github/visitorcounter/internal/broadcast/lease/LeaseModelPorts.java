package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.lease.LeaseModel.Row;
import io.github.visitorcounter.internal.broadcast.lease.LeaseProtocol.PassEnd;
import io.github.visitorcounter.internal.connection.PageRequest;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;

/** The ports of one step, which read and change a {@link LeaseModel}. */
final class LeaseModelPorts implements WakeUps, LeaseProtocol.Actions, TimeSource {

    private static final Instant FAR = Instant.EPOCH.plus(Duration.ofDays(99));

    private final LeaseModel state;
    private final Instant now;
    private final boolean outOfTime;
    private Row row;
    private long received;
    private boolean wakeUpPending;
    private int wakeUpRecords;

    LeaseModelPorts(LeaseModel state, Instant now, boolean outOfTime) {
        this.state = state;
        this.now = now;
        this.outOfTime = outOfTime;
        this.row = state.lease();
        this.received = state.received();
        this.wakeUpPending = state.wakeUpPending();
        this.wakeUpRecords = state.wakeUpRecords();
    }

    LeaseProtocol.Ports protocolPorts() {
        return new LeaseProtocol.Ports(
                new Leases(), new Counters(), this, new MessageBudget(1, Duration.ofHours(1)), this);
    }

    Row row() {
        return row;
    }

    long received() {
        return received;
    }

    boolean isWakeUpPending() {
        return wakeUpPending;
    }

    int wakeUpRecords() {
        return wakeUpRecords;
    }

    static Lease lease(Row row) {
        return new Lease(
                row.holder(),
                row.holder() == null || row.expired() ? Instant.EPOCH : FAR,
                row.sent(),
                BudgetUse.NONE,
                row.rest());
    }

    /** The lease row: each method is one conditional update. */
    private final class Leases implements LeaseStore {

        private boolean isHeldBy(String holder) {
            return holder.equals(row.holder());
        }

        @Override
        public Lease read(String counterId, Deadline deadline) {
            return lease(row);
        }

        @Override
        public Acquisition acquire(String counterId, AcquireRequest request, Deadline deadline) {
            if (isHeldBy(request.holder())) {
                return new Acquisition.Held(lease(row));
            }
            if (lease(row).isHeld(request.now())) {
                return new Acquisition.Rejected();
            }
            if (row.sent() != request.seen().sentVersion()) {
                return new Acquisition.Changed();
            }
            row = new Row(request.holder(), false, row.sent(), row.rest());
            return new Acquisition.Held(lease(row));
        }

        @Override
        public boolean renew(String counterId, String holder, Instant leasedUntil, Deadline deadline) {
            if (isHeldBy(holder)) {
                row = new Row(holder, false, row.sent(), row.rest());
            }
            return isHeldBy(holder);
        }

        @Override
        public void release(String counterId, String holder, long sentVersion, Deadline deadline) {
            if (isHeldBy(holder)) {
                row = new Row(null, false, sentVersion, null);
            }
        }

        @Override
        public void suspend(String counterId, String holder, PassRest rest, Deadline deadline) {
            if (isHeldBy(holder)) {
                row = new Row(null, false, row.sent(), rest);
            }
        }

        @Override
        public void recordUncounted(String counterId, long uncounted, Deadline deadline) {
            throw new IllegalStateException("The protocol must not record the audience");
        }

        @Override
        public boolean charge(String counterId, Charge charge, Deadline deadline) {
            throw new IllegalStateException("The protocol must charge by acquiring");
        }
    }

    private final class Counters implements CounterStore {

        @Override
        public VisitorCount read(String counterId, Deadline deadline) {
            return state.count();
        }

        @Override
        public void addConnection(Connection connection, Deadline deadline) {
            throw new IllegalStateException("The protocol must not change connections");
        }

        @Override
        public List<Connection> removeConnections(
                Collection<String> ids, Change change, Instant at, Deadline deadline) {
            throw new IllegalStateException("The protocol must not change connections");
        }
    }

    @Override
    public Request request(String counterId, Instant at, Deadline deadline) {
        if (wakeUpPending) {
            return Request.PENDING;
        }
        wakeUpPending = true;
        wakeUpRecords++;
        return Request.REQUESTED;
    }

    @Override
    public boolean isPending(String counterId, Instant at, Deadline deadline) {
        return wakeUpPending;
    }

    @Override
    public void clear(String counterId, Deadline deadline) {
        throw new IllegalStateException("The protocol must not clear wake-ups");
    }

    @Override
    public void addFollowUp(String id, FollowUp followUp, Deadline deadline) {
        throw new IllegalStateException("The protocol must not write follow-ups");
    }

    @Override
    public long messages(VisitorCount count, long audience) {
        return 1;
    }

    @Override
    public PassEnd send(VisitorCount count, LeaseStep.Send step) {
        PassRest rest = step.lease().rest();
        long version = rest == null ? count.version() : rest.version();
        if (outOfTime) {
            return new PassEnd.OutOfTime(new PassRest(version, List.of(PageRequest.first("site")), 0));
        }
        received = Math.max(received, version);
        return new PassEnd.Complete(version);
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public void sleep(Duration duration) {
        throw new IllegalStateException("The protocol must not wait an hour in place");
    }

    @Override
    public <T> @Nullable T poll(BlockingQueue<T> queue, Duration atMost) {
        throw new IllegalStateException("The protocol must not wait for events");
    }
}
