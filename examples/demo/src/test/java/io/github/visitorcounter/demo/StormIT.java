package io.github.visitorcounter.demo;

import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.demo.CounterStack.Announcement;
import io.github.visitorcounter.localstack.LocalStack;
import io.github.visitorcounter.localstack.control.Faults;
import io.github.visitorcounter.localstack.control.Stats;
import org.junit.jupiter.api.Test;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** The same counter when everything around it fails now and then. */
class StormIT {

    private static final String STORM = """
            {"post429Ratio": 0.1, "post500Ratio": 0.05, "postHangRatio": 0.02, "postLatencyMillis": 5,
             "duplicateDisconnectRatio": 0.3, "duplicateBatchRatio": 0.2, "failBatchRatio": 0.2,
             "dynamodbThrottleRatio": 0.05, "dynamodbConflictRatio": 0.2}
            """;

    /** Small enough that broadcasts are divided, wait for their pace, and are handed on. */
    private static final Map<String, String> SETTINGS = Map.of(
            VisitorCounterConfig.FAN_OUT_THRESHOLD, "15",
            VisitorCounterConfig.MESSAGES_PER_SECOND, "50",
            VisitorCounterConfig.MINIMUM_INTERVAL, "500",
            VisitorCounterConfig.POST_TIMEOUT, "1000");

    @Test
    void everyone_ends_on_the_exact_number_all_the_same() throws Exception {
        try (LocalStack stack = CounterStack.describe(Announcement.BY_INVOCATION, SETTINGS)
                .asyncRetryDelays(Duration.ofMillis(500), Duration.ofSeconds(1))
                .start()) {
            stack.faults(Faults.parse(STORM));
            List<Visitor> visitors = Visitor.connect(HttpClient.newHttpClient(), stack, 40);
            for (Visitor visitor : visitors) {
                visitor.awaits(40, 40);
            }

            visitors.subList(0, 15).forEach(Visitor::leave);
            visitors.subList(15, 20).forEach(Visitor::die);
            for (Visitor visitor : visitors.subList(20, 40)) {
                visitor.awaits(20, 40);
            }

            Stats stats = stack.stats();
            assertThat(stats.posts().throttled() + stats.posts().failed()).isPositive();
            System.out.println(stats);
        }
    }
}
