package io.github.visitorcounter.embeddedstack.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The resources and properties of a template that the embedded stack does not support: one line for each kind. Not
 * thread-safe.
 */
final class UnsupportedResources {

    private final Map<String, Set<String>> resourcesByKind = new TreeMap<>();

    /**
     * Adds a resource, or a property of one, that is not emulated.
     *
     * @param kind a type, or a type and a property
     * @param resource the logical id of the resource
     */
    void add(String kind, String resource) {
        resourcesByKind.computeIfAbsent(kind, first -> new TreeSet<>()).add(resource);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        resourcesByKind.forEach((kind, resources) -> lines.add(kind + " (" + String.join(", ", resources) + ")"));
        return lines;
    }
}
