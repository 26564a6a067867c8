package io.github.visitorcounter.demo;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.demo.CounterStack.DisconnectTrigger;
import io.github.visitorcounter.demo.Visitor.Shown;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.control.Stats;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The simulation's invariants with 500 real sockets, DynamoDB Local and the SDK: all services fail at random, and the
 * numbers are still exact.
 */
@Tag("slow")
class StormIT {

    private static final int VISITORS = 500;
    private static final int AT_ONCE = 50;
    private static final int DISCONNECTING = 200;
    private static final int KILLED = 50;
    private static final int RETURNING = 50;
    private static final int BROADCAST_MESSAGES_PER_SECOND = 200;
    private static final int SECONDS_SAVED = 60;
    private static final int HANDSHAKE_GRACE_SECONDS = 10;

    private static final String STORM = """
            {"post429Ratio": 0.1, "post500Ratio": 0.05, "postHangRatio": 0.01, "postLatencyMillis": 5,
             "loseDisconnectRatio": 0.1, "duplicateDisconnectRatio": 0.3, "duplicateBatchRatio": 0.2, "failBatchRatio": 0.2,
             "dynamodbThrottleRatio": 0.05, "dynamodbConflictRatio": 0.1}
            """;

    /** Small enough that broadcasts are split, wait for the message budget, and are handed off. */
    private static final Map<String, String> SETTINGS = Map.of(
            Setting.FAN_OUT_THRESHOLD.variable(), "150",
            Setting.BROADCAST_MESSAGES_PER_SECOND.variable(), Integer.toString(BROADCAST_MESSAGES_PER_SECOND),
            Setting.MIN_BROADCAST_INTERVAL.variable(), "500",
            Setting.HANDSHAKE_GRACE.variable(), Integer.toString(HANDSHAKE_GRACE_SECONDS),
            Setting.RECONCILE_PROBES.variable(), "1000",
            Setting.POST_TIMEOUT.variable(), "1000");

    private final HttpClient browser = HttpClient.newHttpClient();
    private final List<Visitor> all = new ArrayList<>();

    @Test
    void five_hundred_visitors_show_the_exact_number() throws Exception {
        Instant start = Instant.now();
        try (EmbeddedStack stack = CounterStack.describe(DisconnectTrigger.BY_INVOCATION, SETTINGS)
                .asyncRetryDelays(Duration.ofMillis(500), Duration.ofSeconds(1))
                .start()) {
            setFaults(stack, STORM);
            List<Visitor> visitors = connect(stack, 0, VISITORS);
            visitors.subList(0, DISCONNECTING).forEach(Visitor::disconnect);
            visitors.subList(DISCONNECTING, DISCONNECTING + KILLED).forEach(Visitor::kill);
            List<Visitor> returned = connect(stack, 0, RETURNING);
            List<Visitor> here = new ArrayList<>(visitors.subList(DISCONNECTING + KILLED, VISITORS));
            here.addAll(returned);
            awaitOpenConnections(stack, here.size());
            Instant askable = Instant.now().plusSeconds(HANDSHAKE_GRACE_SECONDS + 1);
            setFaults(stack, "{}");
            awaitNoStaleConnections(stack, askable);

            for (Visitor visitor : here) {
                visitor.awaits(here.size(), VISITORS);
            }
            Stats stats = stack.stats();
            System.out.println(stats);
            assertThat(stats.posts().throttled() + stats.posts().failed()).isPositive();
            assertEveryVersionIsOneCount();
            long seconds = Duration.between(start, Instant.now()).toSeconds() + 1;
            assertThat(stats.posts().ok()).isLessThan(BROADCAST_MESSAGES_PER_SECOND * (seconds + SECONDS_SAVED));
        }
    }

    /** Each has a visit id, so that a visitor that reconnects, or retries after a rejection, is counted once. */
    private List<Visitor> connect(EmbeddedStack stack, int from, int to) throws Exception {
        List<Visitor> visitors = new ArrayList<>();
        for (int first = from; first < to; first += AT_ONCE) {
            List<URI> addresses = new ArrayList<>();
            for (int i = first; i < Math.min(to, first + AT_ONCE); i++) {
                addresses.add(URI.create(stack.endpoints().websocket() + "?visit=v" + i));
            }
            visitors.addAll(Visitor.insist(browser, addresses));
        }
        all.addAll(visitors);
        return visitors;
    }

    private void setFaults(EmbeddedStack stack, String faults) throws IOException, InterruptedException {
        URI address = URI.create(stack.endpoints().control() + "/faults");
        HttpResponse<String> answer = browser.send(
                HttpRequest.newBuilder(address)
                        .PUT(HttpRequest.BodyPublishers.ofString(faults))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static void awaitOpenConnections(EmbeddedStack stack, long number) {
        Awaiting.until(
                Duration.ofSeconds(30),
                20,
                () -> stack.stats().connections().open() == number,
                () -> number + " open connections: " + stack.stats().connections());
    }

    /** Connections whose disconnect was lost are found by a post or a probe, once their handshake must be finished. */
    private static void awaitNoStaleConnections(EmbeddedStack stack, Instant askable) {
        Awaiting.until(
                Duration.ofSeconds(60),
                1_000,
                () -> Instant.now().isAfter(askable)
                        && reconcile(stack).contains("\"suspects\":0,\"unanswered\":0,\"drifts\":{}"),
                () -> "a reconcile that finds nothing: " + reconcile(stack));
    }

    private static String reconcile(EmbeddedStack stack) {
        try {
            return stack.invoke(CounterStack.RECONCILE, "{}")
                    .get(60, TimeUnit.SECONDS)
                    .payload();
        } catch (Exception failure) {
            throw new IllegalStateException("The reconciling function could not be invoked", failure);
        }
    }

    /** No two pages show different numbers with the same version. */
    private void assertEveryVersionIsOneCount() {
        Map<Long, Shown> byVersion = new HashMap<>();
        for (Visitor visitor : all) {
            for (Shown count : visitor.received()) {
                assertThat(byVersion.getOrDefault(count.version(), count)).isEqualTo(count);
                byVersion.put(count.version(), count);
            }
        }
    }
}
