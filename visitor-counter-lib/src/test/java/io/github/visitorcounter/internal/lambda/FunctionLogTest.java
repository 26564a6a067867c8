package io.github.visitorcounter.internal.lambda;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.internal.broadcast.delivery.FailedCall;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class FunctionLogTest {

    private static final String HOSTILE = "a \"b\"\n[ERROR] forged=\u2028\u0007é\\ end";

    private final Recorder recorder = new Recorder();

    @Test
    void json_line_is_one_object_with_typed_fields() throws Exception {
        write(
                json(),
                LogLine.info("Broadcast")
                        .with("counterId", "site")
                        .with("posts", 12)
                        .with("complete", true)
                        .with("absent", null));

        JsonNode line = new ObjectMapper().readTree(recorder.bytes.get(0));
        assertThat(recorder.bytes).hasSize(1);
        assertThat(line.toString())
                .isEqualTo("{\"timestamp\":\"2026-11-24T10:00:00Z\",\"level\":\"INFO\",\"message\":\"Broadcast\","
                        + "\"AWSRequestId\":\"request\",\"counterId\":\"site\",\"posts\":12,\"complete\":true}");
        assertThat(recorder.levels).containsExactly(LogLevel.INFO);
    }

    /** The runtime would wrap a string as the message of an object, whose fields could not be queried. */
    @Test
    void json_line_is_written_as_bytes() {
        write(json(), LogLine.warn("Broadcast").with("detail", HOSTILE));

        assertThat(recorder.texts).isEmpty();
        assertThat(recorder.bytes.get(0)).endsWith("}\n");
        assertThat(recorder.bytes.get(0).trim()).doesNotContain("\n");
    }

    @Test
    void json_preserves_any_string() throws Exception {
        write(json(), LogLine.warn("Broadcast").with("detail", HOSTILE));

        assertThat(new ObjectMapper()
                        .readTree(recorder.bytes.get(0))
                        .get("detail")
                        .textValue())
                .isEqualTo(HOSTILE);
    }

    @Test
    void text_line_has_fields_after_the_message() {
        write(
                text(),
                LogLine.info("Broadcast")
                        .with("counterId", "page:/a.b-c")
                        .with("posts", 12)
                        .with("empty", "")
                        .with("detail", "two words"));

        assertThat(recorder.texts)
                .containsExactly("Broadcast counterId=page:/a.b-c posts=12 empty=\"\" detail=\"two words\"");
        assertThat(recorder.bytes).isEmpty();
    }

    @Test
    void text_fields_are_escaped() {
        write(text(), LogLine.info("Broadcast").with("detail", HOSTILE));

        assertThat(recorder.texts.get(0))
                .startsWith("Broadcast detail=\"a \\\"b\\\"\\n[ERROR] forged=")
                .doesNotContain("\n", "\u0007")
                .endsWith("\\\\ end\"");
    }

    @Test
    void failure_has_type_message_and_stack_trace() throws Exception {
        LogLine line = LogLine.error("Broadcast failed").because(new IllegalStateException("on purpose"));

        write(json(), line);
        write(text(), line);

        JsonNode json = new ObjectMapper().readTree(recorder.bytes.get(0));
        assertThat(json.get("errorType").textValue()).isEqualTo("java.lang.IllegalStateException");
        assertThat(json.get("errorMessage").textValue()).isEqualTo("on purpose");
        assertThat(json.get("stackTrace").textValue()).contains("\tat io.github.visitorcounter");
        assertThat(recorder.texts.get(0))
                .startsWith("Broadcast failed errorType=java.lang.IllegalStateException errorMessage=\"on purpose\"\n")
                .contains("\tat io.github.visitorcounter");
    }

    @Test
    void long_fields_are_truncated() throws Exception {
        IllegalStateException huge = new IllegalStateException("x".repeat(1_000_000));

        write(
                json(),
                LogLine.error("Broadcast failed")
                        .with("detail", "y".repeat(1_000_000))
                        .because(huge));

        assertThat(recorder.bytes.get(0).length()).isLessThan(64 * 1024);
        assertThat(new ObjectMapper()
                        .readTree(recorder.bytes.get(0))
                        .get("detail")
                        .textValue())
                .isEqualTo("y".repeat(FunctionLog.MAX_TEXT) + " [cut]");
    }

    @Test
    void debug_lines_are_written_at_level_debug() {
        write(text(), LogLine.debug("Connected"));
        write(json(), LogLine.debug("Connected"));
        assertThat(recorder.levels).isEmpty();

        write(new FunctionLog(recorder, "request", true, true, new ManualTimeSource()), LogLine.debug("Connected"));

        assertThat(recorder.levels).containsExactly(LogLevel.DEBUG);
    }

    @Test
    void first_failure_of_each_kind_is_a_warning() {
        FailureLog failures = new FirstFailures(text());
        for (int i = 0; i < 1_000; i++) {
            failures.add(new FailedCall("PostToConnection", 403, "ForbiddenException", "Forbidden", "the role"));
            failures.add(new FailedCall("PostToConnection", 429, "LimitExceededException", "n" + i, "the quota"));
        }
        failures.add(new FailedCall("GetConnection", 403, "ForbiddenException", "Forbidden", "the role"));
        failures.add(new FailedCall("PostToConnection", 0, "ApiCallTimeoutException", "late", "the network"));
        failures.add(new FailedCall("PostToConnection", 0, "SdkClientException", "no host", "the URL"));

        assertThat(recorder.levels).hasSize(5).containsOnly(LogLevel.WARN);
        assertThat(recorder.texts)
                .startsWith(
                        "Call to AWS failed operation=PostToConnection status=403 errorType=ForbiddenException"
                                + " errorMessage=Forbidden check=\"the role\"",
                        "Call to AWS failed operation=PostToConnection status=429 errorType=LimitExceededException"
                                + " errorMessage=n0 check=\"the quota\"")
                .endsWith("Call to AWS failed operation=PostToConnection errorType=SdkClientException"
                        + " errorMessage=\"no host\" check=\"the URL\"");
    }

    private static void write(FunctionLog log, LogLine line) {
        log.write(line);
    }

    private FunctionLog json() {
        return new FunctionLog(recorder, "request", true, false, new ManualTimeSource());
    }

    private FunctionLog text() {
        return new FunctionLog(recorder, "request", false, false, new ManualTimeSource());
    }

    private static final class Recorder implements LambdaLogger {

        private final List<String> texts = new ArrayList<>();
        private final List<String> bytes = new ArrayList<>();
        private final List<LogLevel> levels = new ArrayList<>();

        @Override
        public void log(String message, LogLevel level) {
            texts.add(message);
            levels.add(level);
        }

        @Override
        public void log(byte[] message, LogLevel level) {
            bytes.add(new String(message, StandardCharsets.UTF_8));
            levels.add(level);
        }

        @Override
        public void log(String message) {
            throw new AssertionError("A line has a level");
        }

        @Override
        public void log(byte[] message) {
            throw new AssertionError("A line has a level");
        }
    }
}
