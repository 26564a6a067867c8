package io.github.visitorcounter.demo;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.template.StackTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Runs docs/rehearsal, which is meant for a real account, against the embedded stack. */
@Tag("slow")
class RehearsalIT {

    private static final Path REHEARSAL = Path.of("../../docs/rehearsal");

    private static EmbeddedStack stack;

    private record Result(int status, String output) {}

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(isInstalled("bash"), "bash is not installed, and the rehearsal is a script for it");
        stack = StackTemplate.read(
                        Path.of("../../examples-sam/template.yaml"),
                        Map.of("AllowedOrigins", "https://www.example.org"))
                .describe()
                .logSink(line -> {})
                .start();
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void fifty_visitors_are_counted_without_drift() throws Exception {
        List<String> options = new ArrayList<>(List.of("--origin", "https://www.example.org", "--visitors", "50"));
        boolean aws = isInstalled("aws");
        if (aws) {
            options.addAll(List.of("--table", "VisitorCount", "--reconcile", "ReconcileFunction"));
        }
        Result result = rehearse(options);
        assertThat(result.status).as(result.output).isZero();
        assertThat(result.output)
                .contains("50 visitors connected", "all show live 50, total 50", "25 left, all others show live 25")
                .endsWith("all checks passed\n");
        if (aws) {
            assertThat(result.output)
                    .contains(
                            "the table says that nobody is connected", "reconcile read everything, and found nothing");
        }
    }

    @Test
    void a_rejected_handshake_fails_it() throws Exception {
        Result result = rehearse(List.of("--origin", "https://not.allowed.example", "--visitors", "2"));
        assertThat(result.status).isEqualTo(1);
        assertThat(result.output).contains("FAIL  a handshake was rejected: status 403", "1 checks failed");
    }

    private static Result rehearse(List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "bash",
                REHEARSAL.resolve("rehearse").toString(),
                "visitors",
                "--socket",
                stack.endpoints().websocket().toString()));
        command.addAll(options);
        ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
        process.environment()
                .putAll(Map.of(
                        "PATH", Path.of(System.getProperty("java.home"), "bin") + ":" + System.getenv("PATH"),
                        "AWS_ENDPOINT_URL_DYNAMODB",
                                stack.endpoints().dynamodb().toString(),
                        "AWS_ENDPOINT_URL_LAMBDA", stack.endpoints().lambda().toString(),
                        "AWS_ACCESS_KEY_ID", "local",
                        "AWS_SECRET_ACCESS_KEY", "local",
                        "AWS_REGION", "us-east-1",
                        "AWS_DEFAULT_REGION", "us-east-1"));
        Process running = process.start();
        String output = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!running.waitFor(3, TimeUnit.MINUTES)) {
            running.destroyForcibly();
            throw new AssertionError("The rehearsal does not end: " + output);
        }
        return new Result(running.exitValue(), output);
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
