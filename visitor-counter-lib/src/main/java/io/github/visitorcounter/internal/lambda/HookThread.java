package io.github.visitorcounter.internal.lambda;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/**
 * Runs the user's hooks on the invocation's thread while other threads do the invocation's work. The other threads
 * queue their calls of hooks, and the invocation's thread runs these one after another while it waits for the other
 * threads.
 */
public final class HookThread {

    private static final Duration POLL_INTERVAL = Duration.ofMinutes(1);

    private final Thread thread = Thread.currentThread();
    private final BlockingQueue<Runnable> calls = new LinkedBlockingQueue<>();
    private final TimeSource timeSource;

    /**
     * Creates the queue of the current thread.
     *
     * @param timeSource waits for queued calls
     */
    public HookThread(TimeSource timeSource) {
        this.timeSource = timeSource;
    }

    /**
     * Runs a call on the invocation's thread, and waits for it. Must be called on that thread itself, or while it is in
     * {@link #awaitAll}.
     *
     * @param <T> the type of the result
     * @param call the call; this method throws what the call throws
     * @return the result of the call
     */
    public <T extends @Nullable Object> T call(Supplier<T> call) {
        if (Thread.currentThread() == thread) {
            return call.get();
        }
        FutureTask<T> task = new FutureTask<>(call::get);
        BlockingQueue<Boolean> done = new LinkedBlockingQueue<>();
        calls.add(() -> {
            task.run();
            done.add(true);
        });
        take(done);
        return result(task);
    }

    /**
     * Runs a call without a result, like {@link #call}.
     *
     * @param call the call; this method throws what the call throws
     */
    public void run(Runnable call) {
        call(() -> {
            call.run();
            return true;
        });
    }

    /**
     * Runs tasks on other threads, and waits until all are done. A single task runs on the current thread.
     *
     * @param tasks the tasks
     * @param maxConcurrency the maximum number of concurrent tasks
     * @param executor provides the other threads
     * @throws RuntimeException if a task threw it; all other tasks are run first
     */
    public void awaitAll(Collection<Runnable> tasks, int maxConcurrency, Executor executor) {
        List<FutureTask<Void>> futures =
                tasks.stream().map(task -> new FutureTask<Void>(task, null)).toList();
        if (futures.size() == 1) {
            futures.get(0).run();
        } else {
            awaitWorkers(futures, Math.min(maxConcurrency, futures.size()), executor);
        }
        futures.forEach(HookThread::result);
    }

    private void awaitWorkers(List<FutureTask<Void>> tasks, int workers, Executor executor) {
        Queue<FutureTask<Void>> remaining = new ConcurrentLinkedQueue<>(tasks);
        int[] running = {workers};
        for (int i = 0; i < workers; i++) {
            executor.execute(() -> {
                for (FutureTask<Void> next = remaining.poll(); next != null; next = remaining.poll()) {
                    next.run();
                }
                calls.add(() -> running[0]--);
            });
        }
        while (running[0] > 0) {
            take(calls).run();
        }
    }

    private <E> E take(BlockingQueue<E> queue) {
        try {
            E next = null;
            while (next == null) {
                next = timeSource.poll(queue, POLL_INTERVAL);
            }
            return next;
        } catch (InterruptedException interruption) {
            throw interrupted(interruption);
        }
    }

    private static <T extends @Nullable Object> T result(FutureTask<T> task) {
        try {
            return task.get();
        } catch (InterruptedException interruption) {
            throw interrupted(interruption);
        } catch (ExecutionException failure) {
            HookThread.<RuntimeException>rethrow(Objects.requireNonNull(failure.getCause()));
            throw new AssertionError("Always thrown before", failure);
        }
    }

    /** Throws any exception without declaring it: code in Kotlin, or with Lombok, may throw checked exceptions. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void rethrow(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private static ServiceUnavailableException interrupted(InterruptedException interruption) {
        Thread.currentThread().interrupt();
        return new ServiceUnavailableException("The invocation was interrupted", interruption);
    }
}
