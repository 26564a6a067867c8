package io.github.visitorcounter.embeddedstack.template;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values that are not in the template. Immutable.
 *
 * @param parameters the values of parameters that differ from their defaults
 * @param imports the values of {@code Fn::ImportValue} by the names of the exports
 * @param classPath the jars and folders of all functions; empty to use {@code CodeUri}, see {@link StackTemplate}
 * @since 0.1.0
 */
public record TemplateOptions(Map<String, String> parameters, Map<String, String> imports, List<Path> classPath) {

    /** No options. */
    public static final TemplateOptions NONE = new TemplateOptions(Map.of(), Map.of(), List.of());

    /** Copies everything. */
    public TemplateOptions {
        parameters = Map.copyOf(parameters);
        imports = Map.copyOf(imports);
        classPath = List.copyOf(classPath);
    }

    /** Returns these options with one more parameter. */
    public TemplateOptions withParameter(String name, String value) {
        return new TemplateOptions(with(parameters, name, value), imports, classPath);
    }

    /** Returns these options with the value of one more export of another stack. */
    public TemplateOptions withImport(String export, String value) {
        return new TemplateOptions(parameters, with(imports, export, value), classPath);
    }

    /** Returns these options with a class path for all functions. */
    public TemplateOptions withClassPath(List<Path> newClassPath) {
        return new TemplateOptions(parameters, imports, newClassPath);
    }

    private static Map<String, String> with(Map<String, String> values, String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(name, value);
        return more;
    }
}
