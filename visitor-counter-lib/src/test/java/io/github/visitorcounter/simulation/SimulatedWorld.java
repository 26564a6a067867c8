package io.github.visitorcounter.simulation;

import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;

/** The shared state of a simulation run: its clock, random decisions, faults and trace. */
final class SimulatedWorld implements TimeSource {

    static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

    /** 250 ms and rounding. */
    private static final long MAX_IDLE = 251_000;

    private static final long MAX_TRAVEL = 900_000;
    private static final Duration A_YEAR = Duration.ofDays(365);

    private final Randomness randomness;
    private final Scheduler scheduler;
    private final boolean tracing;
    private final StringBuilder trace = new StringBuilder();
    private InjectedFaults faults = InjectedFaults.NONE;
    private long outageEndsAt;
    private long injections;

    SimulatedWorld(long seed, boolean tracing) {
        this.randomness = new Randomness(seed);
        this.scheduler = new Scheduler(randomness);
        this.tracing = tracing;
    }

    Randomness randomness() {
        return randomness;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    InjectedFaults faults() {
        return faults;
    }

    void faults(InjectedFaults now) {
        this.faults = now;
    }

    /** Starts an outage of DynamoDB. */
    void outage(long micros) {
        log(() -> "OUTAGE for " + micros + " us");
        outageEndsAt = scheduler.now() + micros;
        injects();
    }

    /** Decides with this probability to inject a fault. */
    boolean injects(double probability) {
        boolean happens = randomness.chance(probability);
        if (happens) {
            injects();
        }
        return happens;
    }

    void injects() {
        injections++;
    }

    /** Returns the number of injected faults. */
    long injections() {
        return injections;
    }

    boolean isOutage() {
        boolean isOutage = scheduler.now() < outageEndsAt;
        if (isOutage) {
            injects();
        }
        return isOutage;
    }

    @Override
    public Instant now() {
        return START.plus(scheduler.now(), ChronoUnit.MICROS);
    }

    @Override
    public void sleep(Duration duration) {
        step();
        if (!invocation().backsOff()) {
            idles(micros(duration));
        }
        scheduler.sleep(micros(duration));
    }

    @Override
    public <T> @Nullable T poll(BlockingQueue<T> queue, Duration atMost) {
        step();
        Invocation invocation = invocation();
        boolean idle = queue.isEmpty() && invocation.postsUnderWay() == 0 && invocation.isAlone(scheduler.current());
        long begin = scheduler.now();
        T next = scheduler.poll(queue, micros(atMost));
        if (idle) {
            idles(scheduler.now() - begin);
        }
        return next;
    }

    /** G11: no invocation idles longer than 250 ms. */
    private void idles(long micros) {
        Invocation invocation = invocation();
        if (invocation.idles(micros) > MAX_IDLE) {
            violation("G11", invocation.name() + " waits " + micros + " us with nothing under way");
        }
    }

    /** Runs an AWS call, and records whether it failed, because its retry may wait. */
    <T> T tracked(Supplier<T> call) {
        Invocation invocation = invocation();
        boolean failed = true;
        try {
            T answer = call.get();
            failed = false;
            return answer;
        } catch (ConditionalCheckFailedException answer) {
            failed = false;
            throw answer;
        } finally {
            invocation.callEnds(failed);
        }
    }

    @Override
    public double jitter() {
        return randomness.fraction();
    }

    /** Converts to microseconds, rounded up, so that a wait never ends too early. */
    static long micros(Duration duration) {
        Duration bounded = duration.compareTo(A_YEAR) > 0 ? A_YEAR : duration;
        return bounded.plusNanos(999).toNanos() / 1_000;
    }

    /** Returns the running invocation. */
    Invocation invocation() {
        Scheduler.Actor actor = scheduler.current();
        if (actor == null) {
            throw new IllegalStateException("No function runs");
        }
        return (Invocation) actor.owner();
    }

    /** A point at which the running function may crash. */
    void step() {
        Invocation invocation = invocation();
        if (invocation.diesNow()) {
            kill(invocation, "CRASHES");
            throw new Scheduler.Killed();
        }
    }

    void kill(Invocation invocation, String how) {
        if (!invocation.isOver()) {
            log(() -> invocation.name() + " " + how);
            injects();
            invocation.end(new Invocation.Answer(null));
            invocation.actors().forEach(scheduler::kill);
        }
    }

    /** Returns a network latency, much longer if a slow fault is injected. */
    long latency(double typicalMillis) {
        return randomness.latency(injects(faults.slow()) ? typicalMillis * 40 : typicalMillis);
    }

    /** Waits for the network latency, limited by the timeout of calls. */
    void travel(double typicalMillis) {
        scheduler.sleep(Math.min(MAX_TRAVEL, latency(typicalMillis)));
    }

    void log(Supplier<String> line) {
        if (tracing) {
            trace.append(String.format("%12.6f  %s%n", scheduler.now() / 1e6, line.get()));
        }
    }

    String trace() {
        return trace.toString();
    }

    void violation(String promise, String what) {
        log(() -> "VIOLATION of " + promise + ": " + what);
        scheduler.fail(new Violation(promise, what, now()));
    }

    /** A broken promise. */
    static final class Violation extends Error {
        private static final long serialVersionUID = 1L;

        private final String promise;

        Violation(String promise, String what, Instant at) {
            super(promise + ": " + what + " (" + Duration.between(START, at) + ")", null, false, false);
            this.promise = promise;
        }

        String promise() {
            return promise;
        }
    }
}
