package io.github.visitorcounter.embeddedstack.gateway;

/**
 * The target of a route: its integration.
 *
 * @since 0.1.0
 */
public sealed interface RouteTarget {

    /**
     * A function that receives the event and returns the response ({@code AWS_PROXY}).
     *
     * @param functionName the name or ARN of the function
     */
    record LambdaProxy(String functionName) implements RouteTarget {}

    /**
     * An answer without a function ({@code MOCK}). Only {@code $context} variables such as
     * {@code $context.connectionId} are replaced in the template; a template with other expressions is rejected.
     *
     * @param responseTemplate the text of the answer
     */
    record Mock(String responseTemplate) implements RouteTarget {}
}
