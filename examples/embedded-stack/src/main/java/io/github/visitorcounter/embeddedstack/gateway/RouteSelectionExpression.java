package io.github.visitorcounter.embeddedstack.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Evaluates the route selection expression for a message: {@code $request.body.action}, {@code ${request.body.action}},
 * literal text, and {@code \$} for a dollar sign.
 */
final class RouteSelectionExpression {

    private static final String PATH = "request\\.body((?:\\.[A-Za-z0-9_-]+)+)";
    private static final Pattern PART =
            Pattern.compile("\\$\\{" + PATH + "}|\\$" + PATH + "|\\\\(\\$)|([^$\\\\]+)", Pattern.DOTALL);

    private final List<Part> parts;

    private RouteSelectionExpression(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * Parses an expression. Throws {@link IllegalArgumentException} if API Gateway would reject it for a WebSocket API.
     */
    static RouteSelectionExpression parse(String text) {
        List<Part> parts = new ArrayList<>();
        Matcher matcher = PART.matcher(text);
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            end = matcher.end();
            String path = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
            if (path != null) {
                parts.add(new BodyPath(List.of(path.substring(1).split("\\."))));
            } else {
                parts.add(new Literal(matcher.group(3) != null ? "$" : matcher.group(4)));
            }
        }
        if (parts.isEmpty() || end < text.length()) {
            throw new IllegalArgumentException(
                    "Route selection expression \"" + text + "\" is wrong at character " + (end + 1)
                            + ". Allowed: $request.body.<name>, ${request.body.<name>.<name>}, text, and \\$ for a $.");
        }
        return new RouteSelectionExpression(parts);
    }

    /**
     * Returns the route key of a message; empty if the message does not contain a field of the expression.
     *
     * @param body returns the string, number or boolean at a path of the message, or empty
     */
    Optional<String> evaluate(Function<List<String>, Optional<String>> body) {
        StringBuilder value = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Literal literal) {
                value.append(literal.text());
            } else if (part instanceof BodyPath path) {
                Optional<String> named = body.apply(path.names());
                if (named.isEmpty()) {
                    return Optional.empty();
                }
                value.append(named.get());
            }
        }
        return Optional.of(value.toString());
    }

    private sealed interface Part {}

    private record Literal(String text) implements Part {}

    private record BodyPath(List<String> names) implements Part {}
}
