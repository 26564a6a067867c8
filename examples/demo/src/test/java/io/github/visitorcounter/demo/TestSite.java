package io.github.visitorcounter.demo;

import io.github.visitorcounter.demo.CounterStack.DisconnectTrigger;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The counter on the embedded stack, with the demo's page and the pages of these tests. Not thread-safe. */
final class TestSite implements AutoCloseable {

    static final Path JS_CLIENT = Path.of("../../js-client");

    /** The page that both stacks deploy; it is the same in examples-cdk, which another test compares. */
    private static final Path STACK_PAGE = Path.of("../../examples-sam/page/site");

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 20;

    private final PageConfig config;
    private final Map<String, String> environment;
    private final UnaryOperator<EmbeddedStack.Builder> settings;
    private final boolean hasHttpCount;
    private EmbeddedStack stack;

    private TestSite(
            Map<String, String> environment, UnaryOperator<EmbeddedStack.Builder> settings, boolean hasHttpCount)
            throws IOException {
        this.environment = environment;
        this.settings = settings;
        this.hasHttpCount = hasHttpCount;
        config = PageConfig.create();
        stack = start(0);
    }

    static TestSite start() throws IOException {
        return start(UnaryOperator.identity());
    }

    static TestSite start(UnaryOperator<EmbeddedStack.Builder> settings) throws IOException {
        return start(Map.of(), settings);
    }

    /** A site whose functions have additional environment variables. */
    static TestSite start(Map<String, String> environment, UnaryOperator<EmbeddedStack.Builder> settings)
            throws IOException {
        return new TestSite(environment, settings, false);
    }

    /** A site with the count over HTTP. */
    static TestSite startWithHttpCount() throws IOException {
        return new TestSite(Map.of(), stack -> CounterStack.withHttpCount(stack, Map.of()), true);
    }

    private EmbeddedStack start(int port) throws IOException {
        EmbeddedStack started = settings.apply(CounterStack.describe(DisconnectTrigger.BY_INVOCATION, environment)
                        .port(port)
                        .site(JS_CLIENT)
                        .site(JS_CLIENT.resolve("demo"))
                        .site(config.folder())
                        .site(STACK_PAGE)
                        .site(testPages())
                        .welcomeFile("demo.html")
                        .logSink(line -> {}))
                .start();
        config.write(started.endpoints(), hasHttpCount);
        return started;
    }

    private static URI testPages() {
        try {
            return TestSite.class.getResource("/pages/").toURI();
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    EmbeddedStack stack() {
        return stack;
    }

    URI page(String name) {
        return stack.endpoints().page().resolve(name);
    }

    URI websocket() {
        return stack.endpoints().websocket();
    }

    /** Stops the server and closes all connections. */
    void stop() {
        stack.close();
    }

    /** Restarts it on the same port, with an empty database. */
    void startAgain() throws IOException {
        stack = start(stack.endpoints().page().getPort());
    }

    /** The counter's total: the number of visits so far. */
    long visits() {
        AttributeValue total = stack.dynamoDb()
                .getItem(request -> request.tableName("VisitorCount")
                        .key(Map.of("counterId", AttributeValue.fromS("site")))
                        .consistentRead(true))
                .item()
                .get("total");
        return total == null ? 0 : Long.parseLong(total.n());
    }

    void awaitOpenConnections(long number) {
        Awaiting.until(
                PATIENCE,
                POLL_MILLIS,
                () -> stack.stats().connections().open() == number,
                () -> number + " open connections: " + stack.stats().connections());
    }

    @Override
    public void close() {
        stack.close();
        config.close();
    }
}
