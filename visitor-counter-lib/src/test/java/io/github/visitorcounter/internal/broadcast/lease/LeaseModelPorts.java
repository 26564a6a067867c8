package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.lease.LeaseModel.Broken;
import io.github.visitorcounter.internal.broadcast.lease.LeaseModel.Row;
import io.github.visitorcounter.internal.broadcast.lease.LeaseModel.Rules;
import io.github.visitorcounter.internal.broadcast.lease.LeaseModel.Shared;
import io.github.visitorcounter.internal.broadcast.lease.LeaseProtocol.PassEnd;
import io.github.visitorcounter.internal.connection.PageRequest;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;

/** The ports of one step, which read and change what the invocations of a {@link LeaseModel} share. */
final class LeaseModelPorts implements WakeUps, LeaseProtocol.Actions, TimeSource {

    private static final Instant FAR = Instant.EPOCH.plus(Duration.ofDays(99));

    private final Rules rules;
    private final Instant now;
    private final boolean outOfTime;
    private final List<Long> shown;
    private long version;
    private Row row;
    private boolean wakeUpPending;
    private int wakeUpRecords;
    private int rejectionsLeft;
    private int timeoutsLeft;
    private int crashesLeft;

    LeaseModelPorts(Shared state, Rules rules, Instant now, boolean outOfTime) {
        this.rules = rules;
        this.now = now;
        this.outOfTime = outOfTime;
        this.shown = new ArrayList<>(state.shown());
        this.version = state.version();
        this.row = state.lease();
        this.wakeUpPending = state.wakeUpPending();
        this.wakeUpRecords = state.wakeUpRecords();
        this.rejectionsLeft = state.rejectionsLeft();
        this.timeoutsLeft = state.timeoutsLeft();
        this.crashesLeft = state.crashesLeft();
    }

    Shared shared() {
        return new Shared(
                version,
                row,
                List.copyOf(shown),
                wakeUpPending,
                wakeUpRecords,
                rejectionsLeft,
                timeoutsLeft,
                crashesLeft);
    }

    LeaseProtocol.Ports protocolPorts() {
        return new LeaseProtocol.Ports(
                new Leases(), new Counters(), this, new MessageBudget(1, Duration.ofMinutes(5)), this);
    }

    /** A change of the counter, with a new connection unless it is 0. */
    LeaseModelPorts changed(int connection) {
        version++;
        if (connection > 0) {
            shown.set(connection, LeaseModel.NOTHING_SHOWN);
        }
        return this;
    }

    LeaseModelPorts wokenUp() {
        wakeUpRecords--;
        return this;
    }

    LeaseModelPorts cleared() {
        wakeUpPending = false;
        return this;
    }

    LeaseModelPorts crashed() {
        crashesLeft--;
        return this;
    }

    LeaseModelPorts expired() {
        row = row.with(row.holder(), true);
        return this;
    }

    LeaseModelPorts used(boolean rejection, boolean timeout) {
        rejectionsLeft -= rejection ? 1 : 0;
        timeoutsLeft -= timeout ? 1 : 0;
        return this;
    }

    LeaseModelPorts sentHalf(LeaseStep.Send send) {
        postToHalf(0, send.count().version());
        return this;
    }

    Lease readLease() {
        Lease lease = lease(row);
        boolean isTaken = rules.broken() == Broken.UNFINISHED_PASS_COUNTS_AS_SENT && !lease.isHeld(now);
        return isTaken
                ? lease(new Row(
                        row.holder(),
                        row.expired(),
                        row.passVersion(),
                        row.rest(),
                        row.passVersion(),
                        row.awaitingPass()))
                : lease;
    }

    VisitorCount readCount() {
        return Shared.count(version);
    }

    void leaveToNextPass() {
        row = new Row(row.holder(), row.expired(), row.sent(), row.rest(), row.passVersion(), row.awaitingPass() + 1);
    }

    void post(int connection, long posted) {
        if (shown.get(connection) != LeaseModel.ABSENT) {
            shown.set(connection, Math.max(shown.get(connection), posted));
        }
    }

    private void postToHalf(int first, long posted) {
        for (int connection = first; connection < shown.size(); connection += 2) {
            post(connection, posted);
        }
    }

    static Lease lease(Row row) {
        return new Lease(
                row.holder(),
                row.holder() == null || row.expired() ? Instant.EPOCH : FAR,
                row.sent(),
                BudgetUse.NONE,
                row.rest(),
                Shared.count(row.passVersion()),
                row.awaitingPass());
    }

    /** The lease row: each method is one conditional update. */
    private final class Leases implements LeaseStore {

        private boolean isHeldBy(String holder) {
            return holder.equals(row.holder());
        }

        @Override
        public Lease read(String counterId, Deadline deadline) {
            return readLease();
        }

        @Override
        public Acquisition acquire(String counterId, AcquireRequest request, Deadline deadline) {
            if (isHeldBy(request.holder())) {
                return row.passVersion() == request.count().version() || isUnrecorded()
                        ? new Acquisition.Held(lease(row))
                        : new Acquisition.Changed();
            }
            if (lease(row).isHeld(request.now())) {
                return new Acquisition.Rejected();
            }
            Lease seen = request.seen();
            boolean isSamePass = rules.broken() == Broken.ACQUIRES_AFTER_ANOTHER_PASS
                    || row.passVersion()
                            == Objects.requireNonNull(seen.passCount()).version();
            if (!isSamePass || row.sent() != seen.sentVersion() || row.awaitingPass() != seen.awaitingPass()) {
                return new Acquisition.Changed();
            }
            int awaiting = row.rest() == null ? 0 : row.awaitingPass();
            row = new Row(
                    request.holder(),
                    false,
                    row.sent(),
                    row.rest(),
                    request.count().version(),
                    awaiting);
            return new Acquisition.Held(lease(row));
        }

        private boolean isUnrecorded() {
            return rules.broken() == Broken.RESUMING_RECORDS_NOTHING;
        }

        @Override
        public boolean resume(String counterId, Lease own, VisitorCount count, Instant leasedUntil, Deadline deadline) {
            boolean isSamePass =
                    row.passVersion() == Objects.requireNonNull(own.passCount()).version();
            if (!isHeldBy(own.holder()) || !(isSamePass || isUnrecorded())) {
                return false;
            }
            long passVersion = isUnrecorded() ? row.passVersion() : count.version();
            row = new Row(row.holder(), false, row.sent(), row.rest(), passVersion, row.awaitingPass());
            return true;
        }

        @Override
        public boolean renew(String counterId, String holder, Instant leasedUntil, Deadline deadline) {
            if (isHeldBy(holder)) {
                row = row.with(holder, false);
            }
            return isHeldBy(holder);
        }

        @Override
        public void release(String counterId, String holder, long sentVersion, Deadline deadline) {
            if (isHeldBy(holder)) {
                row = new Row(null, false, sentVersion, null, row.passVersion(), row.awaitingPass());
            }
        }

        @Override
        public void suspend(String counterId, String holder, PassRest rest, Deadline deadline) {
            if (isHeldBy(holder)) {
                row = new Row(null, false, row.sent(), rest, row.passVersion(), row.awaitingPass());
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

        @Override
        public void leaveToNextPass(String counterId, Deadline deadline) {
            throw new IllegalStateException("The protocol must not leave connections to a pass");
        }
    }

    private final class Counters implements CounterStore {

        @Override
        public VisitorCount read(String counterId, Deadline deadline) {
            return readCount();
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
    public boolean isChange(VisitorCount sent, VisitorCount newest) {
        return rules.isChange(sent, newest);
    }

    /** Posts to everyone, to half of them before it is out of time, or to the other half. */
    @Override
    public PassEnd send(LeaseStep.Send step) {
        PassRest rest = step.lease().rest();
        long sent = step.count().version();
        long recorded = rest == null ? sent : rest.version();
        if (rest == null) {
            postToHalf(0, sent);
        }
        if (outOfTime) {
            return new PassEnd.OutOfTime(new PassRest(recorded, List.of(PageRequest.first("site")), 0));
        }
        postToHalf(1, sent);
        return new PassEnd.Complete(recorded);
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public void sleep(Duration duration) {
        throw new IllegalStateException("The protocol must not wait minutes in place");
    }

    @Override
    public <T> @Nullable T poll(BlockingQueue<T> queue, Duration atMost) {
        throw new IllegalStateException("The protocol must not wait for events");
    }
}
