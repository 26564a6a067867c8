package io.github.visitorcounter.embeddedstack.client;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/**
 * Finds a field with a value in JSON text. A quotation mark inside a JSON string is always escaped, so that a mark
 * after a brace, a comma or white space begins a name or a value, and only a name is followed by a colon.
 */
final class JsonField {

    private JsonField() {}

    /** What a JSON text has to contain somewhere. */
    static Pattern pattern(String name, @Nullable Object value) {
        return Pattern.compile("(?<=[{,\\s])" + Pattern.quote(quoted(name)) + "\\s*:\\s*"
                + Pattern.quote(literal(value)) + "(?=\\s*[,}])");
    }

    static String literal(@Nullable Object value) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return String.valueOf(value);
        }
        if (value instanceof CharSequence text) {
            return quoted(text);
        }
        throw new IllegalArgumentException("The value of a field is a "
                + value.getClass().getName() + ". Allowed: a string, a number, a boolean, and null.");
    }

    private static String quoted(CharSequence text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(character -> {
            switch (character) {
                case '"', '\\' -> quoted.append('\\').append((char) character);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> quoted.append((char) character);
            }
        });
        return quoted.append('"').toString();
    }
}
