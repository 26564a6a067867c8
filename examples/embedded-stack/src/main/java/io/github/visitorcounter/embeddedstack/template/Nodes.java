package io.github.visitorcounter.embeddedstack.template;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** The nodes of a template: maps, lists and strings. */
final class Nodes {

    private Nodes() {}

    /**
     * Casts a node to a map.
     *
     * @throws IllegalArgumentException if it has another type
     */
    @SuppressWarnings("unchecked") // YAML's keys are read as strings.
    static Map<String, Object> object(@Nullable Object node) {
        if (node instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new IllegalArgumentException("must be a map of names and values, not " + describe(node));
    }

    /** Returns an entry that must be a map, or an empty map if there is none. */
    static Map<String, Object> section(Map<String, Object> map, String name) {
        Object node = map.get(name);
        return node == null ? Map.of() : object(node);
    }

    /** Returns a list; like CloudFormation, a single value is a list of one. */
    static List<?> list(Object node) {
        return node instanceof List<?> list ? list : List.of(node);
    }

    /**
     * Casts a node to a string.
     *
     * @throws IllegalArgumentException if it has another type
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
