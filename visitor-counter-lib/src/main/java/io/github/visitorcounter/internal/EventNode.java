package io.github.visitorcounter.internal;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A part of an event, with its path, so that an error can say what is wrong where. The values of an event never appear in an
 * error: they may be personal.
 *
 * @param path where it is, for instance {@code requestContext.identity}; empty for the event itself
 * @param node what is there; null, like JSON's null, when nothing is
 */
record EventNode(String path, @Nullable JsonNode node) {

    static EventNode read(InputStream input) throws IOException {
        try {
            EventNode event = new EventNode("", JsonTree.read(input));
            if (!event.isObject()) {
                throw new InvalidEventException("The event is not a JSON object", null);
            }
            return event;
        } catch (JacksonException notJson) {
            throw new InvalidEventException("The event is not JSON", null);
        }
    }

    boolean isPresent() {
        return node != null && !node.isNull() && !node.isMissingNode();
    }

    boolean isObject() {
        return node != null && node.isObject();
    }

    boolean isArray() {
        return node != null && node.isArray();
    }

    EventNode get(String name) {
        String childPath = path.isEmpty() ? name : path + "." + name;
        return new EventNode(childPath, node == null ? null : node.get(name));
    }

    EventNode get(int index) {
        return new EventNode(path + "[" + index + "]", node == null ? null : node.get(index));
    }

    int size() {
        return node == null ? 0 : node.size();
    }

    /** The text here. */
    String text() {
        String text = optionalText();
        if (text == null || text.isEmpty()) {
            throw wrong("a text");
        }
        return text;
    }

    /** The text here, or null when nothing is here. */
    @Nullable
    String optionalText() {
        if (node == null || !isPresent()) {
            return null;
        }
        if (!node.isTextual()) {
            throw wrong("a text");
        }
        return node.textValue();
    }

    /** The whole number here, or null when nothing is here. */
    @Nullable
    Integer optionalInteger() {
        if (node == null || !isPresent()) {
            return null;
        }
        if (!node.canConvertToInt() || !node.isIntegralNumber()) {
            throw wrong("a whole number");
        }
        return node.intValue();
    }

    /** The whole number here. */
    int integer() {
        Integer number = optionalInteger();
        if (number == null) {
            throw wrong("a whole number");
        }
        return number;
    }

    /** The whole number here, however large. */
    long longInteger() {
        if (node == null || !node.isIntegralNumber() || !node.canConvertToLong()) {
            throw wrong("a whole number");
        }
        return node.longValue();
    }

    /** The time here, in milliseconds since 1970. */
    Instant epochMillis() {
        if (node != null && node.isIntegralNumber() && node.canConvertToLong()) {
            try {
                return Instant.ofEpochMilli(node.longValue());
            } catch (DateTimeException outOfRange) {
                throw wrong("a time in milliseconds since 1970");
            }
        }
        throw wrong("a time in milliseconds since 1970");
    }

    /** The time here, in milliseconds since 1970, as the text of a number: so DynamoDB shows its numbers. */
    Instant epochMillisInText() {
        try {
            return Instant.ofEpochMilli(Long.parseLong(text()));
        } catch (NumberFormatException | DateTimeException notATime) {
            throw wrong("a time in milliseconds since 1970");
        }
    }

    /** The texts of the object here by name, empty when nothing is here. */
    Map<String, String> texts(UnaryOperator<String> rename) {
        if (node == null || !isPresent()) {
            return Map.of();
        }
        if (!isObject()) {
            throw wrong("an object");
        }
        Map<String, String> texts = new HashMap<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String text = get(field.getKey()).optionalText();
            if (text != null) {
                texts.put(rename.apply(field.getKey()), text);
            }
        }
        return texts;
    }

    InvalidEventException wrong(String expected) {
        return new InvalidEventException(
                (isPresent() ? path + " is not " + expected : path + " is missing: expected " + expected), null);
    }
}
