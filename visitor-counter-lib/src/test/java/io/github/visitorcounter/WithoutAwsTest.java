package io.github.visitorcounter;

import io.github.visitorcounter.connection.Arrival;
import io.github.visitorcounter.connection.ConnectDecision;
import io.github.visitorcounter.connection.ConnectRequest;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.testing.TestContext;
import io.github.visitorcounter.internal.time.TimeSource;
import io.github.visitorcounter.testing.Events;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkClientException;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs handlers in a process without region, credentials and home directory, like a unit test of a user. */
class WithoutAwsTest {

    @TempDir
    Path emptyHome;

    /** The main class of that process. It exits with 0 on success. */
    public static final class Main {

        public static void main(String[] arguments) {
            if (arguments[0].equals("unit-test")) {
                checkHooks();
            } else {
                checkInitialization();
            }
        }

        private static void checkHooks() {
            MyConnectHandler handler = new MyConnectHandler(config());
            check(!handler.admit(arrival("guest")).isAccepted(), "a guest may connect");
            check(handler.admit(arrival("editor")).isAccepted(), "an editor may not connect");
            new DisconnectHandler(config()) {};
            new MessageHandler(config()) {};
            new CountHandler(config()) {};
            new StreamBroadcastHandler(config()) {};
            new ReconcileHandler(config()) {};
            check(
                    isWrong(() ->
                            new MyConnectHandler(VisitorCounterConfig.builder().build())),
                    "no origins");
            check(
                    isWrong(() -> new StreamBroadcastHandler(
                            VisitorCounterConfig.builder().build()) {}),
                    "no URL");
            check(
                    isWrong(() ->
                            new ReconcileHandler(VisitorCounterConfig.builder().build()) {}),
                    "no URL");
            try {
                Events.handle(handler, Events.load("connect-authorized").toString(), new TestContext());
                check(false, "there is a region after all");
            } catch (SdkClientException noRegion) {
                check(String.valueOf(noRegion.getMessage()).contains("region"), noRegion.toString());
            }
        }

        /** Simulates initialization in Lambda: the clients are built at once. */
        private static void checkInitialization() {
            try {
                new MyConnectHandler(config());
                check(false, "the client is not built");
            } catch (SdkClientException noRegion) {
                check(String.valueOf(noRegion.getMessage()).contains("region"), noRegion.toString());
            }
        }

        private static boolean isWrong(Runnable creation) {
            try {
                creation.run();
                return false;
            } catch (InvalidConfigurationException wrong) {
                return true;
            }
        }

        private static void check(boolean isExpected, String otherwise) {
            if (!isExpected) {
                throw new IllegalStateException(otherwise);
            }
        }

        private static Arrival arrival(String role) {
            Instant now = TimeSource.system().now();
            return new Arrival(
                    new ConnectRequest("id=", now, Map.of(), Map.of(), "192.0.2.1", Map.of("role", role)),
                    Connection.opened("id=", "home", now));
        }

        private static VisitorCounterConfig config() {
            return VisitorCounterConfig.builder()
                    .set(Setting.ALLOWED_ORIGINS, Set.of("*"))
                    .set(Setting.ALLOWED_COUNTERS, Set.of("home"))
                    .set(Setting.BROADCAST_FUNCTION, "broadcast")
                    .set(Setting.CALLBACK_URL, URI.create("https://example.org/prod"))
                    .build();
        }
    }

    private static final class MyConnectHandler extends ConnectHandler {

        MyConnectHandler(VisitorCounterConfig config) {
            super(config);
        }

        @Override
        protected ConnectDecision admit(Arrival arrival) {
            return "editor".equals(arrival.request().authorizer().get("role"))
                    ? ConnectDecision.accept()
                    : ConnectDecision.reject(403);
        }
    }

    @Test
    void hooks_run_without_region_and_credentials() throws Exception {
        assertThat(run("unit-test", Map.of())).isEmpty();
    }

    @Test
    void clients_are_built_during_lambda_initialization() throws Exception {
        assertThat(run("lambda", Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")))
                .isEmpty();
    }

    /** Returns the output of the process, or an empty string on success. */
    private String run(String what, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Duser.home=" + emptyHome,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        what)
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() == 0 ? "" : "ended with " + process.exitValue() + ": " + output;
    }
}
