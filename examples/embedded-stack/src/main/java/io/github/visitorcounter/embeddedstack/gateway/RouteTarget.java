package io.github.visitorcounter.embeddedstack.gateway;

/**
 * What a route leads to: its integration, in API Gateway's words.
 *
 * @since 0.1.0
 */
public sealed interface RouteTarget {

    /**
     * A function that gets the event and whose answer is the response ({@code AWS_PROXY}).
     *
     * @param functionName the name or ARN of the function
     */
    record LambdaProxy(String functionName) implements RouteTarget {}

    /**
     * An answer without a function ({@code MOCK}). API Gateway fills in the template; here that is done for {@code
     * $context.connectionId} and the like, and a template that has something else to fill in is rejected.
     *
     * @param responseTemplate the text of the answer
     */
    record Mock(String responseTemplate) implements RouteTarget {}
}
