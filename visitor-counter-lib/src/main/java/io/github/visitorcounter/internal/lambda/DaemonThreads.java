package io.github.visitorcounter.internal.lambda;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Threads that don't keep a process alive. None is started before it is needed, so that none is part of a snapshot. */
public final class DaemonThreads {

    private DaemonThreads() {}

    /**
     * One thread, for one thing after another.
     *
     * @param name what its threads are called
     * @return the executor
     */
    public static Executor single(String name) {
        return Executors.newSingleThreadExecutor(task -> thread(task, name));
    }

    /**
     * As many threads as there are things to do.
     *
     * @param name what its threads are called
     * @return the executor
     */
    public static Executor many(String name) {
        return Executors.newCachedThreadPool(task -> thread(task, name));
    }

    /**
     * Starts a thread for one task; it ends with it.
     *
     * @param name what it is called
     * @param task what it does
     */
    public static void start(String name, Runnable task) {
        thread(task, name).start();
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
