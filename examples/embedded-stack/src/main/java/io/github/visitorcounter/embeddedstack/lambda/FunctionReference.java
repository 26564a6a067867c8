package io.github.visitorcounter.embeddedstack.lambda;

import org.jspecify.annotations.Nullable;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reference to a function: {@code name}, {@code account:function:name}, or the whole ARN, each with or without
 * {@code :qualifier}.
 */
record FunctionReference(String name, @Nullable String qualifier) {

    private static final Pattern SYNTAX = Pattern.compile("(?:arn:aws[\\w-]*:lambda:)?"
            + "(?:[a-z]{2}(?:-[a-z]+)+-\\d:)?"
            + "(?:\\d{12}:)?"
            + "(?:function:)?"
            + "(?<name>[a-zA-Z0-9_-]+)"
            + "(?::(?<qualifier>\\$LATEST|[a-zA-Z0-9_-]+))?");

    /**
     * Reads a reference.
     *
     * @throws IllegalArgumentException if it is not a valid reference
     */
    static FunctionReference parse(String reference) {
        Matcher matcher = SYNTAX.matcher(reference);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + reference
                            + "' is not a function: expected name, account:function:name or an ARN, each with or without :qualifier");
        }
        return new FunctionReference(matcher.group("name"), matcher.group("qualifier"));
    }
}
