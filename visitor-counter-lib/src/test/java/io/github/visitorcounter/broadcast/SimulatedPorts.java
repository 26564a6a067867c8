package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.broadcast.Turn.PassEnd;
import io.github.visitorcounter.broadcast.TurnWorld.Rules;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.Change;
import io.github.visitorcounter.count.CounterStore;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Timekeeper;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;

/** A world to be changed by one step of a turn. */
final class SimulatedPorts implements LeaseStore, CounterStore, Turn.Actions, Timekeeper {

    private final TurnWorld world;
    private final Rules rules;
    private final Instant now;
    private @Nullable String holder;
    private long pending;
    private long sent;
    private long told;
    private boolean startedPacer;

    SimulatedPorts(TurnWorld world, Rules rules, Instant now) {
        this.world = world;
        this.rules = rules;
        this.now = now;
        this.holder = world.holder();
        this.pending = world.pending();
        this.sent = world.sent();
        this.told = world.told();
    }

    @Nullable
    String holder() {
        return holder;
    }

    long pending() {
        return pending;
    }

    long sent() {
        return sent;
    }

    long told() {
        return told;
    }

    boolean startedPacer() {
        return startedPacer;
    }

    static String lingering(String name) {
        return new Trigger("site", name, null, 0, true, false, null).lingeringName();
    }

    private boolean isHeldBy(String name) {
        return name.equals(holder)
                || (!rules.passesAreUnderAnotherName() && lingering(name).equals(holder));
    }

    private Lease lease() {
        return new Lease(sent, pending, Instant.EPOCH, Instant.EPOCH);
    }

    @Override
    public Acquisition acquire(
            String counterId, String name, Set<String> heirOf, Instant time, Instant expiresAt, Deadline deadline) {
        if (holder == null || isHeldBy(name) || heirOf.contains(holder)) {
            boolean keepsItsName =
                    !rules.passesAreUnderAnotherName() && lingering(name).equals(holder);
            holder = keepsItsName ? holder : name;
            return new Acquisition.Held(lease());
        }
        return new Acquisition.Refused(holder);
    }

    @Override
    public boolean leaveTo(String counterId, String name, long version, Deadline deadline) {
        if (!rules.versionsAreLeftToTheHolder()) {
            return true;
        }
        if (!isHeldBy(name)) {
            return false;
        }
        pending = Math.max(pending, version);
        return true;
    }

    @Override
    public boolean renew(String counterId, String name, Instant expiresAt, Deadline deadline) {
        return isHeldBy(name);
    }

    @Override
    public Payment pay(
            String counterId,
            String name,
            Lease seen,
            Instant paidUntil,
            Instant passAt,
            Instant expiresAt,
            Deadline deadline) {
        return isHeldBy(name) ? new Payment.Paid(lease()) : new Payment.Lost();
    }

    @Override
    public boolean charge(String counterId, Charge charge, Deadline deadline) {
        return true;
    }

    @Override
    public Release release(String counterId, String name, long sentVersion, long settled, Deadline deadline) {
        if (!isHeldBy(name)) {
            return new Release.Lost();
        }
        if (rules.releaseLooksAtThem() && pending > settled) {
            return new Release.Pending(lease());
        }
        holder = null;
        pending = 0;
        sent = sentVersion;
        return new Release.Released();
    }

    @Override
    public void abandon(String counterId, String name, Deadline deadline) {
        if (isHeldBy(name)) {
            holder = null;
        }
    }

    @Override
    public State look(String counterId, Deadline deadline) {
        throw new IllegalStateException("A turn takes the lease");
    }

    @Override
    public PassEnd send(VisitorCount count, Lease before) {
        told = Math.max(told, count.version());
        return new PassEnd.Complete(count.version());
    }

    @Override
    public PassEnd sendRest(VisitorCount count) {
        throw new IllegalStateException("Passes of this world have time enough");
    }

    @Override
    public boolean handOn(Trigger from) {
        if (from.hop() > 0) {
            return false;
        }
        startedPacer = true;
        if (!rules.pacerTakesTheLease()) {
            holder = "t"
                    + (Integer.parseInt(from.identity().substring(1))
                            + world.players().size() / 2);
        }
        return true;
    }

    @Override
    public void touch(String counterId) {
        throw new IllegalStateException("Pacers of this world have time enough");
    }

    @Override
    public void arrive(Connection connection, Deadline deadline) {
        throw new IllegalStateException("A turn counts nobody in");
    }

    @Override
    public List<Connection> leave(Collection<String> ids, Change change, Instant at, Deadline deadline) {
        throw new IllegalStateException("A turn counts nobody out");
    }

    @Override
    public void touch(String counterId, Instant at, Deadline deadline) {
        touch(counterId);
    }

    @Override
    public VisitorCount read(String counterId, Deadline deadline) {
        return world.count();
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public void sleep(Duration duration) {
        // Time is not modelled.
    }

    @Override
    public <T> @Nullable T poll(BlockingQueue<T> queue, Duration atMost) {
        return queue.poll();
    }
}
