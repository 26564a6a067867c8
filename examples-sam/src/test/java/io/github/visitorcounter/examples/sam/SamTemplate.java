package io.github.visitorcounter.examples.sam;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The template as it is written: short forms such as {@code !Ref X} are read as what they stand for, {@code {"Ref": "X"}}. */
final class SamTemplate {

    private final Map<String, Object> root;

    private SamTemplate(Map<String, Object> root) {
        this.root = root;
    }

    static SamTemplate read(Path file) throws IOException {
        try (Reader text = Files.newBufferedReader(file)) {
            return new SamTemplate(object(new Yaml(new Constructor()).load(text)));
        }
    }

    /** The resources of a type, by logical id. */
    Map<String, Map<String, Object>> resources(String type) {
        Map<String, Map<String, Object>> found = new LinkedHashMap<>();
        object(root.get("Resources")).forEach((id, resource) -> {
            if (object(resource).get("Type").equals(type)) {
                found.put(id, object(resource));
            }
        });
        return found;
    }

    /** A resource's property, or what its path leads to. */
    Object property(String resource, String... path) {
        return at(object(at(root, "Resources", resource, "Properties")), path);
    }

    /** A setting of all functions, or what its path leads to. */
    Object functionGlobal(String... path) {
        return at(object(at(root, "Globals", "Function")), path);
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Object node) {
        return (Map<String, Object>) node;
    }

    /** A list, where CloudFormation also takes a single value for a list of one. */
    static List<?> list(Object node) {
        return node instanceof List<?> list ? list : List.of(node);
    }

    private static Object at(Map<String, Object> from, String... path) {
        Object here = from;
        for (String key : path) {
            Object next = object(here).get(key);
            if (next == null) {
                throw new AssertionError(
                        "The template has no " + String.join(".", path) + ": '" + key + "' is missing");
            }
            here = next;
        }
        return here;
    }

    private static final class Constructor extends SafeConstructor {

        Constructor() {
            super(new LoaderOptions());
            yamlMultiConstructors.put("!", new LongForm());
        }

        private final class LongForm extends AbstractConstruct {

            @Override
            public Object construct(Node node) {
                String name = node.getTag().getValue().substring(1);
                Object value = value(node);
                return switch (name) {
                    case "Ref", "Condition" -> Map.of(name, value);
                    case "GetAtt" ->
                        Map.of("Fn::GetAtt", value instanceof String path ? List.of(path.split("\\.", 2)) : value);
                    default -> Map.of("Fn::" + name, value);
                };
            }

            private Object value(Node node) {
                if (node instanceof MappingNode mapping) {
                    return constructMapping(mapping);
                }
                return node instanceof SequenceNode sequence
                        ? constructSequence(sequence)
                        : constructScalar((ScalarNode) node);
            }
        }
    }
}
