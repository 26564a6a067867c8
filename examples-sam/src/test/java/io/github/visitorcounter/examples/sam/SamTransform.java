package io.github.visitorcounter.examples.sam;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What AWS SAM makes of a function, as far as this template uses it. The ids that SAM invents are written as templates
 * refer to them: {@code F.Alias}, {@code F.Version}.
 */
public final class SamTransform {

    private static final Set<String> NOT_LAMBDAS = Set.of(
            "CodeUri", "AutoPublishAlias", "AutoPublishAliasAllProperties", "Events", "EventInvokeConfig", "Tracing");

    private SamTransform() {}

    /** The template with CloudFormation's own types only. */
    public static Map<String, Object> apply(Map<String, Object> template) {
        Map<String, Object> globals =
                object(object(template.getOrDefault("Globals", Map.of())).getOrDefault("Function", Map.of()));
        Map<String, Object> resources = new LinkedHashMap<>();
        object(template.get("Resources")).forEach((id, resource) -> {
            if (object(resource).get("Type").equals("AWS::Serverless::Function")) {
                function(id, object(resource), globals, resources);
            } else {
                resources.put(id, resource);
            }
        });
        Map<String, Object> transformed = new LinkedHashMap<>(template);
        transformed.put("Resources", resources);
        return transformed;
    }

    private static void function(
            String id, Map<String, Object> function, Map<String, Object> globals, Map<String, Object> resources) {
        Map<String, Object> properties = merged(globals, object(function.get("Properties")));
        Map<String, Object> lambda = new LinkedHashMap<>(properties);
        lambda.keySet().removeAll(NOT_LAMBDAS);
        lambda.put("TracingConfig", Map.of("Mode", properties.get("Tracing")));
        Map<String, Object> resource = new LinkedHashMap<>(function);
        resource.put("Type", "AWS::Lambda::Function");
        resource.put("Properties", lambda);
        resources.put(id, resource);
        Object alias = properties.get("AutoPublishAlias");
        resources.put(
                id + ".Alias",
                resource(
                        function,
                        "AWS::Lambda::Alias",
                        Map.of(
                                "Name", alias,
                                "FunctionName", Map.of("Ref", id),
                                "FunctionVersion", Map.of("Fn::GetAtt", List.of(id + ".Version", "Version")))));
        if (properties.containsKey("EventInvokeConfig")) {
            Map<String, Object> config = new LinkedHashMap<>(object(properties.get("EventInvokeConfig")));
            config.put("FunctionName", Map.of("Ref", id));
            config.put("Qualifier", alias);
            config.computeIfPresent("DestinationConfig", (name, destinations) -> withoutTypes(destinations));
            resources.put(id + "EventInvokeConfig", resource(function, "AWS::Lambda::EventInvokeConfig", config));
        }
        object(properties.getOrDefault("Events", Map.of())).forEach((event, source) -> {
            Map<String, Object> mapping =
                    new LinkedHashMap<>(object(object(source).get("Properties")));
            mapping.put("FunctionName", Map.of("Ref", id + ".Alias"));
            mapping.put("EventSourceArn", mapping.remove("Stream"));
            mapping.computeIfPresent("DestinationConfig", (name, destinations) -> withoutTypes(destinations));
            resources.put(id + event, resource(function, "AWS::Lambda::EventSourceMapping", mapping));
        });
    }

    /** A resource that exists where its function does. */
    private static Map<String, Object> resource(
            Map<String, Object> function, String type, Map<String, Object> properties) {
        Map<String, Object> resource = new LinkedHashMap<>(Map.of("Type", type, "Properties", properties));
        if (function.containsKey("Condition")) {
            resource.put("Condition", function.get("Condition"));
        }
        return resource;
    }

    private static Map<String, Object> withoutTypes(Object destinations) {
        Map<String, Object> onFailure =
                new LinkedHashMap<>(object(object(destinations).get("OnFailure")));
        onFailure.remove("Type");
        return Map.of("OnFailure", onFailure);
    }

    private static Map<String, Object> merged(Map<String, Object> general, Map<String, Object> own) {
        Map<String, Object> merged = new LinkedHashMap<>(general);
        own.forEach((key, value) -> merged.merge(
                key,
                value,
                (before, after) -> before instanceof Map<?, ?> && after instanceof Map<?, ?>
                        ? merged(object(before), object(after))
                        : after));
        return merged;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object node) {
        return (Map<String, Object>) node;
    }
}
