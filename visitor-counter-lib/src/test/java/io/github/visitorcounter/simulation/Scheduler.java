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
 * A world's time and turns. Code that waits runs as an actor, on a thread of its own; exactly one of a world's threads runs at a
 * time. Who waits passes the baton: the thread itself picks what comes next, moves the clock there, runs it if it is a mere
 * action, and wakes the actor's thread otherwise. What happens at the same moment happens in the order that the dice say.
 */
final class Scheduler {

    /** Ends an actor at the point where it waits, like a process that dies. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed", null, false, false);
        }
    }

    /** More than any world needs: it must be going round in circles. */
    private static final int MOST_EVENTS = 3_000_000;

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

    /** Something that waits now and then. */
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

        /** For whom it works. */
        Object owner() {
            return owner;
        }
    }

    private final Randomness dice;
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

    Scheduler(Randomness dice) {
        this.dice = dice;
    }

    /** Microseconds since the world began. */
    long now() {
        return now;
    }

    /** A number that two runs share only if they were the same. */
    long fingerprint() {
        return fingerprint;
    }

    long events() {
        return number;
    }

    /** The actor that runs, or null when an action does. */
    @Nullable
    Actor current() {
        return current;
    }

    /** Runs an action, which must not wait, after a while. */
    void after(long micros, Runnable action) {
        events.add(new Event(now + Math.max(0, micros), dice.tie(), number++, null, 0, action));
    }

    /** Starts an actor now. */
    Actor start(Object owner, Runnable body) {
        Actor actor = new Actor(owner, body);
        alive.add(actor);
        resume(actor, 0);
        return actor;
    }

    /** Kills an actor where it waits. Who kills itself must throw {@link Killed} then. */
    void kill(Actor actor) {
        actor.killed = true;
        if (!actor.finished && actor != current) {
            pollers.remove(actor);
            resume(actor, 0);
        }
    }

    /** The current actor waits. */
    void sleep(long micros) {
        Actor self = waiting();
        resume(self, micros);
        dispatch(self);
    }

    /** The current actor waits for an element. */
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

    /** Runs the world until nothing is left to happen. */
    void runUntilQuiet() throws Throwable {
        main.wait++;
        main.thread = Thread.currentThread();
        dispatch(main);
        throwFailure();
    }

    /** Runs the world for a while, even if something is left to happen. */
    void runFor(long micros) throws Throwable {
        main.thread = Thread.currentThread();
        resume(main, micros);
        dispatch(main);
        throwFailure();
    }

    /** Throws what is wrong, if something is. */
    void throwFailure() throws Throwable {
        if (failure != null) {
            throw failure;
        }
    }

    /** Stops the world: something is wrong with it. */
    void fail(Throwable wrong) {
        if (failure == null) {
            failure = wrong;
        }
    }

    /** Ends whatever still waits. */
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
        events.add(new Event(now + Math.max(0, micros), dice.tie(), number++, actor, actor.wait, null));
    }

    private void count() {
        if (number++ > MOST_EVENTS) {
            throw new IllegalStateException("The world does not come to rest");
        }
    }

    /** Lets others run until it is this actor's turn again. Called with null by an actor that is done. */
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

    /** Runs actions until it is some actor's turn; the main thread's when there is nothing more to do. */
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
            // As somebody wanted.
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
