package io.github.visitorcounter.embeddedstack.lambda.runtime;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Replaces the shutdown hooks of a function's {@link Runtime}: they run when the stack is closed, which is the end of
 * the function's environment, and not at the end of the JVM. So a function that closes its clients in a hook leaves no
 * threads behind. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ShutdownHooks {

    /** What Lambda grants to a function with an internal extension. */
    private static final long PATIENCE_MILLIS = 500;

    private static final Set<Thread> HOOKS = new LinkedHashSet<>();
    private static boolean closed;

    private ShutdownHooks() {}

    /**
     * As {@link Runtime#addShutdownHook(Thread)}.
     *
     * @param runtime not used
     * @param hook the hook
     * @throws IllegalArgumentException if the hook is registered already, or has been started
     * @throws IllegalStateException if the function is closed
     */
    public static void addShutdownHook(Runtime runtime, Thread hook) {
        synchronized (HOOKS) {
            checkOpen();
            if (hook.getState() != Thread.State.NEW) {
                throw new IllegalArgumentException("Hook already running");
            }
            if (!HOOKS.add(hook)) {
                throw new IllegalArgumentException("Hook previously registered");
            }
        }
    }

    /**
     * As {@link Runtime#removeShutdownHook(Thread)}.
     *
     * @param runtime not used
     * @param hook the hook
     * @return whether it was registered
     * @throws IllegalStateException if the function is closed
     */
    public static boolean removeShutdownHook(Runtime runtime, Thread hook) {
        synchronized (HOOKS) {
            checkOpen();
            return HOOKS.remove(hook);
        }
    }

    private static void checkOpen() {
        if (closed) {
            throw new IllegalStateException("Shutdown in progress");
        }
    }

    /** Runs all hooks at once, and waits half a second for them. */
    static void run() throws InterruptedException {
        List<Thread> hooks;
        synchronized (HOOKS) {
            closed = true;
            hooks = new ArrayList<>(HOOKS);
            HOOKS.clear();
        }
        hooks.forEach(Thread::start);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        for (Thread hook : hooks) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            hook.join(Math.max(1, left));
        }
    }
}
