package io.github.visitorcounter.internal.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.visitorcounter.internal.count.CounterIds;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * A part of an event with its path, which errors name. Errors never contain values of an event, because they may be
 * personal data.
 *
 * @param path the path of the part, for instance {@code requestContext.identity}; empty for the event itself
 * @param node the value; null if it does not exist
 */
record EventField(String path, @Nullable JsonNode node) {

    private static final String A_TIME = "a time in milliseconds since 1970";

    /**
     * The end of the year 9999. Later times, and times before 1970, are invalid; DynamoDB's TTL does not support them.
     */
    private static final long MAX_TIME = 253_402_300_799_999L;

    private static final Pattern ARN = Pattern.compile("arn:[A-Za-z0-9:/._-]{1,1000}");
    private static final int MAX_ID_LENGTH = 128;
    private static final char DELETE = 0x7f;

    static EventField read(InputStream input) throws IOException {
        return parse(input.readAllBytes());
    }

    static EventField parse(String json) {
        return parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static EventField parse(byte[] json) {
        EventField event = new EventField("", tree(json));
        if (!event.isObject()) {
            throw new InvalidEventException("The event is not a JSON object", null);
        }
        return event;
    }

    /**
     * Parses any JSON. Every IOException means that the input is invalid: bytes that are not valid characters do not
     * cause a JacksonException.
     */
    static JsonNode tree(byte[] json) {
        try {
            JsonNode value = JsonReader.read(json);
            return value == null ? MissingNode.getInstance() : value;
        } catch (IOException notJson) {
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

    EventField get(String name) {
        String childPath = path.isEmpty() ? name : path + "." + name;
        return new EventField(childPath, node == null ? null : node.get(name));
    }

    EventField get(int index) {
        return new EventField(path + "[" + index + "]", node == null ? null : node.get(index));
    }

    int size() {
        return node == null ? 0 : node.size();
    }

    /** Returns this part. Throws if it is not an array. */
    EventField array() {
        if (!isArray()) {
            throw wrong("an array");
        }
        return this;
    }

    /** Returns the boolean. Throws if this part is not a boolean. */
    boolean flag() {
        if (node == null || !node.isBoolean()) {
            throw wrong("a boolean");
        }
        return node.booleanValue();
    }

    /** Returns the names of the fields; empty if this part is not an object. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        if (node != null) {
            node.fieldNames().forEachRemaining(names::add);
        }
        return names;
    }

    /** Returns the string. Throws if this part is not a string or is empty. */
    String text() {
        String text = optionalText();
        if (text == null || text.isEmpty()) {
            throw wrong("a string");
        }
        return text;
    }

    /** Returns the string, or null if this part does not exist. */
    @Nullable
    String optionalText() {
        if (node == null || !isPresent()) {
            return null;
        }
        if (!node.isTextual()) {
            throw wrong("a string");
        }
        return node.textValue();
    }

    /** Returns the integer, or null if this part does not exist. */
    @Nullable
    Integer optionalInteger() {
        if (node == null || !isPresent()) {
            return null;
        }
        if (!node.canConvertToInt() || !node.isIntegralNumber()) {
            throw wrong("an integer");
        }
        return node.intValue();
    }

    /** Returns the integer. Throws if it is not from {@code min} to {@code max}. */
    int integer(int min, int max) {
        Integer number = optionalInteger();
        if (number == null || number < min || number > max) {
            throw wrong("an integer from " + min + " to " + max);
        }
        return number;
    }

    /** Returns the time, from a number of milliseconds since 1970. */
    Instant epochMillis() {
        if (node == null || !node.isIntegralNumber() || !node.canConvertToLong()) {
            throw wrong(A_TIME);
        }
        return time(node.longValue());
    }

    /** Returns the time, from milliseconds since 1970 in a string, as stream records contain numbers. */
    Instant epochMillisInString() {
        return time(longInString());
    }

    /** Returns the integer in a string, as stream records contain numbers. */
    long longInString() {
        try {
            return Long.parseLong(text());
        } catch (NumberFormatException notANumber) {
            throw wrong("an integer");
        }
    }

    private Instant time(long epochMillis) {
        if (epochMillis < 0 || epochMillis > MAX_TIME) {
            throw wrong(A_TIME);
        }
        return Instant.ofEpochMilli(epochMillis);
    }

    /**
     * Returns the id of a connection. API Gateway's ids have 16 characters, but neither the length nor the characters
     * are documented.
     */
    String connectionId() {
        String id = text();
        if (id.length() > MAX_ID_LENGTH || !id.chars().allMatch(character -> character > ' ' && character < DELETE)) {
            throw wrong("an id of at most " + MAX_ID_LENGTH + " visible ASCII characters");
        }
        return id;
    }

    /** Returns the sequence number of a stream record. */
    String sequenceNumber() {
        String number = text();
        if (number.length() > MAX_ID_LENGTH
                || !number.chars().allMatch(character -> character >= '0' && character <= '9')) {
            throw wrong("a sequence number");
        }
        return number;
    }

    /** Returns the ARN of a stream, which is logged. */
    String arn() {
        String arn = text();
        if (!ARN.matcher(arn).matches()) {
            throw wrong("an ARN");
        }
        return arn;
    }

    /** Returns the id of a counter. */
    String counterId() {
        String id = text();
        if (!CounterIds.isValid(id)) {
            throw wrong("a counter's id, which " + CounterIds.ALLOWED);
        }
        return id;
    }

    /** Returns the strings of an object by renamed name; empty if this part does not exist. */
    Map<String, String> texts(UnaryOperator<String> rename) {
        if (node == null || !isPresent()) {
            return Map.of();
        }
        if (!isObject()) {
            throw wrong("an object");
        }
        Map<String, String> texts = new HashMap<>();
        // JsonNode.properties() would need Jackson 2.15.
        node.fieldNames().forEachRemaining(name -> {
            String text = get(name).optionalText();
            if (text != null) {
                texts.put(rename.apply(name), text);
            }
        });
        return texts;
    }

    /**
     * Returns the strings, numbers and booleans of an object by name; empty if this part is not an object. It omits
     * other values: the author of the API defines the field, and may use any form.
     */
    Map<String, Object> scalars() {
        Map<String, Object> scalars = new HashMap<>();
        for (String name : isObject() ? names() : List.<String>of()) {
            JsonNode value = get(name).node();
            if (value != null && value.isTextual()) {
                scalars.put(name, value.textValue());
            } else if (value != null && value.isNumber()) {
                scalars.put(name, value.numberValue());
            } else if (value != null && value.isBoolean()) {
                scalars.put(name, value.booleanValue());
            }
        }
        return scalars;
    }

    InvalidEventException wrong(String expected) {
        return new InvalidEventException(
                (isPresent() ? path + " is not " + expected : path + " is missing: expected " + expected), null);
    }
}
