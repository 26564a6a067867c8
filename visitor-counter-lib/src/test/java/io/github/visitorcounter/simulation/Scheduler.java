package io.github.visitorcounter.simulation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The virtual clock and scheduler of a simulation run. Code that waits runs as an actor, on a separate thread; exactly
 * one thread of a run executes at a time. A thread that waits picks the next event, advances the clock to it, and
 * either runs it, if it is an action, or wakes the thread of its actor. Events at the same time run in random order.
 */
final class Scheduler {

    /** Ends an actor at the point where it waits, like a crash. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed", null, false, false);
        }
    }

    /** Above any regular run, so the run does not terminate. */
    private static final int MAX_EVENTS = 3_000_000;

    private static final AtomicInteger THREADS = new AtomicInteger();
    private static final ExecutorService POOL = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "simulation-" + THREADS.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });

    private record Event(
            long at,
            long tie,
            long number,
            @Nullable Actor actor,
            int turn,
            @Nullable Runnable action) {}

    /** A thread that can wait. */
    static final class Actor {
        private final Object owner;
        private final Runnable body;
        private volatile boolean signalled;
        private @Nullable Thread thread;
        private @Nullable BlockingQueue<?> queue;
        private int wait;
        private boolean killed;
        private boolean finished;

        private Actor(Object owner, Runnable body) {
            this.owner = owner;
            this.body = body;
        }

        boolean isFinished() {
            return finished;
        }

        /** The owner, such as an invocation. */
        Object owner() {
            return owner;
        }
    }

    private final Randomness random;
    private final PriorityQueue<Event> events = new PriorityQueue<>(
            Comparator.comparingLong(Event::at).thenComparingLong(Event::tie).thenComparingLong(Event::number));
    private final List<Actor> pollers = new ArrayList<>();
    private final List<Actor> alive = new ArrayList<>();
    private final Actor main = new Actor("main", () -> {});
    private long now;
    private long number;
    private long fingerprint;
    private @Nullable Actor current;
    private @Nullable Throwable failure;
    private boolean ending;

    Scheduler(Randomness random) {
        this.random = random;
    }

    /** Returns the microseconds since the start of the run. */
    long now() {
        return now;
    }

    /** Returns a hash of all events, to compare two runs. */
    long fingerprint() {
        return fingerprint;
    }

    long events() {
        return number;
    }

    /** Returns the running actor, or null while an action runs. */
    @Nullable
    Actor current() {
        return current;
    }

    /** Schedules an action, which must not wait. */
    void after(long micros, Runnable action) {
        events.add(new Event(now + Math.max(0, micros), random.tie(), number++, null, 0, action));
    }

    /** Starts an actor now. */
    Actor start(Object owner, Runnable body) {
        Actor actor = new Actor(owner, body);
        alive.add(actor);
        resume(actor, 0);
        return actor;
    }

    /** Kills an actor where it waits. An actor that kills itself must throw {@link Killed} afterwards. */
    void kill(Actor actor) {
        actor.killed = true;
        if (!actor.finished && actor != current) {
            pollers.remove(actor);
            resume(actor, 0);
        }
    }

    /** Makes the current actor wait. */
    void sleep(long micros) {
        Actor self = waiting();
        resume(self, micros);
        dispatch(self);
    }

    /** Makes the current actor wait for an element. */
    <T> @Nullable T poll(BlockingQueue<T> queue, long micros) {
        Actor self = waiting();
        T next = queue.poll();
        if (next != null || micros <= 0) {
            count();
            return next;
        }
        self.queue = queue;
        pollers.add(self);
        resume(self, micros);
        dispatch(self);
        return queue.poll();
    }

    /** Runs until no event is left. */
    void runUntilQuiet() throws Throwable {
        main.wait++;
        main.thread = Thread.currentThread();
        dispatch(main);
        throwFailure();
    }

    /** Runs for a time, even if events are left. */
    void runFor(long micros) throws Throwable {
        main.thread = Thread.currentThread();
        resume(main, micros);
        dispatch(main);
        throwFailure();
    }

    /** Throws the failure, if there is one. */
    void throwFailure() throws Throwable {
        if (failure != null) {
            throw failure;
        }
    }

    /** Stops the run with a failure. */
    void fail(Throwable wrong) {
        if (failure == null) {
            failure = wrong;
        }
    }

    /** Ends all actors that still wait. */
    void end() {
        ending = true;
        main.thread = Thread.currentThread();
        for (Actor actor : List.copyOf(alive)) {
            if (actor.thread != null && !actor.finished) {
                actor.killed = true;
                signal(actor);
                await(main);
            }
        }
    }

    private Actor waiting() {
        Actor self = current;
        if (self == null) {
            throw new IllegalStateException("An action must not wait");
        }
        if (self.killed) {
            throw new Killed();
        }
        return self;
    }

    private void resume(Actor actor, long micros) {
        actor.wait++;
        events.add(new Event(now + Math.max(0, micros), random.tie(), number++, actor, actor.wait, null));
    }

    private void count() {
        if (number++ > MAX_EVENTS) {
            throw new IllegalStateException("The simulation does not terminate");
        }
    }

    /** Runs other events until this actor continues. An actor that has ended passes null. */
    private void dispatch(@Nullable Actor self) {
        Actor next = next();
        if (next != self) {
            pass(next);
            if (self != null) {
                await(self);
            }
        }
        if (self != null && self != main) {
            current = self;
            if (self.killed) {
                throw new Killed();
            }
        }
    }

    private void pass(Actor next) {
        if (next.thread == null) {
            POOL.execute(() -> run(next));
        } else {
            signal(next);
        }
    }

    /** Runs actions until an actor must continue; returns to the main thread if no event is left. */
    private Actor next() {
        while (failure == null) {
            wakePollers();
            Event event = events.poll();
            if (event == null) {
                break;
            }
            if (event.actor() != null && (event.actor().finished || event.turn() != event.actor().wait)) {
                continue;
            }
            now = event.at();
            fingerprint = fingerprint * 31 + now + event.number();
            try {
                count();
                if (event.actor() != null) {
                    pollers.remove(event.actor());
                    return event.actor();
                }
                current = null;
                event.action().run();
            } catch (Throwable broken) {
                failure = broken;
            }
        }
        return main;
    }

    private void wakePollers() {
        for (int i = pollers.size() - 1; i >= 0; i--) {
            Actor actor = pollers.get(i);
            if (!actor.queue.isEmpty()) {
                pollers.remove(i);
                resume(actor, 0);
            }
        }
    }

    private void run(Actor actor) {
        actor.thread = Thread.currentThread();
        current = actor;
        try {
            if (!actor.killed) {
                actor.body.run();
            }
        } catch (Killed end) {
            // Killed on request.
        } catch (Throwable broken) {
            failure = broken;
        }
        actor.finished = true;
        alive.remove(actor);
        if (ending) {
            signal(main);
        } else {
            dispatch(null);
        }
    }

    private static void signal(Actor actor) {
        actor.signalled = true;
        LockSupport.unpark(actor.thread);
    }

    private static void await(Actor actor) {
        while (!actor.signalled) {
            LockSupport.park(actor);
        }
        actor.signalled = false;
    }
}
