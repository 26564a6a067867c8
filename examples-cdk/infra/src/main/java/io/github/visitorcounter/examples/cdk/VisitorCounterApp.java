package io.github.visitorcounter.examples.cdk;

import io.github.visitorcounter.count.LiveCount;
import software.amazon.awscdk.App;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Node;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Synthesises the stack; {@code cdk.json} tells the CDK to start it. */
public final class VisitorCounterApp {

    /** What {@code mvn package} leaves of the module {@code functions}. */
    private static final Path FUNCTIONS = Path.of("functions", "target", "package");

    private static final Path PAGE = Path.of("page");

    private VisitorCounterApp() {}

    /**
     * Synthesises the stack. Its settings come from the CDK's context, for instance {@code cdk deploy -c counters=site,blog}.
     *
     * @param args none
     * @throws IllegalStateException if the functions have not been built
     * @throws IllegalArgumentException if a setting has a value that is not allowed
     */
    public static void main(String[] args) {
        if (!Files.isDirectory(FUNCTIONS)) {
            throw new IllegalStateException("There is no folder " + FUNCTIONS.toAbsolutePath()
                    + ": build the functions first, with mvn package");
        }
        App app = new App();
        new VisitorCounterStack(app, "visitor-counter", props(app.getNode()));
        app.synth();
    }

    private static VisitorCounterProps props(Node context) {
        VisitorCounterProps.Builder props = VisitorCounterProps.builder()
                .code(Code.fromAsset(FUNCTIONS.toString()))
                .page(Code.fromAsset(PAGE.toString()));
        setting(context, "allowedOrigins").ifPresent(origins -> props.allowedOrigins(List.of(origins.split(","))));
        setting(context, "counters").ifPresent(counters -> props.counters(List.of(counters.split(","))));
        setting(context, "liveCounts").map(LiveCount::valueOf).ifPresent(props::liveCounts);
        setting(context, "visitWindowSeconds")
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                .ifPresent(props::visitWindow);
        setting(context, "wakeUpWindowSeconds")
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                .ifPresent(props::wakeUpWindow);
        setting(context, "wakeUpMemory").map(Integer::valueOf).ifPresent(props::wakeUpMemoryMegabytes);
        setting(context, "arrivalsPerAddress").map(Integer::valueOf).ifPresent(props::arrivalsPerAddress);
        setting(context, "liveLimit").map(Integer::valueOf).ifPresent(props::liveLimit);
        setting(context, "messagesPerSecond").map(Integer::valueOf).ifPresent(props::messagesPerSecond);
        setting(context, "totals").map(RemovalPolicy::valueOf).ifPresent(props::totals);
        setting(context, "logRetention").map(RetentionDays::valueOf).ifPresent(props::logRetention);
        setting(context, "broadcastConcurrency").map(Integer::valueOf).ifPresent(props::broadcastConcurrency);
        setting(context, "tracing").map(Boolean::valueOf).ifPresent(props::tracing);
        setting(context, "alarmTopic").ifPresent(props::alarmTopicArn);
        setting(context, "socketDomain")
                .ifPresent(domain -> props.socketDomain(new SocketDomain(
                        domain,
                        setting(context, "socketCertificate")
                                .orElseThrow(
                                        () -> new IllegalArgumentException("socketDomain needs socketCertificate")))));
        return props.build();
    }

    private static Optional<String> setting(Node context, String name) {
        return Optional.ofNullable(context.tryGetContext(name)).map(Object::toString);
    }
}
