package io.github.visitorcounter.demo;

import io.github.visitorcounter.demo.CounterStack.DisconnectTrigger;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.control.Stats;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** Counting, end to end: the library's handlers, the real SDK, DynamoDB Local and its streams, sockets. */
class CounterStackIT {

    private final HttpClient browser = HttpClient.newHttpClient();

    @Test
    void an_edited_row_does_not_stop_the_counter() throws Exception {
        try (EmbeddedStack stack =
                CounterStack.describe(DisconnectTrigger.BY_STREAM).start()) {
            stack.dynamoDb().putItem(request -> request.tableName("VisitorCount")
                    .item(Map.of(
                            "counterId", AttributeValue.fromS("site"),
                            "lastChange", AttributeValue.fromS("CONNECT"))));

            Visitor.connect(browser, stack, 1).get(0).awaits(1, 1);

            stack.streamsDrained().get(60, TimeUnit.SECONDS);
            assertThat(stack.stats().invocations().get(CounterStack.BROADCAST).errors())
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(DisconnectTrigger.class)
    void all_pages_show_the_same_after_connects_and_disconnects(DisconnectTrigger trigger) throws Exception {
        try (EmbeddedStack stack = CounterStack.describe(trigger).start()) {
            List<Visitor> visitors = Visitor.connect(browser, stack, 100);
            for (Visitor visitor : visitors) {
                visitor.awaits(100, 100);
            }

            visitors.subList(0, 50).forEach(Visitor::disconnect);
            visitors.subList(50, 60).forEach(Visitor::kill);
            for (Visitor visitor : visitors.subList(60, 100)) {
                visitor.awaits(40, 100);
            }

            stack.streamsDrained().get(60, TimeUnit.SECONDS);
            Stats stats = stack.stats();
            assertThat(stats.connections().open()).isEqualTo(40);
            assertThat(stats.connections().rejected()).isZero();
            assertThat(stats.invocations().get(CounterStack.CONNECT).errors()).isZero();
            assertThat(stats.invocations().get(CounterStack.DISCONNECT).errors())
                    .isZero();
            assertThat(stats.invocations().get(CounterStack.BROADCAST).errors()).isZero();
            System.out.println(trigger + ": " + stats);
        }
    }

    @Test
    void closed_stack_leaves_no_thread_of_an_sdk_client() throws Exception {
        try (EmbeddedStack stack =
                CounterStack.describe(DisconnectTrigger.BY_INVOCATION).start()) {
            Visitor.connect(browser, stack, 1).get(0).awaits(1, 1);
            assertThat(threadsOfFunctions()).isNotEmpty();
        }

        Awaiting.until(
                Duration.ofSeconds(10),
                20,
                () -> threadsOfFunctions().isEmpty(),
                () -> "the end of " + threadsOfFunctions());
    }

    private static List<String> threadsOfFunctions() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("sdk-"))
                .filter(thread -> String.valueOf(thread.getContextClassLoader()).contains("FunctionClassLoader"))
                .map(Thread::getName)
                .toList();
    }
}
