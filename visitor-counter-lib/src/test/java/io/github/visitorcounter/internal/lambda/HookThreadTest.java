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
    void all_work_is_done_at_most_so_much_at_once() {
        AtomicInteger atWork = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        Runnable work = () -> {
            assertThat(atWork.incrementAndGet()).isLessThanOrEqualTo(3);
            thread.run(() -> done.incrementAndGet());
            atWork.decrementAndGet();
        };

        thread.awaitAll(IntStream.range(0, 20).mapToObj(i -> work).toList(), 3, threads);

        assertThat(done).hasValue(20);
    }

    @Test
    void what_a_call_throws_is_thrown_where_it_was_called() {
        List<String> caught = new ArrayList<>();
        Runnable work = () -> {
            try {
                thread.run(() -> {
                    throw new IllegalStateException("on purpose");
                });
            } catch (IllegalStateException failure) {
                thread.run(() -> caught.add(failure.getMessage()));
            }
        };

        thread.awaitAll(List.of(work, work), 2, threads);

        assertThat(caught).containsExactly("on purpose", "on purpose");
    }

    /** Code in Kotlin throws them without a declaration. */
    @Test
    void a_checked_exception_is_thrown_as_it_is() {
        List<Throwable> caught = new ArrayList<>();
        IOException checked = new IOException("on purpose");
        Runnable work = () -> {
            try {
                thread.run(() -> HookThreadTest.<RuntimeException>sneak(checked));
            } catch (Throwable failure) {
                thread.run(() -> caught.add(failure));
            }
        };

        thread.awaitAll(List.of(work, work), 2, threads);

        assertThat(caught).containsExactly(checked, checked);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void what_a_work_throws_is_thrown_when_the_others_are_done() {
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
    void a_single_work_runs_here() {
        List<Thread> where = new ArrayList<>();

        thread.awaitAll(List.of(() -> where.add(Thread.currentThread())), 8, command -> {
            throw new IllegalStateException("No other thread is needed");
        });

        assertThat(where).containsExactly(Thread.currentThread());
    }
}
