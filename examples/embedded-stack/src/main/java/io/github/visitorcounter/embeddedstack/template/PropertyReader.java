package io.github.visitorcounter.embeddedstack.template;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads the properties of a resource, and tracks which were not read. An invalid value is added to the problems, with
 * its resource and property, and then treated as absent. Not thread-safe.
 */
final class PropertyReader {

    private final Map<String, Object> properties;
    private final String kind;
    private final String path;
    private final String owner;
    private final Intrinsics intrinsics;
    private final UnsupportedResources unsupported;
    private final List<String> problems;
    private final Set<String> read = new HashSet<>();
    private final List<PropertyReader> parts = new ArrayList<>();

    PropertyReader(Resource resource, Intrinsics intrinsics, UnsupportedResources unsupported, List<String> problems) {
        this(resource.properties(), resource.kind(), resource.id(), resource.id(), intrinsics, unsupported, problems);
    }

    private PropertyReader(
            Map<String, Object> properties,
            String kind,
            String path,
            String owner,
            Intrinsics intrinsics,
            UnsupportedResources unsupported,
            List<String> problems) {
        this.properties = properties;
        this.kind = kind;
        this.path = path;
        this.owner = owner;
        this.intrinsics = intrinsics;
        this.unsupported = unsupported;
        this.problems = problems;
    }

    /** The logical id of the resource. */
    String resource() {
        return owner;
    }

    Set<String> names() {
        return properties.keySet();
    }

    /** Adds a problem with a property, or with the resource if the name is empty. */
    void problem(String name, String problem) {
        problems.add((name.isEmpty() ? path : path + "." + name) + " " + problem);
    }

    /** Reports a property that is not emulated with this value. */
    void reportUnsupported(String what) {
        unsupported.add(kind + " " + what, owner);
    }

    /** Returns the evaluated value, or null if it is absent or invalid. */
    <T> @Nullable T value(String name, Function<Object, T> reading) {
        return read(name, intrinsics::resolve, reading);
    }

    /** Returns the value, whose elements are not yet evaluated. */
    private <T> @Nullable T frame(String name, Function<Object, T> reading) {
        return read(name, intrinsics::unfold, reading);
    }

    private <T> @Nullable T read(
            String name, Function<@Nullable Object, @Nullable Object> working, Function<Object, T> reading) {
        read.add(name);
        try {
            Object value = working.apply(properties.get(name));
            return value == null ? null : reading.apply(value);
        } catch (IllegalArgumentException | IndexOutOfBoundsException wrong) {
            problem(name, String.valueOf(wrong.getMessage()));
            return null;
        }
    }

    @Nullable
    String text(String name) {
        return value(name, Nodes::text);
    }

    String text(String name, String absent) {
        String text = text(name);
        return text == null ? absent : text;
    }

    /** Returns a required string; empty, and reported as a problem, if it is absent. */
    String required(String name) {
        int before = problems.size();
        String text = text(name);
        if (text == null && problems.size() == before) {
            problem(name, "is missing");
        }
        return text == null ? "" : text;
    }

    int number(String name, int absent) {
        Integer number = value(name, node -> {
            try {
                return Integer.valueOf(Nodes.text(node));
            } catch (NumberFormatException notANumber) {
                throw new IllegalArgumentException("must be a whole number, not " + node);
            }
        });
        return number == null ? absent : number;
    }

    boolean flag(String name, boolean absent) {
        Boolean flag = value(name, node -> switch (Nodes.text(node)) {
            case "true", "True", "TRUE" -> true;
            case "false", "False", "FALSE" -> false;
            default -> throw new IllegalArgumentException("must be true or false, not " + node);
        });
        return flag == null ? absent : flag;
    }

    List<String> texts(String name) {
        List<String> texts =
                value(name, node -> Nodes.list(node).stream().map(Nodes::text).toList());
        return texts == null ? List.of() : texts;
    }

    /** Returns a property that is a map; empty if it is absent. */
    PropertyReader object(String name) {
        Map<String, Object> object = frame(name, Nodes::object);
        return part(object == null ? Map.of() : object, kind + " " + name, path + "." + name);
    }

    /** Returns a property that is a list of maps. */
    List<PropertyReader> objects(String name) {
        return parts(name, frame(name, node -> elements(node).map(Nodes::object).toList()));
    }

    /** Returns the maps in a list that may contain other values. */
    List<PropertyReader> objectsAmong(String name) {
        return parts(name, frame(name, node -> elements(node)
                .filter(Map.class::isInstance)
                .map(Nodes::object)
                .toList()));
    }

    private Stream<Object> elements(Object list) {
        List<Object> elements = new ArrayList<>();
        for (Object element : Nodes.list(list)) {
            Object unfolded = intrinsics.unfold(element);
            if (unfolded != null) {
                elements.add(unfolded);
            }
        }
        return elements.stream();
    }

    private List<PropertyReader> parts(String name, @Nullable List<Map<String, Object>> objects) {
        List<PropertyReader> readers = new ArrayList<>();
        if (objects != null) {
            objects.forEach(object ->
                    readers.add(part(object, kind + " " + name, path + "." + name + "[" + readers.size() + "]")));
        }
        return readers;
    }

    private PropertyReader part(Map<String, Object> object, String partKind, String partPath) {
        PropertyReader part = new PropertyReader(object, partKind, partPath, owner, intrinsics, unsupported, problems);
        parts.add(part);
        return part;
    }

    /** Marks properties as read that have no effect here. */
    void irrelevant(String... names) {
        read.addAll(List.of(names));
    }

    /**
     * Reports properties that were not read. Their values are not evaluated, because errors in them have no effect
     * here.
     */
    void finish() {
        properties.keySet().stream().filter(name -> !read.contains(name)).forEach(name -> {
            if (!intrinsics.isAbsent(properties.get(name))) {
                reportUnsupported(name);
            }
        });
        parts.forEach(PropertyReader::finish);
    }
}
