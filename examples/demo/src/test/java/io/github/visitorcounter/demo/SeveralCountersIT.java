package io.github.visitorcounter.demo;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.demo.CounterStack.DisconnectTrigger;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.control.Stats;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

/** A site with a counter for each page, end to end: each has its own numbers and its own cost. */
@Tag("slow")
class SeveralCountersIT {

    /** The last rescan, for which the test waits, is made at the end of the grace. */
    private static final Map<String, String> SETTINGS = Map.of(
            Setting.ALLOWED_COUNTERS.variable(), "page:*",
            Setting.COUNTER_INDEX.variable(), CounterStack.COUNTER_INDEX,
            Setting.HANDSHAKE_GRACE.variable(), "5");

    private final HttpClient browser = HttpClient.newHttpClient();

    @ParameterizedTest
    @EnumSource(DisconnectTrigger.class)
    void each_counter_has_its_own_numbers_and_posts(DisconnectTrigger trigger) throws Exception {
        try (EmbeddedStack stack = CounterStack.describe(trigger, SETTINGS).start()) {
            Visitor alone = Visitor.connect(browser, websocketOf(stack, "page:/quiet"), 1)
                    .get(0);
            alone.awaits(1, 1);

            List<Visitor> many = Visitor.connect(browser, websocketOf(stack, "page:/news"), 30);
            List<Visitor> few = Visitor.connect(browser, websocketOf(stack, "page:/prices"), 5);
            for (Visitor visitor : many) {
                visitor.awaits(30, 30);
            }
            for (Visitor visitor : few) {
                visitor.awaits(5, 5);
            }
            many.subList(0, 20).forEach(Visitor::disconnect);
            few.get(0).disconnect();
            for (Visitor visitor : many.subList(20, 30)) {
                visitor.awaits(10, 30);
            }
            for (Visitor visitor : few.subList(1, 5)) {
                visitor.awaits(4, 5);
            }

            stack.streamsDrained().get(60, TimeUnit.SECONDS);
            // On a slow machine, a delivered post may be repeated.
            assertThat(alone.received())
                    .hasSizeLessThan(4)
                    .extracting(Visitor.Shown::live, Visitor.Shown::total)
                    .containsOnly(tuple(1L, 1L));
            assertThat(many)
                    .allSatisfy(visitor -> assertThat(visitor.counters()).containsExactly("page:/news"));
            assertThat(few).allSatisfy(visitor -> assertThat(visitor.counters()).containsExactly("page:/prices"));
            // The first count, a pass for each change, a rescan, and posts that were retried.
            assertThat(few).allSatisfy(visitor -> assertThat(visitor.messages()).isLessThanOrEqualTo(5 + 1 + 6));
            Stats stats = stack.stats();
            assertThat(stats.dynamodb().calls()).containsKey("Query").doesNotContainKey("Scan");
            assertThat(stats.invocations().get(CounterStack.BROADCAST).errors()).isZero();
            System.out.println(trigger + ": " + stats);
        }
    }

    @Test
    void a_counter_outside_the_pattern_is_rejected() {
        try (EmbeddedStack stack = CounterStack.describeCounters(DisconnectTrigger.BY_STREAM, "page:*")
                .start()) {
            assertThatThrownBy(() -> Visitor.connect(browser, websocketOf(stack, "elsewhere"), 1))
                    .hasCauseInstanceOf(WebSocketHandshakeException.class)
                    .cause()
                    .satisfies(rejection -> assertThat(((WebSocketHandshakeException) rejection)
                                    .getResponse()
                                    .statusCode())
                            .isEqualTo(403));

            assertThat(stack.dynamoDb()
                            .scan(request -> request.tableName("VisitorCount"))
                            .items())
                    .isEmpty();
            assertThat(stack.dynamoDb()
                            .scan(request -> request.tableName("ConnectionIDs"))
                            .items())
                    .isEmpty();
        }
    }

    private static URI websocketOf(EmbeddedStack stack, String counterId) {
        return URI.create(stack.endpoints().websocket() + "?counter=" + counterId);
    }
}
