package io.github.visitorcounter.embeddedstack.isolation;

import java.util.List;
import java.util.Set;

/**
 * The classes that the project's side and the stack's own side have in common: both load them from the project's class
 * path.
 */
final class Shared {

    private static final String STACK = "io.github.visitorcounter.embeddedstack.";

    /**
     * The types of the stack that both sides use. They refer only to each other, to the JDK, and to other shared types;
     * {@code SharedTypesTest} checks it.
     */
    static final Set<String> TYPES = Set.of(
            STACK + "StackEndpoints",
            STACK + "StackStartException",
            STACK + "access.Access",
            STACK + "access.Policy",
            STACK + "control.Faults",
            STACK + "control.InvalidFaultsException",
            STACK + "control.Prices",
            STACK + "control.Stats",
            STACK + "engine.RunningStack",
            STACK + "engine.StackDescription",
            STACK + "engine.StackEngine",
            STACK + "gateway.LambdaAuthorizer",
            STACK + "gateway.RouteTarget",
            STACK + "gateway.WebSocketApi",
            STACK + "isolation.Isolation",
            STACK + "lambda.AsyncRetryPolicy",
            STACK + "lambda.FunctionDefinition",
            STACK + "lambda.FunctionInitialisationException",
            STACK + "lambda.FunctionNotFoundException",
            STACK + "lambda.InvocationResult",
            STACK + "lambda.LogFormat",
            STACK + "lambda.TooManyRequestsException",
            STACK + "schedule.Schedule",
            STACK + "stream.EventSourceMapping",
            STACK + "stream.StartingPosition",
            STACK + "template.InvalidTemplateException");

    /**
     * Lambda's interfaces, so that the project can pass handler objects, and the CRT, whose native library can be
     * loaded only once.
     */
    private static final List<String> PACKAGES = List.of(
            "com.amazonaws.services.lambda.runtime.",
            "com.amazonaws.services.lambda.runtime.logging.",
            "org.jspecify.annotations.");

    private static final String CRT = "software.amazon.awssdk.crt.";

    private Shared() {}

    static boolean contains(String className) {
        int nested = className.indexOf('$');
        return TYPES.contains(nested < 0 ? className : className.substring(0, nested))
                || PACKAGES.contains(className.substring(0, className.lastIndexOf('.') + 1))
                || className.startsWith(CRT);
    }
}
