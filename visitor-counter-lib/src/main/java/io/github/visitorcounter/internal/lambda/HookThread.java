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
 * The thread of an invocation, on which the user's code runs, while other threads do the invocation's work: what they call is
 * queued for it, and it runs that one after another while it waits for them.
 */
public final class HookThread {

    private static final Duration A_WHILE = Duration.ofMinutes(1);

    private final Thread thread = Thread.currentThread();
    private final BlockingQueue<Runnable> calls = new LinkedBlockingQueue<>();
    private final TimeSource timeSource;

    /**
     * Makes the current thread an invocation's.
     *
     * @param timeSource where it waits
     */
    public HookThread(TimeSource timeSource) {
        this.timeSource = timeSource;
    }

    /**
     * Runs something on this thread, and waits for it. Only while this thread is in {@link #awaitAll}, or on this thread itself.
     *
     * @param <T> what it returns
     * @param call what to run; what it throws is thrown here
     * @return what it returned
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
     * Runs something on this thread like {@link #call}, and waits for it.
     *
     * @param call what to run; what it throws is thrown here
     */
    public void run(Runnable call) {
        call(() -> {
            call.run();
            return true;
        });
    }

    /**
     * Does work on other threads and waits until all of it is done; a single thing is done on this thread.
     *
     * @param works what to do
     * @param most how much at once
     * @param executor has the other threads
     * @throws RuntimeException if a work threw it; the others are done all the same
     */
    public void awaitAll(Collection<Runnable> works, int most, Executor executor) {
        List<FutureTask<Void>> tasks =
                works.stream().map(work -> new FutureTask<Void>(work, null)).toList();
        if (tasks.size() == 1) {
            tasks.get(0).run();
        } else {
            awaitWorkers(tasks, Math.min(most, tasks.size()), executor);
        }
        tasks.forEach(HookThread::result);
    }

    private void awaitWorkers(List<FutureTask<Void>> tasks, int workers, Executor executor) {
        Queue<FutureTask<Void>> todo = new ConcurrentLinkedQueue<>(tasks);
        int[] atWork = {workers};
        for (int i = 0; i < workers; i++) {
            executor.execute(() -> {
                for (FutureTask<Void> next = todo.poll(); next != null; next = todo.poll()) {
                    next.run();
                }
                calls.add(() -> atWork[0]--);
            });
        }
        while (atWork[0] > 0) {
            take(calls).run();
        }
    }

    private <E> E take(BlockingQueue<E> queue) {
        try {
            E next = null;
            while (next == null) {
                next = timeSource.poll(queue, A_WHILE);
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

    /** A call declares no checked exception, but code in Kotlin, or with Lombok, throws them all the same. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void rethrow(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private static ServiceUnavailableException interrupted(InterruptedException interruption) {
        Thread.currentThread().interrupt();
        return new ServiceUnavailableException("The invocation was interrupted", interruption);
    }
}
