package io.github.visitorcounter.embeddedstack;

import io.github.visitorcounter.embeddedstack.template.InvalidTemplateException;
import io.github.visitorcounter.embeddedstack.template.StackTemplate;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/**
 * Runs the stack of a template until Ctrl-C, from the command line:
 *
 * <pre>
 * java -cp ... io.github.visitorcounter.embeddedstack.Launcher template.yaml --parameter Stage=test --port 8080
 * </pre>
 *
 * <p>Options: {@code --parameter Name=Value} and {@code --import Export=Value}, each as often as needed;
 * {@code --classpath} with the jars and folders of all functions, separated as in Java; {@code --port} and
 * {@code --dynamodb-port}, by default free ones. When everything accepts traffic, a line {@code READY} with the
 * addresses as JSON is printed.
 *
 * @since 0.1.0
 */
public final class Launcher {

    private static final int FAILED = 1;

    private Launcher() {}

    /**
     * Runs it.
     *
     * @param arguments the template and the options
     * @throws InterruptedException never in practice: the process ends by a signal
     */
    public static void main(String[] arguments) throws InterruptedException {
        try {
            LauncherOptions options = LauncherOptions.parse(arguments);
            StackTemplate template = StackTemplate.read(options.template(), options.forTemplate());
            if (!template.unsupportedResources().isEmpty()) {
                System.out.println("Loaded " + options.template() + ". Not emulated:");
                template.unsupportedResources().forEach(line -> System.out.println("  " + line));
            }
            EmbeddedStack stack = template.describe()
                    .port(options.port())
                    .dynamoDbPort(options.dynamoDbPort())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "launcher-shutdown"));
            System.out.println("READY " + stack.endpoints().toJson());
            new CountDownLatch(1).await();
        } catch (InvalidTemplateException | StackStartException | LauncherOptions.InvalidOptionsException problem) {
            System.err.println(problem.getMessage());
            System.exit(FAILED);
        } catch (IOException unreadable) {
            System.err.println("Cannot read the template: " + unreadable);
            System.exit(FAILED);
        }
    }
}
