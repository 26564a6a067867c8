package io.github.visitorcounter.internal;

import io.github.visitorcounter.time.Deadline;
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

import static org.assertj.core.api.Assertions.assertThat;

class SnapshotTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final PrintStream standardOutput = System.out;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @BeforeEach
    void keepTheLog() {
        System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void giveTheOutputBack() {
        System.setOut(standardOutput);
    }

    @Test
    void it_practises_before_the_checkpoint_with_a_deadline() {
        CompletableFuture<Deadline> given = new CompletableFuture<>();

        new Snapshot(given::complete, LONG).beforeCheckpoint(null);

        assertThat(given.join().at())
                .isAfter(Instant.now())
                .isBefore(Instant.now().plus(LONG));
        assertThat(log.toString(StandardCharsets.UTF_8)).containsOnlyOnce("Primed");
    }

    @Test
    void a_failure_does_not_stop_the_function_and_is_logged_once() {
        Snapshot snapshot = new Snapshot(
                deadline -> {
                    throw new IllegalStateException("There is no table");
                },
                LONG);

        snapshot.beforeCheckpoint(null);
        snapshot.afterRestore(null);

        assertThat(log.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce("Priming failed")
                .contains("There is no table");
    }

    @Test
    void practice_that_does_not_end_is_interrupted_and_logged_once() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CompletableFuture<String> interrupted = new CompletableFuture<>();
        Snapshot snapshot = new Snapshot(
                deadline -> {
                    try {
                        never.await();
                    } catch (InterruptedException interruption) {
                        interrupted.complete(Thread.currentThread().getName());
                    }
                },
                Duration.ofMillis(50));

        snapshot.beforeCheckpoint(null);

        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isEqualTo("visitor-counter-priming");
        assertThat(log.toString(StandardCharsets.UTF_8)).containsOnlyOnce("Priming was not finished in time");
    }
}
