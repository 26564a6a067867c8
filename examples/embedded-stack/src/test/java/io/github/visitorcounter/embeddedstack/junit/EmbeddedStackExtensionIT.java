package io.github.visitorcounter.embeddedstack.junit;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.client.HandshakeRejectedException;
import io.github.visitorcounter.embeddedstack.client.WebSocketClient;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget.LambdaProxy;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

/** Runs test classes as a build does, and checks their output. */
class EmbeddedStackExtensionIT {

    /** The stacks of the classes below. */
    private static final List<EmbeddedStack> STACKS = new CopyOnWriteArrayList<>();

    @Test
    void only_a_failed_test_prints_its_logs() {
        STACKS.clear();
        Run run = run(Green.class);
        assertThat(run.failures).isEmpty();
        assertThat(run.succeeded).isEqualTo(4);
        assertThat(run.printed).isEmpty();
        assertThat(STACKS).as("one stack for the class and its nested class").hasSize(1);
        assertThatExceptionOfType(AssertionError.class).as("it is closed").isThrownBy(() -> STACKS.get(0)
                .connect());

        Run red = run(Red.class);
        assertThat(red.failures).hasSize(1);
        assertThat(red.printed)
                .contains("---- Logs of the functions during Red.fails(EmbeddedStack, WebSocketClient) ----")
                .contains("[echo] received {\"text\":\"second\"}")
                .doesNotContain("first");
    }

    @Test
    void wrong_use_is_reported() {
        assertThat(run(NotStatic.class).failures).singleElement().satisfies(failure -> assertThat(failure)
                .hasMessageContaining("must be static"));
        assertThat(run(WrongParameter.class).failures).singleElement().satisfies(failure -> assertThat(failure)
                .hasMessageContaining("'StageName' of @EmbeddedStackTest. Allowed: Name=value"));
        assertThat(run(NoTemplate.class).failures).singleElement().satisfies(failure -> assertThat(failure)
                .hasMessageContaining("no-such.yaml could not be read"));
    }

    private static EmbeddedStack.Builder echo() {
        return EmbeddedStack.builder()
                .function(FunctionDefinition.builder("echo")
                        .handlerObjects(Echo::new)
                        .timeout(Duration.ofSeconds(20))
                        .build())
                .webSocketApi(WebSocketApi.builder()
                        .route("$connect", new LambdaProxy("echo"))
                        .routeWithResponse("$default", new LambdaProxy("echo"))
                        .build());
    }

    /** Echoes messages, and rejects connections with {@code ?status=…}. */
    public static final class Echo implements RequestHandler<Map<String, Object>, Map<String, Object>> {

        @Override
        public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
            Object body = event.get("body");
            if (body == null) {
                Object query = event.get("queryStringParameters");
                return Map.of("statusCode", query instanceof Map<?, ?> values ? values.get("status") : 200);
            }
            context.getLogger().log("received " + body);
            return Map.of("statusCode", 200, "body", body);
        }
    }

    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class Green {

        @RegisterExtension
        static final EmbeddedStackExtension STACK = EmbeddedStackExtension.of(EmbeddedStackExtensionIT::echo);

        static WebSocketClient leftOpen;

        @Test
        @Order(1)
        void a_message_is_echoed(EmbeddedStack stack, WebSocketClient client) {
            STACKS.add(stack);
            client.send("{\"text\":\"Grüezi\"}");
            client.send("{\"text\":\"hello\"}");

            assertThat(client.awaitMessage("text", "hello")).isEqualTo("{\"text\":\"hello\"}");
            stack.faults(Faults.builder().post429Ratio(1).build());
            leftOpen = client;
        }

        @Test
        @Order(2)
        void connections_and_faults_end_with_their_test(EmbeddedStack stack) {
            assertThat(leftOpen.awaitClose().code()).isEqualTo(1000);
            assertThat(stack.faults()).isEqualTo(Faults.NONE);
        }

        @Test
        @Order(3)
        void a_rejection_has_its_status(EmbeddedStack stack) {
            assertThatExceptionOfType(HandshakeRejectedException.class)
                    .isThrownBy(() -> stack.client().query("status", "402").connect())
                    .satisfies(e -> assertThat(e.status()).isEqualTo(402));
        }

        @Nested
        class Inner {

            @Test
            void has_the_same_stack(EmbeddedStack stack) {
                if (!STACKS.contains(stack)) {
                    STACKS.add(stack);
                }
            }
        }
    }

    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class Red {

        @RegisterExtension
        static final EmbeddedStackExtension STACK = EmbeddedStackExtension.of(EmbeddedStackExtensionIT::echo);

        @Test
        @Order(1)
        void succeeds(EmbeddedStack stack, WebSocketClient client) {
            client.send("{\"text\":\"first\"}");
            client.awaitMessage();
        }

        @Test
        @Order(2)
        void fails(EmbeddedStack stack, WebSocketClient client) {
            client.send("{\"text\":\"second\"}");
            client.awaitMessage();
            fail("on purpose");
        }
    }

    static class NotStatic {

        @RegisterExtension
        final EmbeddedStackExtension stack = EmbeddedStackExtension.of(EmbeddedStackExtensionIT::echo);

        @Test
        void never_runs() {}
    }

    @EmbeddedStackTest(value = "src/test/resources/templates/chat.yaml", parameters = "StageName")
    static class WrongParameter {

        @Test
        void never_runs() {}
    }

    @EmbeddedStackTest("no-such.yaml")
    static class NoTemplate {

        @Test
        void never_runs() {}
    }

    private record Run(long succeeded, List<Throwable> failures, String printed) {}

    /** Runs a class, and captures its output. */
    private static Run run(Class<?> testClass) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(testClass))
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        try (PrintStream kept = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(kept);
            System.setErr(kept);
            LauncherFactory.create().execute(request, listener);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        TestExecutionSummary summary = listener.getSummary();
        List<Throwable> failures = new ArrayList<>();
        summary.getFailures().forEach(failure -> failures.add(failure.getException()));
        return new Run(summary.getTestsSucceededCount(), failures, printed.toString(StandardCharsets.UTF_8));
    }
}
