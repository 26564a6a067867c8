package io.github.visitorcounter.internal.lambda;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Creates daemon threads. A thread is started only when it is needed, so that no thread is part of a snapshot. */
public final class DaemonThreads {

    /** Short, because an idle thread keeps the function's classes in memory after a stack on a laptop was closed. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(2);

    private DaemonThreads() {}

    /**
     * Returns an executor with one thread, which runs tasks one after another.
     *
     * @param name the name of its threads
     * @return the executor
     */
    public static Executor single(String name) {
        return Executors.newSingleThreadExecutor(task -> thread(task, name));
    }

    /**
     * Returns an executor with a thread for each concurrent task.
     *
     * @param name the name of its threads
     * @return the executor
     */
    public static Executor many(String name) {
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                KEEP_ALIVE.toMillis(),
                TimeUnit.MILLISECONDS,
                new SynchronousQueue<>(),
                task -> thread(task, name));
    }

    /**
     * Starts a thread that ends after one task.
     *
     * @param name the name of the thread
     * @param task the task
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
