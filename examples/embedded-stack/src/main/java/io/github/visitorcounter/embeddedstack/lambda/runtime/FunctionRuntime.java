package io.github.visitorcounter.embeddedstack.lambda.runtime;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * The entry point of the stack into a function's class loader. Both sides share only the JDK's and Lambda's classes.
 *
 * @since 0.1.0
 */
public final class FunctionRuntime {

    private FunctionRuntime() {}

    /**
     * Sets up the function's surroundings, before any of its own classes is loaded.
     *
     * @param function its name
     * @param environment its environment variables, unmodifiable
     * @param authorities the hosts of this stack with their ports
     * @param gateway the root of everything but DynamoDB
     * @param dynamoDb DynamoDB and its streams
     * @param log receives lines printed outside of invocations
     */
    public static void configure(
            String function,
            Map<String, String> environment,
            List<String> authorities,
            String gateway,
            String dynamoDb,
            LambdaLogger log) {
        Environment.set(environment);
        Network.set(new Network.Settings(function, authorities, gateway, dynamoDb));
        Console.set(log);
    }

    /**
     * Creates a handler.
     *
     * @param handler {@code package.Class} or {@code package.Class::method}
     * @throws Throwable if {@link HandlerFactory#create} throws it
     */
    public static RequestStreamHandler create(String handler) throws Throwable {
        RequestStreamHandler created = HandlerFactory.create(handler);
        return (event, answer, context) -> {
            Console.begin(context.getLogger());
            Environment.traceId(traceId(context));
            try {
                created.handleRequest(event, answer, context);
            } finally {
                Environment.traceId(null);
                Console.end();
            }
        };
    }

    /**
     * Runs the function's shutdown hooks.
     *
     * @throws InterruptedException if the thread is interrupted while it waits for them
     */
    public static void close() throws InterruptedException {
        ShutdownHooks.run();
    }

    private static @Nullable String traceId(Context context) {
        try {
            return context.getXrayTraceId();
        } catch (NoSuchMethodError olderInterface) {
            return null; // aws-lambda-java-core before 1.4.0.
        }
    }
}
