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

/**
 * A part of an event, with its path, so that an error can say what is wrong where. The values of an event never appear in an
 * error: they may be personal.
 *
 * @param path where it is, for instance {@code requestContext.identity}; empty for the event itself
 * @param node what is there; null, like JSON's null, when nothing is
 */
record EventField(String path, @Nullable JsonNode node) {

    private static final String A_TIME = "a time in milliseconds since 1970";

    /** The year 9999. Nothing happened later, nor before 1970; DynamoDB's time to live would not understand it. */
    private static final long LATEST_TIME = 253_402_300_799_999L;

    private static final int LONGEST_ID = 128;
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

    /** Any JSON. Failures are of the input, also those that are no JacksonException: bytes that are no characters. */
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

    /** This node, which must be an array. */
    EventField array() {
        if (!isArray()) {
            throw wrong("an array");
        }
        return this;
    }

    /** The boolean here. */
    boolean flag() {
        if (node == null || !node.isBoolean()) {
            throw wrong("a boolean");
        }
        return node.booleanValue();
    }

    /** The names of the object here, empty when nothing is here. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        if (node != null) {
            node.fieldNames().forEachRemaining(names::add);
        }
        return names;
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

    /** The whole number here, from {@code least} to {@code most}. */
    int integer(int least, int most) {
        Integer number = optionalInteger();
        if (number == null || number < least || number > most) {
            throw wrong("a whole number from " + least + " to " + most);
        }
        return number;
    }

    /** The whole number here, however large, not negative. */
    long longInteger() {
        if (node == null || !node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
            throw wrong("a whole number");
        }
        return node.longValue();
    }

    /** The time here, in milliseconds since 1970. */
    Instant epochMillis() {
        if (node == null || !node.isIntegralNumber() || !node.canConvertToLong()) {
            throw wrong(A_TIME);
        }
        return time(node.longValue());
    }

    /** The time here, in milliseconds since 1970, as the text of a number: so DynamoDB shows its numbers. */
    Instant epochMillisInText() {
        return time(longInText());
    }

    /** The integer here, as the text of a number: so DynamoDB shows its numbers. */
    long longInText() {
        try {
            return Long.parseLong(text());
        } catch (NumberFormatException notANumber) {
            throw wrong("an integer");
        }
    }

    private Instant time(long epochMillis) {
        if (epochMillis < 0 || epochMillis > LATEST_TIME) {
            throw wrong(A_TIME);
        }
        return Instant.ofEpochMilli(epochMillis);
    }

    /** The id of a connection here. API Gateway's have 16 characters; it promises neither that nor which. */
    String connectionId() {
        String id = text();
        if (id.length() > LONGEST_ID || !id.chars().allMatch(character -> character > ' ' && character < DELETE)) {
            throw wrong("an id of at most " + LONGEST_ID + " visible ASCII characters");
        }
        return id;
    }

    /** A record's place in a stream here. */
    String sequenceNumber() {
        String number = text();
        if (number.length() > LONGEST_ID
                || !number.chars().allMatch(character -> character >= '0' && character <= '9')) {
            throw wrong("a sequence number");
        }
        return number;
    }

    /** The id of a counter here. */
    String counterId() {
        String id = text();
        if (!CounterIds.isValid(id)) {
            throw wrong("a counter's id, which " + CounterIds.ALLOWED);
        }
        return id;
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
     * The strings, numbers and booleans of the object here by name; empty when there is no object. Other values are left out: the
     * field is the author's of the API, who may have given it another form.
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
