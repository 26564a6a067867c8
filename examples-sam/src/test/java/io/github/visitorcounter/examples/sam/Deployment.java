package io.github.visitorcounter.examples.sam;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The resources that a CloudFormation template makes with some values of its parameters. Values are texts in the words
 * of {@code Fn::Sub}: parameters and conditions are resolved, references to resources are {@code ${Name}} and
 * {@code ${Name.Attribute}}.
 */
public final class Deployment {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^!}][^}]*)}");

    private final Map<String, Map<String, Object>> resources = new TreeMap<>();
    private final Map<String, String> outputs = new TreeMap<>();
    private final Map<String, Object> conditions;
    private final Map<String, String> parameters;
    private final UnaryOperator<String> names;

    private Deployment(Map<String, Object> template, Map<String, String> values, UnaryOperator<String> names) {
        this.names = names;
        this.conditions = section(template, "Conditions");
        this.parameters = new TreeMap<>();
        section(template, "Parameters").forEach((name, parameter) -> {
            Object value = object(parameter).get("Default");
            if (value != null) {
                parameters.put(name, value.toString());
            }
        });
        parameters.putAll(values);
        section(template, "Resources").forEach((id, resource) -> {
            if (exists(resource)) {
                resources.put(names.apply(id), object(resolve(resource)));
            }
        });
        section(template, "Outputs").forEach((name, output) -> {
            if (exists(output)) {
                outputs.put(name, (String) resolve(object(output).get("Value")));
            }
        });
    }

    private boolean exists(Object element) {
        Object condition = object(element).get("Condition");
        return condition == null || holds(conditions.get(condition));
    }

    /**
     * Resolves a template.
     *
     * @param template CloudFormation's, after transformation
     * @param parameters those that differ from their defaults
     * @param names changes logical ids
     */
    public static Deployment of(
            Map<String, Object> template, Map<String, String> parameters, UnaryOperator<String> names) {
        return new Deployment(template, parameters, names);
    }

    /** All resources, by logical id. */
    public Map<String, Map<String, Object>> resources() {
        return resources;
    }

    /** What the stack says when it is deployed, by name. */
    public Map<String, String> outputs() {
        return outputs;
    }

    /** The resources of a type, by logical id. */
    public Map<String, Map<String, Object>> resources(String type) {
        Map<String, Map<String, Object>> found = new TreeMap<>(resources);
        found.values().removeIf(resource -> !resource.get("Type").equals(type));
        return found;
    }

    /** A resource's property, or what its path leads to. */
    public Object property(String resource, String... path) {
        Object here = at(at(resources, resource), "Properties");
        for (String key : path) {
            here = at(here, key);
        }
        return here;
    }

    /** What a role allows, as "action on resource". */
    public TreeSet<String> allowed(String role) {
        TreeSet<String> allowed = new TreeSet<>();
        Map<String, Object> own = object(resources.get(role).get("Properties"));
        for (Object policy : list(own.get("Policies"))) {
            allowed.addAll(statements(object(policy).get("PolicyDocument")));
        }
        for (Object policy : list(own.getOrDefault("ManagedPolicyArns", List.of()))) {
            String id = policy.toString().replaceAll("^\\$\\{(.*)}$", "$1");
            allowed.addAll(statements(property(id, "PolicyDocument")));
        }
        resources("AWS::IAM::Policy").values().forEach(policy -> {
            Map<String, Object> properties = object(policy.get("Properties"));
            if (list(properties.get("Roles")).contains("${" + role + "}")) {
                allowed.addAll(statements(properties.get("PolicyDocument")));
            }
        });
        return allowed;
    }

    /** What the statements of a policy allow, as "action on resource". */
    public static TreeSet<String> statements(Object policyDocument) {
        TreeSet<String> allowed = new TreeSet<>();
        for (Object statement : list(object(policyDocument).get("Statement"))) {
            if (!object(statement).keySet().equals(Set.of("Action", "Effect", "Resource"))
                    || !object(statement).get("Effect").equals("Allow")) {
                throw new AssertionError("Not a statement that this test can read: " + statement);
            }
            for (Object action : list(object(statement).get("Action"))) {
                for (Object resource : list(object(statement).get("Resource"))) {
                    allowed.add(action + " on " + resource);
                }
            }
        }
        return allowed;
    }

    private static Object at(Object node, String key) {
        Object next = object(node).get(key);
        if (next == null) {
            throw new AssertionError(
                    "There is no " + key + " among " + object(node).keySet());
        }
        return next;
    }

    private static Map<String, Object> section(Map<String, Object> template, String name) {
        return object(template.getOrDefault(name, Map.of()));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object node) {
        return (Map<String, Object>) node;
    }

    /** A list, where CloudFormation also takes a single value for a list of one. */
    private static List<?> list(Object node) {
        return node instanceof List<?> list ? list : List.of(node);
    }

    /** The value as text, map or list; null for {@code AWS::NoValue}. */
    private Object resolve(Object value) {
        if (value instanceof List<?> list) {
            List<Object> resolved = new ArrayList<>();
            list.forEach(element -> addUnlessNull(resolved, resolve(element)));
            return resolved;
        }
        if (!(value instanceof Map<?, ?>)) {
            return String.valueOf(value);
        }
        Map<String, Object> map = object(value);
        if (map.size() == 1) {
            Map.Entry<String, Object> only = map.entrySet().iterator().next();
            if (only.getKey().equals("Ref") || only.getKey().startsWith("Fn::")) {
                return function(only.getKey(), only.getValue());
            }
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

    private static void addUnlessNull(List<Object> list, Object element) {
        if (element != null) {
            list.add(element);
        }
    }

    private Object function(String name, Object argument) {
        return switch (name) {
            case "Ref" -> argument.equals("AWS::NoValue") ? null : reference((String) argument);
            case "Fn::GetAtt" ->
                "${" + names.apply((String) list(argument).get(0)) + "."
                        + list(argument).get(1) + "}";
            case "Fn::Sub" -> substitute(argument);
            case "Fn::If" -> {
                List<?> parts = list(argument);
                yield resolve(parts.get(holds(conditions.get(parts.get(0))) ? 1 : 2));
            }
            case "Fn::Join" -> {
                List<?> parts = list(argument);
                List<String> texts = new ArrayList<>();
                list(parts.get(1)).forEach(part -> texts.add((String) resolve(part)));
                yield String.join((String) parts.get(0), texts);
            }
            case "Fn::Select" -> {
                List<?> parts = list(argument);
                yield "part " + parts.get(0) + " of " + resolve(parts.get(1));
            }
            case "Fn::Split" -> resolve(list(argument).get(1));
            default -> throw new AssertionError("Not a function that this test knows: " + name + " " + argument);
        };
    }

    private String reference(String name) {
        return parameters.containsKey(name) ? parameters.get(name) : "${" + names.apply(name) + "}";
    }

    private String substitute(Object argument) {
        List<?> parts = list(argument);
        Map<String, Object> variables = parts.size() == 2 ? object(parts.get(1)) : Map.of();
        Matcher matcher = VARIABLE.matcher((String) parts.get(0));
        return matcher.replaceAll(match -> {
            String name = match.group(1);
            String value = variables.containsKey(name) ? (String) resolve(variables.get(name)) : variable(name);
            return Matcher.quoteReplacement(value);
        });
    }

    private String variable(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? reference(name) : "${" + names.apply(name.substring(0, dot)) + name.substring(dot) + "}";
    }

    private boolean holds(Object condition) {
        Map.Entry<String, Object> function =
                object(condition).entrySet().iterator().next();
        List<?> arguments = list(function.getValue());
        return switch (function.getKey()) {
            case "Fn::Equals" -> resolve(arguments.get(0)).equals(resolve(arguments.get(1)));
            case "Fn::Not" -> !holds(arguments.get(0));
            case "Fn::And" -> arguments.stream().allMatch(this::holds);
            case "Condition" -> holds(conditions.get(arguments.get(0)));
            default -> throw new AssertionError("Not a condition that this test knows: " + condition);
        };
    }
}
