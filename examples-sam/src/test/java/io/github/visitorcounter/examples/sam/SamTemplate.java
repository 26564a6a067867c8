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
import java.util.List;
import java.util.Map;

/** A template file. Short forms such as {@code !Ref X} are read as what they stand for, {@code {"Ref": "X"}}. */
public final class SamTemplate {

    private SamTemplate() {}

    /** Reads the template as it is written. */
    public static Map<String, Object> read(Path file) throws IOException {
        try (Reader text = Files.newBufferedReader(file)) {
            return object(new Yaml(new Constructor()).load(text));
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Object node) {
        return (Map<String, Object>) node;
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
