package io.github.visitorcounter.internal.lambda;

import io.github.visitorcounter.internal.time.TimeSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(30)
class HookThreadTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HookThread thread = new HookThread(TimeSource.system());

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void concurrency_is_limited() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        Runnable task = () -> {
            assertThat(running.incrementAndGet()).isLessThanOrEqualTo(3);
            thread.run(() -> done.incrementAndGet());
            running.decrementAndGet();
        };

        thread.awaitAll(IntStream.range(0, 20).mapToObj(i -> task).toList(), 3, threads);

        assertThat(done).hasValue(20);
    }

    @Test
    void call_throws_the_exception_of_the_hook() {
        List<String> caught = new ArrayList<>();
        Runnable task = () -> {
            try {
                thread.run(() -> {
                    throw new IllegalStateException("on purpose");
                });
            } catch (IllegalStateException failure) {
                thread.run(() -> caught.add(failure.getMessage()));
            }
        };

        thread.awaitAll(List.of(task, task), 2, threads);

        assertThat(caught).containsExactly("on purpose", "on purpose");
    }

    /** Code in Kotlin throws checked exceptions without a declaration. */
    @Test
    void checked_exceptions_are_thrown_unchanged() {
        List<Throwable> caught = new ArrayList<>();
        IOException checked = new IOException("on purpose");
        Runnable task = () -> {
            try {
                thread.run(() -> HookThreadTest.<RuntimeException>sneak(checked));
            } catch (Throwable failure) {
                thread.run(() -> caught.add(failure));
            }
        };

        thread.awaitAll(List.of(task, task), 2, threads);

        assertThat(caught).containsExactly(checked, checked);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void failure_is_thrown_after_the_other_tasks() {
        AtomicInteger done = new AtomicInteger();
        Runnable broken = () -> {
            throw new NoClassDefFoundError("on purpose");
        };

        assertThatThrownBy(() ->
                        thread.awaitAll(List.of(broken, done::incrementAndGet, done::incrementAndGet), 1, threads))
                .isInstanceOf(NoClassDefFoundError.class);
        assertThat(done).hasValue(2);
    }

    @Test
    void a_single_task_runs_on_the_current_thread() {
        List<Thread> where = new ArrayList<>();

        thread.awaitAll(List.of(() -> where.add(Thread.currentThread())), 8, command -> {
            throw new IllegalStateException("No other thread is needed");
        });

        assertThat(where).containsExactly(Thread.currentThread());
    }
}
