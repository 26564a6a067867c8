package io.github.visitorcounter.embeddedstack.template;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** A template's tree: maps, lists and texts. */
final class Nodes {

    private Nodes() {}

    /**
     * A node that must be a map.
     *
     * @throws IllegalArgumentException if it is something else
     */
    @SuppressWarnings("unchecked") // YAML's keys are read as texts.
    static Map<String, Object> object(@Nullable Object node) {
        if (node instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new IllegalArgumentException("must be a map of names and values, not " + describe(node));
    }

    /** A map's entry that must be a map, or an empty map when there is none. */
    static Map<String, Object> section(Map<String, Object> map, String name) {
        Object node = map.get(name);
        return node == null ? Map.of() : object(node);
    }

    /** A list; CloudFormation takes a single value for a list of one. */
    static List<?> list(Object node) {
        return node instanceof List<?> list ? list : List.of(node);
    }

    /**
     * A node that must be text.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static String text(@Nullable Object node) {
        if (node instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("must be text, not " + describe(node));
    }

    private static String describe(@Nullable Object node) {
        if (node == null) {
            return "nothing";
        }
        return (node instanceof Map<?, ?> ? "the map " : node instanceof List<?> ? "the list " : "") + node;
    }
}
