package io.github.visitorcounter.embeddedstack.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A pattern of an event source mapping's filter criteria, as Lambda reads it for DynamoDB. A field's value in the
 * pattern is either a nested object or a list of rules, one of which must match. All fields must match; {@code $or}
 * takes a list of objects, one of which must match.
 *
 * <p>Rules: a string, number, {@code true}, {@code false} or {@code null} to equal; {@code {"prefix": …}},
 * {@code {"suffix": …}}, {@code {"equals-ignore-case": …}}, {@code {"anything-but": …}}, {@code {"numeric": […]}},
 * {@code {"exists": …}}. They apply to leaves only: {@code exists} never matches an attribute, whose value is an object
 * ({@code {"S": …}}), so add its type. DynamoDB's numbers are strings in a record, which {@code numeric} does not
 * match.
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
public final class FilterPattern {

    private static final int MAX_LENGTH = 4096;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final String text;
    private final Predicate<JsonNode> fields;

    private FilterPattern(String text, Predicate<JsonNode> fields) {
        this.text = text;
        this.fields = fields;
    }

    /**
     * Reads a pattern.
     *
     * @param json the pattern, for instance {@code {"dynamodb": {"NewImage": {"lastChange": {"S": [{"exists":
     *     true}]}}}}}
     * @throws IllegalArgumentException if it is not JSON, longer than 4,096 characters, or has an unknown rule; the
     *     message contains its path
     */
    public static FilterPattern compile(String json) {
        if (json.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "filter pattern has " + json.length() + " characters: at most " + MAX_LENGTH + " are allowed");
        }
        return new FilterPattern(json, compileFields(parse("filter pattern", json), "$"));
    }

    /** Validates patterns for the project's side, with the stack's JSON library. */
    public static final class Check implements Consumer<String> {

        /** Creates one. */
        public Check() {}

        @Override
        public void accept(String json) {
            compile(json);
        }
    }

    /**
     * Returns whether a record matches.
     *
     * @param recordJson a record as the function would receive it
     * @throws IllegalArgumentException if it is not JSON
     */
    public boolean matches(String recordJson) {
        return matches(parse("record", recordJson));
    }

    boolean matches(JsonNode streamRecord) {
        return fields.test(streamRecord);
    }

    /** The pattern's text. */
    @Override
    public String toString() {
        return text;
    }

    private static JsonNode parse(String what, String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(what + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static Predicate<JsonNode> compileFields(JsonNode pattern, String path) {
        if (!pattern.isObject() || pattern.isEmpty()) {
            throw new IllegalArgumentException(
                    "filter pattern at " + path + ": expected an object with at least one field");
        }
        Predicate<JsonNode> all = event -> true;
        for (Iterator<String> names = pattern.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            JsonNode value = pattern.path(name);
            String below = path + "." + name;
            Predicate<JsonNode> one;
            if (name.equals("$or")) {
                one = compileAlternatives(value, below);
            } else if (value.isArray()) {
                Predicate<List<JsonNode>> rules = FilterRule.anyOf(value, below);
                one = event -> rules.test(leaves(event.path(name)));
            } else if (value.isObject()) {
                Predicate<JsonNode> nested = compileFields(value, below);
                one = event -> objects(event.path(name)).stream().anyMatch(nested);
            } else {
                throw new IllegalArgumentException("filter pattern at " + below
                        + ": expected a list of rules, for instance [\"value\"], or an object");
            }
            all = all.and(one);
        }
        return all;
    }

    private static Predicate<JsonNode> compileAlternatives(JsonNode alternatives, String path) {
        if (!alternatives.isArray() || alternatives.size() < 2) {
            throw new IllegalArgumentException(
                    "filter pattern at " + path + ": expected a list of at least two objects");
        }
        Predicate<JsonNode> any = event -> false;
        for (int i = 0; i < alternatives.size(); i++) {
            any = any.or(compileFields(alternatives.get(i), path + "[" + i + "]"));
        }
        return any;
    }

    /**
     * Returns the values for the rules: the scalar at a path, or the scalars of a list there; none for an object or a
     * missing value.
     */
    private static List<JsonNode> leaves(JsonNode value) {
        List<JsonNode> leaves = new ArrayList<>();
        for (JsonNode one : value.isArray() ? value : List.of(value)) {
            if (one.isValueNode()) {
                leaves.add(one);
            }
        }
        return leaves;
    }

    /**
     * Returns the object at a path, or the objects of a list there; a missing node if there are none, for
     * {@code exists: false} below it.
     */
    private static List<JsonNode> objects(JsonNode value) {
        List<JsonNode> objects = new ArrayList<>();
        for (JsonNode one : value.isArray() ? value : List.of(value)) {
            if (one.isObject()) {
                objects.add(one);
            }
        }
        return objects.isEmpty() ? List.of(MissingNode.getInstance()) : objects;
    }
}
