package io.github.visitorcounter.embeddedstack.junit;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.client.WebSocketClient;
import io.github.visitorcounter.embeddedstack.control.Faults;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import java.util.function.Supplier;

/**
 * Starts a stack for the tests of a class, including {@code @Nested} classes, and closes it after them. Use it through
 * {@link EmbeddedStackTest}, or with a stack described in Java:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final EmbeddedStackExtension STACK = EmbeddedStackExtension.of(() -> EmbeddedStack.builder().function(...));
 * }</pre>
 *
 * <p>Test methods, lifecycle methods and constructors may have a parameter of the type {@link EmbeddedStack}; test
 * methods may also have parameters of the type {@link WebSocketClient}, each a connection that is opened before the
 * test and closed after it. The stack's faults are removed after each test.
 *
 * <p>The functions' log lines are collected, and printed to {@link System#err} if a test fails; the stack's own log
 * sink is not used.
 *
 * @since 0.1.0
 */
public final class EmbeddedStackExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(EmbeddedStackExtension.class);

    private final @Nullable Supplier<EmbeddedStack.Builder> description;

    /** For {@link EmbeddedStackTest}. */
    EmbeddedStackExtension() {
        this.description = null;
    }

    private EmbeddedStackExtension(Supplier<EmbeddedStack.Builder> description) {
        this.description = description;
    }

    /**
     * An extension for a static field with {@code @RegisterExtension}.
     *
     * @param description describes the stack; called once for each test class
     */
    public static EmbeddedStackExtension of(Supplier<EmbeddedStack.Builder> description) {
        return new EmbeddedStackExtension(description);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (find(context) == null) {
            String test = context.getRequiredTestClass().getName();
            TestClassStack running = description == null
                    ? TestClassStack.ofTemplate(context.getRequiredTestClass())
                    : TestClassStack.start(test, description.get(), "");
            context.getStore(NAMESPACE).put(TestClassStack.class, running);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        TestClassStack running = find(context);
        if (running != null
                && running.test().equals(context.getRequiredTestClass().getName())) {
            running.stack().close();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        running(context).logs().clear();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        OpenClients clients = context.getStore(NAMESPACE).remove(OpenClients.class, OpenClients.class);
        if (clients != null) {
            clients.close();
        }
        TestClassStack running = running(context);
        running.stack().faults(Faults.NONE);
        if (context.getExecutionException().isPresent()) {
            System.err.println(
                    running.report(context.getRequiredTestClass().getSimpleName() + "." + context.getDisplayName()));
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        // In constructors and lifecycle methods, a connection would stay open for more than one test.
        return type == EmbeddedStack.class
                || (type == WebSocketClient.class
                        && context.getTestMethod()
                                .filter(parameter.getDeclaringExecutable()::equals)
                                .isPresent());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        EmbeddedStack stack = running(context).stack();
        if (parameter.getParameter().getType() == EmbeddedStack.class) {
            return stack;
        }
        ExtensionContext.Store store = context.getStore(NAMESPACE);
        OpenClients clients = store.get(OpenClients.class, OpenClients.class);
        if (clients == null) {
            clients = new OpenClients();
            store.put(OpenClients.class, clients);
        }
        return clients.add(stack.connect());
    }

    private static TestClassStack running(ExtensionContext context) {
        TestClassStack running = find(context);
        if (running == null) {
            throw new ExtensionConfigurationException(
                    "No stack has been started: the field with @RegisterExtension must be static");
        }
        return running;
    }

    private static @Nullable TestClassStack find(ExtensionContext context) {
        return context.getStore(NAMESPACE).get(TestClassStack.class, TestClassStack.class);
    }
}
