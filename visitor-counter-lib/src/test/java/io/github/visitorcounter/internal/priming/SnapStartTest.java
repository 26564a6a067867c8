package io.github.visitorcounter.internal.priming;

import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.time.Deadline;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;

class SnapStartTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final ManualTimeSource time = new ManualTimeSource();
    private final PrintStream standardOutput = System.out;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @BeforeEach
    void captureTheLog() {
        System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restoreStandardOutput() {
        System.setOut(standardOutput);
    }

    @Test
    void primes_before_the_checkpoint_with_a_deadline() {
        CompletableFuture<Deadline> given = new CompletableFuture<>();

        new SnapStart(given::complete, LONG, time).beforeCheckpoint(null);

        assertThat(given.join().at())
                .isAfter(Instant.now())
                .isBefore(Instant.now().plus(LONG));
        assertThat(log.toString(StandardCharsets.UTF_8)).containsOnlyOnce("Primed");
    }

    @Test
    void failure_is_logged_once_and_not_thrown() {
        SnapStart snapshot = new SnapStart(
                deadline -> {
                    throw new IllegalStateException("There is no table");
                },
                LONG,
                time);

        snapshot.beforeCheckpoint(null);
        snapshot.afterRestore(null);

        assertThat(log.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce("Priming failed")
                .contains("There is no table");
    }

    @Test
    void slow_priming_is_interrupted_and_logged_once() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CompletableFuture<String> interrupted = new CompletableFuture<>();
        SnapStart snapshot = new SnapStart(
                deadline -> {
                    try {
                        never.await();
                    } catch (InterruptedException interruption) {
                        interrupted.complete(Thread.currentThread().getName());
                    }
                },
                Duration.ofMillis(50),
                time);

        snapshot.beforeCheckpoint(null);

        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isEqualTo("visitor-counter-priming");
        assertThat(log.toString(StandardCharsets.UTF_8)).containsOnlyOnce("Priming was not finished in time");
    }

    /** IAM may not have applied the policies of a role that CloudFormation has just created. */
    @Test
    void retries_while_permissions_are_missing() {
        Denied primer = new Denied(3);

        new SnapStart(primer, LONG, time).beforeCheckpoint(null);

        assertThat(primer.attempts).hasValue(4);
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("Primed for the snapshot elapsedMillis=9000")
                .doesNotContain("failed");
    }

    @Test
    void stops_after_a_minute_without_permissions() {
        Denied primer = new Denied(Integer.MAX_VALUE);

        new SnapStart(primer, LONG, time).beforeCheckpoint(null);

        assertThat(primer.attempts).hasValue(21);
        assertThat(log.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce("Priming failed")
                .contains("elapsedMillis=60000");
    }

    @Test
    void other_failures_are_not_retried() {
        AtomicInteger attempts = new AtomicInteger();

        new SnapStart(
                        deadline -> {
                            attempts.incrementAndGet();
                            throw new IllegalStateException("There is no table");
                        },
                        LONG,
                        time)
                .beforeCheckpoint(null);

        assertThat(attempts).hasValue(1);
        assertThat(time.waits()).isEmpty();
    }

    /** A primer whose first attempts are denied. */
    private static final class Denied implements SnapStart.Primer {

        private final AtomicInteger attempts = new AtomicInteger();
        private final int times;

        Denied(int times) {
            this.times = times;
        }

        @Override
        public void prime(Deadline deadline) {
            if (attempts.incrementAndGet() <= times) {
                throw new SecurityException("not authorized to perform: dynamodb:PutItem");
            }
        }

        @Override
        public boolean isDenied(Throwable failure) {
            return failure instanceof SecurityException;
        }
    }
}
