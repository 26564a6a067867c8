package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.broadcast.BroadcastPass.Result;
import io.github.visitorcounter.broadcast.BroadcastReport.Outcome;
import io.github.visitorcounter.broadcast.Relay.LateLookOrder;
import io.github.visitorcounter.broadcast.Relay.PacerOrder;
import io.github.visitorcounter.broadcast.Relay.Rest;
import io.github.visitorcounter.broadcast.Turn.PassEnd;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.connection.PageRequest;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.time.Deadline;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** One task at work: takes its turn, tells everyone when it is on, and sees to those who are hard to tell. */
final class Broadcast implements Turn.Actions {

    private final BroadcastTask task;
    private final Broadcaster.Ports ports;
    private final Voice voice;
    private final Relay relay;
    private final Deadline deadline;
    private final Trigger trigger;
    private final Stragglers stragglers;
    private final Instant start;

    /** Those of a pass that no other invocation could be started for. */
    private List<Connection> ownStragglers = List.of();

    /** A look that no other invocation could be started for. */
    private @Nullable LateLookOrder ownLateLook;

    private PassTally tally = PassTally.NONE;
    private int passes;
    private long sentVersion;
    private @Nullable Duration changeAge;
    private @Nullable Rest rest;

    Broadcast(BroadcastTask task, Broadcaster.Ports ports, Voice voice, Relay relay, Deadline deadline) {
        this.task = task;
        this.ports = ports;
        this.voice = voice;
        this.relay = relay;
        this.deadline = deadline;
        this.stragglers = new Stragglers(task.counterId(), ports, voice, deadline);
        this.start = ports.pass().timekeeper().now();
        this.trigger = task.trigger(start, ports.leaveGrace());
    }

    BroadcastReport run() throws InterruptedException {
        Turn turn = new Turn(
                trigger,
                ports.leases(),
                ports.counters(),
                this,
                ports.pace(),
                Turn.Times.STANDARD,
                ports.pass().timekeeper(),
                deadline);
        Turn.End end = turn.run();
        if (end == Turn.End.LEFT_TO_HOLDER || end == Turn.End.HANDED_ON) {
            // The crowd hears at its pace; who has just arrived hears now.
            stragglers.greet(task.newcomers());
        } else if (end == Turn.End.SENT) {
            tellTheOthers();
        }
        tally = tally.plus(stragglers.tally());
        Duration elapsed = Duration.between(start, ports.pass().timekeeper().now());
        return new BroadcastReport(task.counterId(), outcome(end), sentVersion, passes, tally, changeAge, elapsed);
    }

    private void tellTheOthers() throws InterruptedException {
        if (passes == 0 && pagesLag()) {
            // Another's pass has told everyone, but may not have seen who had just arrived.
            greetForSure();
        }
        stragglers.tell(sentVersion, ownStragglers);
        if (ownLateLook != null) {
            stragglers.look(ownLateLook);
        }
    }

    private void greetForSure() throws InterruptedException {
        List<Connection> left = stragglers.greet(task.newcomers());
        if (left.isEmpty()) {
            return;
        }
        long version = ports.counters().read(task.counterId(), deadline).version();
        if (!stragglers.handOn(relay, version, left, 0)) {
            stragglers.tell(version, left);
        }
    }

    private boolean pagesLag() {
        return !ports.pass().connections().lag().isZero();
    }

    private static Outcome outcome(Turn.End end) {
        return switch (end) {
            case SENT -> Outcome.SENT;
            case LEFT_TO_HOLDER -> Outcome.LEFT_TO_ANOTHER;
            case HANDED_ON -> Outcome.HANDED_ON;
            case LEFT_TO_STREAM -> Outcome.LEFT_TO_STREAM;
            case LOST -> Outcome.OVERTAKEN;
        };
    }

    @Override
    public PassEnd send(VisitorCount count, Lease before) {
        int segments = FanOut.segments(count.live(), ports.fanOutThreshold());
        return tell(count, PageRequest.first(task.counterId()), count.version(), segments, mayMiss(before, segments));
    }

    /**
     * Whether pages may lack somebody who has been told an older count. Each newcomer is told by the trigger of its own arrival. If
     * that one ran a moment ago, it made the last pass, or left its version to this holder, or started this pacer, or is this
     * very one, which divides its audience; if it runs later, it tells the newest count.
     */
    private boolean mayMiss(Lease before, int segments) {
        if (!pagesLag()) {
            return false;
        }
        Instant now = ports.pass().timekeeper().now();
        Duration sinceLastPass = Duration.between(before.lastPassAt(), now);
        return sinceLastPass.compareTo(ports.pass().connections().lag()) <= 0
                || before.pendingVersion() > 0
                || (task.pacer() != null && trigger.lingersUntil() == null)
                || (segments > 1 && !task.newcomers().isEmpty());
    }

    @Override
    public PassEnd sendRest(VisitorCount count) {
        Rest left = task.pacer() == null ? null : task.pacer().rest();
        if (left == null) {
            throw new IllegalStateException("Only a pacer has a rest to send");
        }
        PageRequest from = new PageRequest(task.counterId(), 0, 1, left.cursor());
        return tell(count, from, left.version(), 1, pagesLag());
    }

    private PassEnd tell(VisitorCount count, PageRequest from, long version, int segments, boolean mayMiss) {
        String message = voice.format().format(count);
        if (message == null) {
            return new PassEnd.Complete(version);
        }
        Instant now = ports.pass().timekeeper().now();
        begin(count, now);
        Keepalive keepalive = Keepalive.of(ports.leases(), trigger, Turn.Times.STANDARD, now, deadline);
        Deadline passEnd = ports.passDeadline(deadline);
        Result result = segments > 1
                ? new FanOut(relay, ports.pass().timekeeper(), keepalive, passEnd)
                        .tell(task.counterId(), message, segments)
                : null;
        if (result == null) {
            // A small audience, or the function may not invoke itself.
            result = new BroadcastPass(
                            new BroadcastPass.Plan(message, task.newcomers(), from),
                            ports.pass(),
                            voice.policy(),
                            keepalive,
                            passEnd)
                    .run();
        }
        LateLookOrder lateLook = mayMiss ? new LateLookOrder(task.counterId(), version, now) : null;
        return end(result, count, version, lateLook);
    }

    private void begin(VisitorCount count, Instant now) {
        passes++;
        if (changeAge == null && count.updatedAt() != null) {
            changeAge = Duration.between(count.updatedAt(), now);
        }
    }

    private PassEnd end(Result result, VisitorCount count, long version, @Nullable LateLookOrder lateLook) {
        int removed = ports.prune(result.toRemove(), deadline);
        tally = tally.plus(result.tally()).removed(removed);
        ports.chargeBeyond(task.counterId(), result.tally().posts() - count.live(), deadline);
        if (result.end() == BroadcastPass.End.LEASE_LOST) {
            return new PassEnd.LeaseLost();
        }
        // Before the lease is let go or handed on: until then, a crash brings the whole pass back.
        boolean handedOn = stragglers.handOn(relay, version, result.stragglers(), 0);
        ownLateLook = lateLook == null || relay.lookAgain(lateLook, deadline) ? null : lateLook;
        if (result.end() == BroadcastPass.End.OUT_OF_TIME) {
            rest = new Rest(result.cursor(), version);
            return new PassEnd.OutOfTime();
        }
        sentVersion = version;
        ownStragglers = handedOn ? List.of() : result.stragglers();
        return new PassEnd.Complete(version);
    }

    @Override
    public boolean handOn(Trigger from) {
        return relay.startPacer(
                new PacerOrder(from.counterId(), from.identity(), from.hop() + 1, from.lingersUntil(), rest), deadline);
    }

    @Override
    public void touch(String counterId) {
        ports.counters().touch(counterId, ports.pass().timekeeper().now(), deadline);
    }
}
