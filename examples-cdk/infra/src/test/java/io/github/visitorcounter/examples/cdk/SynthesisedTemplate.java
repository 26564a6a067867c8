package io.github.visitorcounter.examples.cdk;

import software.amazon.awscdk.Stack;
import software.amazon.awscdk.assertions.Template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The template that CloudFormation gets. Logical ids are shown without what the CDK puts around them:
 * {@code VisitorCounterConnectLogs1A2B3C4D} is {@code ConnectLogs} here.
 */
final class SynthesisedTemplate {

    private final Map<String, Object> resources;

    SynthesisedTemplate(Stack stack) {
        this.resources = object(Template.fromStack(stack).toJSON().get("Resources"));
    }

    /** The resources of a type, by name. */
    Map<String, Map<String, Object>> resources(String type) {
        Map<String, Map<String, Object>> found = new LinkedHashMap<>();
        resources.forEach((id, resource) -> {
            if (object(resource).get("Type").equals(type)) {
                found.put(name(id), object(resource));
            }
        });
        return found;
    }

    /** The properties of the only resource of a type. */
    Map<String, Object> only(String type) {
        Map<String, Map<String, Object>> found = resources(type);
        if (found.size() != 1) {
            throw new AssertionError("There should be one " + type + ", there are: " + found.keySet());
        }
        return properties(found.values().iterator().next());
    }

    static Map<String, Object> properties(Map<String, Object> resource) {
        return object(resource.get("Properties"));
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Object node) {
        return (Map<String, Object>) node;
    }

    /** A list, where CloudFormation also takes a single value for a list of one. */
    static List<?> list(Object node) {
        return node instanceof List<?> list ? list : List.of(node);
    }

    /** A value in the words of {@code Fn::Sub}: references as {@code ${Name}} and {@code ${Name.Attribute}}. */
    static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        Map<String, Object> function = object(value);
        if (function.get("Ref") instanceof String id) {
            return "${" + name(id) + "}";
        }
        if (function.get("Fn::GetAtt") instanceof List<?> path) {
            return "${" + name((String) path.get(0)) + "." + path.get(1) + "}";
        }
        if (function.get("Fn::Join") instanceof List<?> join && join.get(0).equals("")) {
            return list(join.get(1)).stream().map(SynthesisedTemplate::text).collect(Collectors.joining());
        }
        if (function.get("Fn::Select") instanceof List<?> select
                && object(select.get(1)).get("Fn::Split") instanceof List<?> split) {
            return "part " + select.get(0) + " of " + text(split.get(1));
        }
        throw new AssertionError("Not a text that this test can read: " + value);
    }

    private static String name(String logicalId) {
        return logicalId.replaceAll("^VisitorCounter(.+?)[0-9A-F]{8}$", "$1");
    }
}
