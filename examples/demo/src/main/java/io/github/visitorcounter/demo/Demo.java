package io.github.visitorcounter.demo;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.StackStartException;
import io.github.visitorcounter.embeddedstack.template.StackTemplate;
import io.github.visitorcounter.embeddedstack.template.TemplateOptions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs the visitor counter, or the stack of a template, on this machine until Ctrl-C. Options are system properties,
 * see {@link DemoOptions}.
 */
public final class Demo {

    private static final int FAILED = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String DEMO_PAGE = "demo.html";
    private static final String DEPLOYED_PAGE = "page/site";

    private Demo() {}

    /**
     * Runs the demo.
     *
     * @param arguments none
     * @throws InterruptedException never in practice: the process ends by a signal
     */
    public static void main(String[] arguments) throws InterruptedException {
        try {
            DemoOptions options = DemoOptions.from(System.getProperties());
            System.out.println("Starting the visitor counter: DynamoDB, Lambda and the WebSocket API in this JVM ...");
            run(options);
        } catch (IllegalArgumentException problem) {
            fail(String.valueOf(problem.getMessage()));
        } catch (StackStartException problem) {
            fail(problem.getMessage() + " The options are -Dport=... and -DdynamodbPort=...");
        }
    }

    private static void fail(String sentence) throws InterruptedException {
        System.err.println(sentence);
        if (Boolean.getBoolean("endWithParent")) {
            endParent();
        }
        System.exit(FAILED);
    }

    /** Ends Maven too, which would otherwise print its own report of a failed command. */
    private static void endParent() throws InterruptedException {
        Optional<ProcessHandle> maven = ProcessHandle.current().parent().filter(ProcessHandle::destroy);
        if (maven.isPresent()) {
            try {
                maven.get().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException stillThere) {
                System.err.println("Maven did not end with the demo: " + stillThere);
            }
        }
    }

    private static void run(DemoOptions options) throws InterruptedException {
        try (PageConfig pageConfig = PageConfig.create()) {
            Optional<StackTemplate> template = template(options);
            EmbeddedStack stack = describe(options, template)
                    .port(options.port())
                    .dynamoDbPort(options.dynamodbPort())
                    .site(options.site())
                    .site(options.site().resolve("demo"))
                    .site(pageConfig.folder())
                    .start();
            pageConfig.write(
                    stack.endpoints(),
                    template.map(read -> read.functionUrl().isPresent()).orElse(true));
            CountDownLatch end = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(stack, pageConfig), "demo-shutdown"));
            endWithParent(options);
            System.out.println("READY " + stack.endpoints().toJson());
            System.out.println("Open " + stack.endpoints().page() + " in a few tabs. Ctrl-C ends the demo.");
            end.await();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Optional<StackTemplate> template(DemoOptions options) throws IOException {
        if (options.template().isEmpty()) {
            return Optional.empty();
        }
        StackTemplate template = StackTemplate.read(
                options.template().get(),
                new TemplateOptions(options.parameters(), options.imports(), options.classPath()));
        System.out.println("Loaded " + options.template().get() + ". Not emulated:");
        template.unsupportedResources().forEach(line -> System.out.println("  " + line));
        return Optional.of(template);
    }

    private static EmbeddedStack.Builder describe(DemoOptions options, Optional<StackTemplate> template) {
        if (template.isEmpty()) {
            return CounterStack.withHttpCount(
                            CounterStack.describe(CounterStack.DisconnectTrigger.BY_INVOCATION), Map.of())
                    .welcomeFile(DEMO_PAGE);
        }
        // The page that is deployed with it, if there is one; demo.html remains available.
        Path page = options.template().orElseThrow().resolveSibling(DEPLOYED_PAGE);
        EmbeddedStack.Builder stack = template.get().describe();
        return Files.isRegularFile(page.resolve("index.html")) ? stack.site(page) : stack.welcomeFile(DEMO_PAGE);
    }

    private static void close(EmbeddedStack stack, PageConfig pageConfig) {
        System.out.println("Stopping ...");
        stack.close();
        pageConfig.close();
        System.out.println("Stopped.");
    }

    /** Maven started this process, which must also end if Maven is ended by a signal other than the terminal's. */
    private static void endWithParent(DemoOptions options) {
        if (options.endWithParent()) {
            var unused = ProcessHandle.current().parent().map(parent -> parent.onExit()
                    .thenRun(() -> System.exit(0)));
        }
    }
}
