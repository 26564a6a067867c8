package io.github.visitorcounter.embeddedstack.template;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Evaluates CloudFormation's intrinsic functions to strings, maps and lists, and null for {@code AWS::NoValue}. A
 * reference to a resource that is not emulated remains a reference in the syntax of {@code Fn::Sub}: {@code ${Name}} or
 * {@code ${Name.Attribute}}. Throws {@code IllegalArgumentException} if a value cannot be evaluated.
 */
final class Intrinsics {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(!?[^}]+)}");

    private final Map<String, Object> parameters;
    private final Map<String, Object> conditions;
    private final Map<String, Object> mappings;
    private final Map<String, String> imports;
    private final References references;
    /** The evaluations in progress, the outermost first. */
    private final Set<String> underWay = new LinkedHashSet<>();

    /** The values of references to resources. */
    interface References {

        /** Returns whether the template contains a resource. */
        boolean has(String resource);

        /** Returns the value of {@code Ref}, or null if the resource is not emulated. */
        @Nullable
        String ref(String resource);

        /** Returns the value of {@code Fn::GetAtt}, or null if it is not emulated. */
        @Nullable
        String attribute(String resource, String attribute);
    }

    /**
     * Creates an evaluator for a template.
     *
     * @param parameters values of parameters and pseudo parameters
     * @param conditions the section {@code Conditions}
     * @param mappings the section {@code Mappings}
     * @param imports the values of {@code Fn::ImportValue} by the name of the export
     * @param references the values of references to resources
     */
    Intrinsics(
            Map<String, Object> parameters,
            Map<String, Object> conditions,
            Map<String, Object> mappings,
            Map<String, String> imports,
            References references) {
        this.parameters = parameters;
        this.conditions = conditions;
        this.mappings = mappings;
        this.imports = imports;
        this.references = references;
    }

    /** Evaluates a value if it is a function; the elements of maps and lists are not evaluated. */
    @Nullable
    Object unfold(@Nullable Object value) {
        return isFunction(value) ? resolve(value) : value;
    }

    private static boolean isFunction(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map) || map.size() != 1) {
            return false;
        }
        String name = String.valueOf(map.keySet().iterator().next());
        return name.equals("Ref") || name.startsWith("Fn::");
    }

    /** Evaluates a value with all its elements. */
    @Nullable
    Object resolve(@Nullable Object value) {
        if (value instanceof List<?> list) {
            List<Object> resolved = new ArrayList<>();
            for (Object element : list) {
                Object resolvedElement = resolve(element);
                if (resolvedElement != null) {
                    resolved.add(resolvedElement);
                }
            }
            return resolved;
        }
        if (!(value instanceof Map<?, ?>)) {
            return value;
        }
        Map<String, Object> map = Nodes.object(value);
        if (isFunction(map)) {
            Map.Entry<String, Object> function = map.entrySet().iterator().next();
            return function(function.getKey(), function.getValue());
        }
        Map<String, Object> resolved = new LinkedHashMap<>();
        map.forEach((key, element) -> {
            Object resolvedElement = resolve(element);
            if (resolvedElement != null) {
                resolved.put(key, resolvedElement);
            }
        });
        return resolved;
    }

    /** Returns whether a condition of the section {@code Conditions} is true. */
    boolean holds(String condition) {
        if (!conditions.containsKey(condition)) {
            throw new IllegalArgumentException(
                    "refers to the condition " + condition + ", which the template does not have");
        }
        return once("the condition " + condition, () -> evaluate(conditions.get(condition)));
    }

    /**
     * Returns whether a value is {@code AWS::NoValue}, directly or as the selected branch of {@code Fn::If}. Only
     * conditions are evaluated.
     */
    boolean isAbsent(@Nullable Object value) {
        if (value == null) {
            return true;
        }
        if (!isFunction(value)) {
            return false;
        }
        Map<String, Object> map = Nodes.object(value);
        if (map.get("Fn::If") instanceof List<?> choice && choice.size() == 3) {
            return isAbsent(choice.get(holds(Nodes.text(choice.get(0))) ? 1 : 2));
        }
        return "AWS::NoValue".equals(map.get("Ref"));
    }

    /**
     * Evaluates something unless its evaluation is already in progress.
     *
     * @throws IllegalArgumentException if it is in progress: the template refers to itself
     */
    private <T extends @Nullable Object> T once(String what, Supplier<T> work) {
        if (!underWay.add(what)) {
            throw new IllegalArgumentException(
                    "refers to itself: " + String.join(", which needs ", underWay) + ", which needs " + what);
        }
        try {
            return work.get();
        } finally {
            underWay.remove(what);
        }
    }

    /** Returns whether a condition's function is true. */
    boolean evaluate(@Nullable Object condition) {
        Map<String, Object> map = Nodes.object(condition);
        if (map.size() != 1) {
            throw new IllegalArgumentException("must be a condition, not " + map);
        }
        Map.Entry<String, Object> function = map.entrySet().iterator().next();
        String name = function.getKey();
        List<?> arguments = Nodes.list(function.getValue());
        return switch (name) {
            case "Fn::Equals" ->
                String.valueOf(resolve(arguments.get(0))).equals(String.valueOf(resolve(arguments.get(1))));
            case "Fn::Not" -> !evaluate(arguments.get(0));
            case "Fn::And" -> arguments.stream().allMatch(this::evaluate);
            case "Fn::Or" -> arguments.stream().anyMatch(this::evaluate);
            case "Fn::Contains" -> list(arguments.get(0)).contains(resolve(arguments.get(1)));
            case "Condition" -> holds(Nodes.text(arguments.get(0)));
            default ->
                throw new IllegalArgumentException("has a condition with " + name
                        + ". Known: Condition, Fn::And, Fn::Contains, Fn::Equals, Fn::Not, Fn::Or");
        };
    }

    private @Nullable Object function(String name, Object argument) {
        List<?> arguments = Nodes.list(argument);
        return switch (name) {
            case "Ref" -> reference(Nodes.text(argument));
            case "Fn::GetAtt" ->
                arguments.size() == 1
                        ? variable(Nodes.text(argument))
                        : attribute(text(arguments.get(0)), text(arguments.get(1)));
            case "Fn::Sub" ->
                substitute(
                        Nodes.text(arguments.get(0)),
                        arguments.size() == 1 ? Map.of() : Nodes.object(arguments.get(1)));
            case "Fn::If" -> resolve(arguments.get(holds(Nodes.text(arguments.get(0))) ? 1 : 2));
            case "Fn::Join" ->
                String.join(
                        text(arguments.get(0)),
                        list(arguments.get(1)).stream().map(Nodes::text).toList());
            case "Fn::Select" -> list(arguments.get(1)).get(Integer.parseInt(text(arguments.get(0))));
            case "Fn::Split" -> List.of(text(arguments.get(1)).split(Pattern.quote(text(arguments.get(0))), -1));
            case "Fn::FindInMap" -> findInMap(text(arguments.get(0)), text(arguments.get(1)), text(arguments.get(2)));
            case "Fn::Base64" ->
                Base64.getEncoder().encodeToString(text(argument).getBytes(StandardCharsets.UTF_8));
            case "Fn::ImportValue" -> imported(text(argument));
            default ->
                throw new IllegalArgumentException(
                        "uses " + name + ". Known: Ref, Fn::Base64, Fn::FindInMap, Fn::GetAtt,"
                                + " Fn::If, Fn::ImportValue, Fn::Join, Fn::Select, Fn::Split, Fn::Sub");
        };
    }

    private String imported(String export) {
        String value = imports.get(export);
        if (value == null) {
            throw new IllegalArgumentException("imports " + export
                    + ", the export of another stack: give its value, such as " + export
                    + "=value, to the imports of the template");
        }
        return value;
    }

    private String text(Object value) {
        return Nodes.text(resolve(value));
    }

    private List<?> list(Object value) {
        Object resolved = resolve(value);
        return resolved == null ? List.of() : Nodes.list(resolved);
    }

    private @Nullable Object reference(String name) {
        if (name.equals("AWS::NoValue")) {
            return null;
        }
        if (parameters.containsKey(name)) {
            return parameters.get(name);
        }
        checkExists(name, name);
        String value = once(name, () -> references.ref(name));
        return value == null ? "${" + name + "}" : value;
    }

    /** A variable of {@code Fn::Sub}: a reference, or a reference and an attribute. */
    private String variable(String path) {
        // SAM's own names, such as F.Alias, contain a dot.
        if (parameters.containsKey(path) || references.has(path)) {
            return Nodes.text(reference(path));
        }
        // Attributes may contain dots too: the resource's name ends at the first dot.
        int dot = path.indexOf('.');
        if (dot < 0) {
            return Nodes.text(reference(path));
        }
        return attribute(path.substring(0, dot), path.substring(dot + 1));
    }

    private String attribute(String resource, String attribute) {
        String path = resource + "." + attribute;
        checkExists(resource, path);
        String value = once(path, () -> references.attribute(resource, attribute));
        return value == null ? "${" + path + "}" : value;
    }

    private void checkExists(String resource, String reference) {
        if (!references.has(resource)) {
            throw new IllegalArgumentException("refers to " + reference + ", which the template does not have");
        }
    }

    private String substitute(String text, Map<String, Object> variables) {
        return VARIABLE.matcher(text).replaceAll(match -> {
            String name = match.group(1).strip();
            String value;
            if (name.startsWith("!")) {
                value = "${" + name.substring(1) + "}";
            } else {
                value = variables.containsKey(name) ? text(variables.get(name)) : variable(name);
            }
            return Matcher.quoteReplacement(value);
        });
    }

    private Object findInMap(String map, String first, String second) {
        Object value = Nodes.section(Nodes.section(mappings, map), first).get(second);
        if (value == null) {
            throw new IllegalArgumentException(
                    "looks for " + first + ", " + second + " in the mapping " + map + ", which does not have it");
        }
        return value;
    }
}
