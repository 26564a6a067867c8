package io.github.visitorcounter.embeddedstack.gateway;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Lambda authorizer of the type {@code REQUEST}. It runs before {@code $connect}, for every handshake: API Gateway
 * does not cache its results for WebSocket APIs. Immutable.
 *
 * @param functionName the name or ARN of the function
 * @param identitySources the required values of a handshake, as {@code route.request.header.Name} and
 *     {@code route.request.querystring.name}; a handshake without one of them, or with an empty one, is rejected with
 *     401 and the function does not run. Stage variables and context variables are not emulated.
 * @since 0.1.0
 */
public record LambdaAuthorizer(String functionName, List<String> identitySources) {

    private static final Pattern IDENTITY_SOURCE =
            Pattern.compile("route\\.request\\.(?<part>header|querystring)\\.(?<name>.+)");

    /**
     * Checks the identity sources.
     *
     * @throws IllegalArgumentException if an identity source has another form; the message lists all of these
     */
    public LambdaAuthorizer {
        identitySources = List.copyOf(identitySources);
        List<String> wrong = new ArrayList<>();
        identitySources.stream().filter(source -> !isEmulated(source)).forEach(wrong::add);
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException("Identity sources " + wrong
                    + ". Allowed: route.request.header.Name and route.request.querystring.name.");
        }
    }

    /**
     * An authorizer that runs for every handshake.
     *
     * @param functionName the name or ARN of the function
     */
    public LambdaAuthorizer(String functionName) {
        this(functionName, List.of());
    }

    /**
     * Returns whether the embedded stack supports an identity source.
     *
     * @param identitySource for instance {@code route.request.header.Auth}
     */
    public static boolean isEmulated(String identitySource) {
        return IDENTITY_SOURCE.matcher(identitySource).matches();
    }

    /**
     * Returns whether a handshake has every identity source. Header names are case-insensitive.
     *
     * @param headers the values of each header
     * @param query the values of each query parameter
     */
    public boolean identifies(Map<String, List<String>> headers, Map<String, List<String>> query) {
        return identitySources.stream().allMatch(source -> {
            Matcher parts = IDENTITY_SOURCE.matcher(source);
            if (!parts.matches()) {
                throw new IllegalStateException("The constructor has checked " + source);
            }
            String name = parts.group("name");
            return parts.group("part").equals("header")
                    ? headers.entrySet().stream()
                            .anyMatch(header -> header.getKey().equalsIgnoreCase(name) && isGiven(header.getValue()))
                    : isGiven(query.get(name));
        });
    }

    private static boolean isGiven(@Nullable List<String> values) {
        return values != null && values.stream().anyMatch(value -> !value.isBlank());
    }
}
