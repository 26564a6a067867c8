package io.github.visitorcounter.internal.broadcast;

import io.github.visitorcounter.broadcast.DeliveryStats;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.Answer;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentReport;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentRequest;
import io.github.visitorcounter.internal.broadcast.delivery.FailedCall;
import io.github.visitorcounter.internal.broadcast.delivery.PassPlan;
import io.github.visitorcounter.internal.broadcast.delivery.PassPorts;
import io.github.visitorcounter.internal.broadcast.delivery.PassResult;
import io.github.visitorcounter.internal.broadcast.delivery.PassResult.End;
import io.github.visitorcounter.internal.broadcast.lease.LeaseRenewer;
import io.github.visitorcounter.internal.connection.PageRequest;
import io.github.visitorcounter.internal.testing.FakePoster;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.time.Backoff;
import io.github.visitorcounter.internal.time.Deadline;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import static org.assertj.core.api.Assertions.assertThat;

class FanOutTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final PassPlan PLAN = new PassPlan("hello", List.of(), Set.of("suspect"), null);
    private static final SegmentReport REPORT =
            new SegmentReport(new DeliveryStats(10, 10, 0, 0, 0, 0, 10), List.of(), List.of(), false);

    private static final FailedCall THROTTLED =
            new FailedCall("Invoke", 429, "TooManyRequestsException", "Rate Exceeded.", "the test");

    private final ManualTimeSource time = new ManualTimeSource();
    private final List<Integer> invoked = new ArrayList<>();
    private final List<Integer> inPlace = new ArrayList<>();
    private final List<FailedCall> failures = new ArrayList<>();
    private int renewalsLeft = Integer.MAX_VALUE;

    @Test
    void audience_is_divided_by_the_threshold() {
        assertThat(FanOut.segments("site", 0, 100)).hasSize(1);
        assertThat(FanOut.segments("site", 100, 100)).hasSize(1);
        assertThat(FanOut.segments("site", 101, 100))
                .containsExactly(new PageRequest("site", 0, 2, null), new PageRequest("site", 1, 2, null));
        assertThat(FanOut.segments("site", 1_000_000, 100)).hasSize(20);
    }

    @Test
    void reports_are_joined() {
        Connection unsent = Connection.opened("unsent", "site", time.now());
        Connection suspect = Connection.opened("suspect", "site", time.now());
        SegmentReport report =
                new SegmentReport(new DeliveryStats(1, 2, 3, 4, 5, 6, 7), List.of(unsent), List.of(suspect), true);
        FanOut fanOut = fanOut((request, timeout) -> sent(request, report), LATER);

        PassResult result = fanOut.run(PLAN, segments(2));

        assertThat(result.end()).isEqualTo(End.COMPLETE);
        assertThat(result.tally()).isEqualTo(new DeliveryStats(2, 4, 6, 8, 10, 12, 14));
        assertThat(result.unsent()).containsExactly(unsent, unsent);
        assertThat(result.suspects()).containsExactly(suspect, suspect);
        assertThat(fanOut.lagged()).isTrue();
        assertThat(fanOut.rest()).isEmpty();
    }

    /** The concurrency of the function or the account limits the segments that run at once. */
    @Test
    void throttled_segments_are_retried_when_others_end() {
        int concurrency = 4;
        List<Runnable> running = new ArrayList<>();
        SegmentInvoker lambda = (request, timeout) -> {
            if (running.size() >= concurrency) {
                return CompletableFuture.completedFuture(new Answer.Throttled(THROTTLED));
            }
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            invoked.add(request.segment());
            running.add(() -> answer.complete(new Answer.Sent(REPORT)));
            time.duringTheNextSleep(() -> {
                List<Runnable> ended = List.copyOf(running);
                running.clear();
                ended.forEach(Runnable::run);
            });
            return answer;
        };

        PassResult result = fanOut(lambda, LATER).run(PLAN, segments(10));

        assertThat(result.end()).isEqualTo(End.COMPLETE);
        assertThat(result.tally().delivered()).isEqualTo(100);
        List<Integer> all = new ArrayList<>(invoked);
        all.addAll(inPlace);
        assertThat(all).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void segments_are_sent_in_place_when_all_are_throttled() {
        SegmentInvoker lambda =
                (request, timeout) -> CompletableFuture.completedFuture(new Answer.Throttled(THROTTLED));

        PassResult result = fanOut(lambda, LATER).run(PLAN, segments(3));

        assertThat(result.end()).isEqualTo(End.COMPLETE);
        assertThat(inPlace).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(failures).contains(THROTTLED);
        // No invocation was under way, so there was nothing to wait for.
        assertThat(time.waits()).isEmpty();
    }

    @Test
    void forbidden_segments_are_logged_and_sent_in_place() {
        FailedCall denied = new FailedCall("Invoke", 403, "AccessDeniedException", "not authorized", "the test");
        SegmentInvoker lambda = (request, timeout) -> CompletableFuture.completedFuture(new Answer.Forbidden(denied));

        PassResult result = fanOut(lambda, LATER).run(PLAN, segments(3));

        assertThat(result.end()).isEqualTo(End.COMPLETE);
        assertThat(failures).contains(denied);
        assertThat(inPlace).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void failed_segment_is_invoked_three_times_at_most() {
        CompletableFuture<Answer> slow = new CompletableFuture<>();
        List<Integer> attempts = new ArrayList<>();
        SegmentInvoker lambda = (request, timeout) -> {
            if (request.segment() == 0) {
                return slow;
            }
            attempts.add(request.segment());
            if (attempts.size() == 3) {
                time.duringTheNextSleep(() -> slow.complete(new Answer.Sent(REPORT)));
            }
            return CompletableFuture.failedFuture(new IllegalStateException("on purpose"));
        };

        PassResult result = fanOut(lambda, LATER).run(PLAN, segments(2));

        assertThat(result.end()).isEqualTo(End.COMPLETE);
        assertThat(attempts).hasSize(3);
        assertThat(inPlace).containsExactly(1);
    }

    @Test
    void deadline_leaves_the_open_segments() {
        SegmentInvoker lambda =
                (request, timeout) -> request.segment() == 1 ? new CompletableFuture<>() : sent(request, REPORT);
        FanOut fanOut = fanOut(lambda, new Deadline(time.now().plusSeconds(5)));

        PassResult result = fanOut.run(PLAN, segments(3));

        assertThat(result.end()).isEqualTo(End.OUT_OF_TIME);
        assertThat(fanOut.rest()).containsExactly(new PageRequest("site", 1, 3, null));
        assertThat(result.tally().delivered()).isEqualTo(20);
    }

    @Test
    void lost_lease_ends_the_fan_out() {
        renewalsLeft = 1;

        PassResult result =
                fanOut((request, timeout) -> new CompletableFuture<>(), LATER).run(PLAN, segments(2));

        assertThat(result.end()).isEqualTo(End.LEASE_LOST);
    }

    private CompletionStage<Answer> sent(SegmentRequest request, SegmentReport report) {
        assertThat(request.message()).isEqualTo("hello");
        assertThat(request.suspects()).containsExactly("suspect");
        invoked.add(request.segment());
        return CompletableFuture.completedFuture(new Answer.Sent(report));
    }

    private static List<PageRequest> segments(int number) {
        return FanOut.segments("site", number * 10L, 10);
    }

    private FanOut fanOut(SegmentInvoker invoker, Deadline deadline) {
        Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1), () -> 0.5);
        PassPorts ports = new PassPorts(
                new InMemoryStore(time, 10), new FakePoster(), 8, Duration.ofSeconds(10), backoff, time, Runnable::run);
        return new FanOut(invoker, ports, lease(), failures::add, deadline, this::sendInPlace);
    }

    private LeaseRenewer lease() {
        return new LeaseRenewer() {
            private Instant dueAt = time.now().plusSeconds(5);

            @Override
            public Instant dueAt() {
                return dueAt;
            }

            @Override
            public boolean renew(Instant now) {
                dueAt = now.plusSeconds(5);
                return renewalsLeft-- > 0;
            }
        };
    }

    private PassResult sendInPlace(PassPlan plan) {
        inPlace.add(plan.pages().segment());
        return new PassResult(End.COMPLETE, REPORT.tally(), List.of(), List.of(), List.of(), null);
    }
}
