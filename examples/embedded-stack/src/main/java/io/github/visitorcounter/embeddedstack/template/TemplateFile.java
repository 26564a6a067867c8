package io.github.visitorcounter.embeddedstack.template;

import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A template file in YAML or JSON: maps, lists and strings. As in CloudFormation, numbers and booleans are strings (an
 * account id may begin with 0). Short forms such as {@code !Ref X} are expanded to {@code {"Ref": "X"}}.
 */
final class TemplateFile {

    private TemplateFile() {}

    /** Reads files for the project's side. */
    public static final class Reader implements Function<Path, Map<String, Object>> {

        /** Creates one. */
        public Reader() {}

        @Override
        public Map<String, Object> apply(Path file) {
            try {
                return read(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * Reads a template.
     *
     * @throws IOException if the file can't be read
     * @throws InvalidTemplateException if it is not YAML, or not a template
     */
    static Map<String, Object> read(Path file) throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        Yaml yaml = new Yaml(
                new LongForms(options),
                new Representer(new DumperOptions()),
                new DumperOptions(),
                options,
                new TextResolver());
        try (BufferedReader text = Files.newBufferedReader(file)) {
            Object template = yaml.load(text);
            if (containsItself(template, Collections.newSetFromMap(new IdentityHashMap<>()))) {
                throw new InvalidTemplateException(
                        file.toString(), List.of("It has an anchor (&) that contains an alias (*) of itself"));
            }
            if (template instanceof Map<?, ?> map && map.get("Resources") instanceof Map<?, ?>) {
                return Nodes.object(template);
            }
        } catch (YAMLException notYaml) {
            throw new InvalidTemplateException(
                    file.toString(), List.of("It is not YAML or JSON: " + notYaml.getMessage()));
        }
        throw new InvalidTemplateException(file.toString(), List.of("It has no Resources: it must be a template"));
    }

    private static boolean containsItself(Object node, Set<Object> around) {
        Collection<?> parts =
                node instanceof Map<?, ?> map ? map.values() : node instanceof List<?> list ? list : List.of();
        if (parts.isEmpty()) {
            return false;
        }
        if (!around.add(node)) {
            return true;
        }
        boolean found = parts.stream().anyMatch(part -> containsItself(part, around));
        around.remove(node);
        return found;
    }

    /** Every unquoted scalar is a string, except an empty one. */
    private static final class TextResolver extends Resolver {

        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.MERGE, MERGE, "<");
            addImplicitResolver(Tag.NULL, NULL, "~nN\0");
            addImplicitResolver(Tag.NULL, EMPTY, null);
        }
    }

    private static final class LongForms extends SafeConstructor {

        LongForms(LoaderOptions options) {
            super(options);
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
