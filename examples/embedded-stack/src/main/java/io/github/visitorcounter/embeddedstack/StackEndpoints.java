package io.github.visitorcounter.embeddedstack;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a running stack is reached. All of it is on 127.0.0.1.
 *
 * @param page the web page, and the root of everything else but DynamoDB
 * @param websocket where clients connect, the stage included
 * @param management the {@code @connections} API, as {@code endpointOverride} of an API Gateway management client
 * @param lambda Lambda's Invoke API, as {@code endpointOverride} of a Lambda client
 * @param dynamodb DynamoDB and its Streams, as {@code endpointOverride} of their clients
 * @param control {@code /stats} and {@code /faults} are below it
 * @since 0.1.0
 */
public record StackEndpoints(URI page, URI websocket, URI management, URI lambda, URI dynamodb, URI control) {

    /** The stack's {@code host:port} authorities, as functions may see them in URLs. */
    public List<String> authorities() {
        return Stream.of(lambda, dynamodb)
                .flatMap(root -> Stream.of(root.getAuthority(), "localhost:" + root.getPort()))
                .toList();
    }

    /** The endpoints as one line of JSON: the components' names and their addresses. */
    public String toJson() {
        return Stream.of(
                        Map.entry("page", page),
                        Map.entry("websocket", websocket),
                        Map.entry("management", management),
                        Map.entry("lambda", lambda),
                        Map.entry("dynamodb", dynamodb),
                        Map.entry("control", control))
                // Nothing in a URI needs to be escaped in JSON.
                .map(endpoint -> "\"" + endpoint.getKey() + "\":\"" + endpoint.getValue() + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }
}
