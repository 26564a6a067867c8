package io.github.visitorcounter.examples.cdk;

import io.github.visitorcounter.Setting;
import software.amazon.awscdk.App;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Node;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Synthesises the stack; {@code cdk.json} tells the CDK to start it. */
public final class VisitorCounterApp {

    /** What {@code mvn package} leaves of the module {@code functions}. */
    private static final Path FUNCTIONS = Path.of("functions", "target", "package");

    private static final Path PAGE = Path.of("page");

    private VisitorCounterApp() {}

    /**
     * Synthesises the stack. Its settings come from the CDK's context, for instance {@code cdk deploy -c
     * allowedCounters=site,blog}. When they are wrong, prints all that is wrong and exits with 1.
     *
     * @param args none
     * @throws IllegalStateException if the functions have not been built
     */
    public static void main(String[] args) {
        if (!Files.isDirectory(FUNCTIONS)) {
            throw new IllegalStateException("There is no folder " + FUNCTIONS.toAbsolutePath()
                    + ": build the functions first, with mvn package");
        }
        App app = new App();
        VisitorCounterProps props;
        try {
            props = props(context(app.getNode()), FUNCTIONS, PAGE);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(1);
            return;
        }
        new VisitorCounterStack(app, "visitor-counter", props);
        app.synth();
    }

    private static Map<String, Object> context(Node node) {
        Map<String, Object> context = new TreeMap<>();
        if (node.getAllContext() instanceof Map<?, ?> all) {
            all.forEach((key, value) -> context.put(key.toString(), value));
        }
        return context;
    }

    /**
     * Reads the settings.
     *
     * @param context all of the context
     * @param functions the folder of the functions' code
     * @param page the folder of the page
     * @throws IllegalArgumentException if a setting is unknown or has a value that is not allowed
     */
    static VisitorCounterProps props(Map<String, Object> context, Path functions, Path page) {
        ContextSettings settings = new ContextSettings(context);
        VisitorCounterProps.Builder props = VisitorCounterProps.builder().code(Code.fromAsset(functions.toString()));
        boolean withPage = settings.choice("page", Map.of("cloudfront", true, "none", false))
                .orElse(true);
        if (withPage) {
            props.page(Code.fromAsset(page.toString()));
        }
        settings.list("allowedOrigins").ifPresent(props::allowedOrigins);
        settings.list("allowedCounters").ifPresent(props::allowedCounters);
        settings.value("siteCounter", Setting.SITE_COUNTER).ifPresent(props::siteCounter);
        settings.value("watchers", Setting.WATCHERS).ifPresent(props::watchers);
        settings.value("countingMode", Setting.COUNTING_MODE).ifPresent(props::countingMode);
        settings.value("messageFormat", Setting.MESSAGE_FORMAT).ifPresent(props::messageFormat);
        settings.value("visitTimeoutSeconds", Setting.VISIT_TIMEOUT).ifPresent(props::visitTimeout);
        settings.number("wakeUpWindowSeconds", 0, 300).map(Duration::ofSeconds).ifPresent(props::wakeUpWindow);
        settings.value("disconnectDebounce", Setting.DISCONNECT_DEBOUNCE).ifPresent(props::disconnectDebounce);
        settings.number("wakeUpMemory", 192, 10_240).ifPresent(props::wakeUpMemoryMegabytes);
        settings.value("connectsPerIp", Setting.CONNECTS_PER_IP).ifPresent(props::connectsPerIp);
        settings.value("newCountersPerMinute", Setting.NEW_COUNTERS_PER_MINUTE).ifPresent(props::newCountersPerMinute);
        settings.value("unusedCounterDays", Setting.UNUSED_COUNTER_DAYS).ifPresent(props::unusedCounterDays);
        settings.value("maxLive", Setting.MAX_LIVE).ifPresent(props::maxLive);
        settings.value("broadcastMessagesPerSecond", Setting.BROADCAST_MESSAGES_PER_SECOND)
                .ifPresent(props::broadcastMessagesPerSecond);
        settings.choice("totals", Map.of("retain", RemovalPolicy.RETAIN, "destroy", RemovalPolicy.DESTROY))
                .ifPresent(props::totals);
        settings.constant("logRetention", RetentionDays.class).ifPresent(props::logRetention);
        settings.number("connectConcurrency", 0, Integer.MAX_VALUE).ifPresent(props::connectConcurrency);
        settings.number("broadcastConcurrency", 0, Integer.MAX_VALUE).ifPresent(props::broadcastConcurrency);
        settings.choice("httpCount", Map.of("cloudfront", true, "none", false)).ifPresent(props::httpCount);
        settings.value("httpCountMaxAgeSeconds", Setting.COUNT_MAX_AGE).ifPresent(props::httpCountMaxAge);
        settings.number("httpCountConcurrency", 0, Integer.MAX_VALUE).ifPresent(props::httpCountConcurrency);
        settings.choice("tracing", Map.of("true", true, "false", false)).ifPresent(props::tracing);
        settings.text("alarmTopic").ifPresent(props::alarmTopicArn);
        socketDomain(settings).ifPresent(props::socketDomain);
        settings.check();
        return props.build();
    }

    private static Optional<SocketDomain> socketDomain(ContextSettings settings) {
        Optional<String> domain = settings.text("socketDomain");
        Optional<String> certificate = settings.text("socketCertificate");
        if (domain.isPresent() != certificate.isPresent()) {
            settings.problem("socketDomain and socketCertificate need each other");
        }
        return domain.flatMap(name -> certificate.map(arn -> new SocketDomain(name, arn)));
    }
}
