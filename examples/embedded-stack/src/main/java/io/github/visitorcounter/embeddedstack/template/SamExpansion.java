package io.github.visitorcounter.embeddedstack.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Expands AWS SAM's types to CloudFormation's: functions with their aliases and events, tables, and WebSocket APIs with
 * their routes.
 */
final class SamExpansion {

    private static final String FUNCTION = "AWS::Serverless::Function";
    private static final String SIMPLE_TABLE = "AWS::Serverless::SimpleTable";
    private static final String WEB_SOCKET_API = "AWS::Serverless::WebSocketApi";
    private static final String AUTHORIZER = ".Authorizer";

    private static final Map<String, String> SIMPLE_TYPES = Map.of("String", "S", "Number", "N", "Binary", "B");

    private final Map<String, Object> globals;
    private final UnsupportedResources unsupported;
    private final List<Resource> expanded = new ArrayList<>();

    private SamExpansion(Map<String, Object> globals, UnsupportedResources unsupported) {
        this.globals = globals;
        this.unsupported = unsupported;
    }

    /**
     * Expands resources; those of CloudFormation's types are unchanged.
     *
     * @param resources the resources as written, by logical id
     * @param globals the section {@code Globals}
     * @param unsupported receives the events that are not emulated
     */
    static List<Resource> expand(
            Map<String, Object> resources, Map<String, Object> globals, UnsupportedResources unsupported) {
        SamExpansion expansion = new SamExpansion(globals, unsupported);
        resources.forEach((id, node) -> {
            String type = String.valueOf(Nodes.object(node).get("Type"));
            Map<String, Object> properties = Nodes.section(Nodes.object(node), "Properties");
            switch (type) {
                case FUNCTION -> expansion.function(id, expansion.withGlobals("Function", properties));
                case WEB_SOCKET_API -> expansion.webSocketApi(id, expansion.withGlobals("WebSocketApi", properties));
                case SIMPLE_TABLE -> expansion.simpleTable(id, expansion.withGlobals("SimpleTable", properties));
                default -> expansion.expanded.add(new Resource(id, type, type, properties));
            }
        });
        return expansion.expanded;
    }

    private Map<String, Object> withGlobals(String section, Map<String, Object> own) {
        return merged(Nodes.section(globals, section), own);
    }

    /** Maps are merged; every other value of the function replaces the global one. */
    private static Map<String, Object> merged(Map<String, Object> general, Map<String, Object> own) {
        Map<String, Object> merged = new LinkedHashMap<>(general);
        own.forEach((key, value) -> merged.merge(
                key,
                value,
                (before, after) -> before instanceof Map<?, ?> && after instanceof Map<?, ?>
                        ? merged(Nodes.object(before), Nodes.object(after))
                        : after));
        return merged;
    }

    private void function(String id, Map<String, Object> properties) {
        Map<String, Object> lambda = new LinkedHashMap<>(properties);
        Object alias = lambda.remove("AutoPublishAlias");
        lambda.remove("AutoPublishAliasAllProperties");
        Map<String, Object> events = removeSection(lambda, "Events");
        Map<String, Object> invokeConfig = removeSection(lambda, "EventInvokeConfig");
        Map<String, Object> url = removeSection(lambda, "FunctionUrlConfig");
        expanded.add(new Resource(id, FUNCTION, "AWS::Lambda::Function", lambda));
        Map<String, Object> self = Map.of("Ref", id);
        Map<String, Object> target = alias == null ? self : Map.of("Ref", id + ".Alias");
        if (alias != null) {
            add(id + ".Version", FUNCTION, "AWS::Lambda::Version", Map.of("FunctionName", self));
            add(id + ".Alias", FUNCTION, "AWS::Lambda::Alias", Map.of("Name", alias, "FunctionName", self));
        }
        if (!invokeConfig.isEmpty()) {
            Map<String, Object> config = with(invokeConfig, "FunctionName", target);
            add(id + ".EventInvokeConfig", FUNCTION + " EventInvokeConfig", "AWS::Lambda::EventInvokeConfig", config);
        }
        if (!url.isEmpty()) {
            add(
                    id + "Url",
                    FUNCTION + " FunctionUrlConfig",
                    Resources.FUNCTION_URL,
                    with(url, "TargetFunctionArn", target));
        }
        events.forEach((name, event) -> event(id + "." + name, Nodes.object(event), target));
    }

    private void event(String id, Map<String, Object> event, Object target) {
        String kind = FUNCTION + " event " + event.get("Type");
        Map<String, Object> properties = Nodes.section(event, "Properties");
        switch (String.valueOf(event.get("Type"))) {
            case "DynamoDB" -> {
                Map<String, Object> mapping = with(properties, "FunctionName", target);
                mapping.put("EventSourceArn", mapping.remove("Stream"));
                add(id, kind, "AWS::Lambda::EventSourceMapping", mapping);
            }
            case "Schedule" -> schedule(id, kind, properties, target);
            default -> unsupported.add(kind, id);
        }
    }

    private void schedule(String id, String kind, Map<String, Object> properties, Object target) {
        Map<String, Object> rule = new LinkedHashMap<>(properties);
        Map<String, Object> invoked = new LinkedHashMap<>(Map.of("Id", id, "Arn", target));
        for (String ofTarget : List.of("Input", "RetryPolicy", "DeadLetterConfig")) {
            if (rule.containsKey(ofTarget)) {
                invoked.put(ofTarget, rule.remove(ofTarget));
            }
        }
        rule.put("ScheduleExpression", rule.remove("Schedule"));
        rule.put("Targets", List.of(invoked));
        add(id, kind, "AWS::Events::Rule", rule);
        add(
                id + ".Permission",
                kind,
                "AWS::Lambda::Permission",
                Map.of(
                        "FunctionName",
                        target,
                        "Principal",
                        "events.amazonaws.com",
                        "SourceArn",
                        Map.of("Fn::GetAtt", List.of(id, "Arn"))));
    }

    /** The key is {@code id}, a string, unless the table defines another. */
    private void simpleTable(String id, Map<String, Object> properties) {
        Map<String, Object> table = new LinkedHashMap<>(properties);
        Map<String, Object> key = removeSection(table, "PrimaryKey");
        Object name = key.getOrDefault("Name", "id");
        String type = String.valueOf(key.getOrDefault("Type", "String"));
        table.put(
                "AttributeDefinitions",
                List.of(Map.of("AttributeName", name, "AttributeType", SIMPLE_TYPES.getOrDefault(type, type))));
        table.put("KeySchema", List.of(Map.of("AttributeName", name, "KeyType", "HASH")));
        add(id, SIMPLE_TABLE, "AWS::DynamoDB::Table", table);
    }

    private void webSocketApi(String id, Map<String, Object> properties) {
        Map<String, Object> api = with(properties, "ProtocolType", "WEBSOCKET");
        Map<String, Object> routes = removeSection(api, "Routes");
        Map<String, Object> auth = removeSection(api, "Auth");
        Object stage = api.getOrDefault("StageName", "default");
        api.remove("StageName");
        expanded.add(new Resource(id, WEB_SOCKET_API, "AWS::ApiGatewayV2::Api", api));
        Map<String, Object> self = Map.of("Ref", id);
        add(id + ".Stage", WEB_SOCKET_API, "AWS::ApiGatewayV2::Stage", Map.of("ApiId", self, "StageName", stage));
        authorizer(id, auth);
        routes.forEach((key, node) -> {
            String kind = WEB_SOCKET_API + " route";
            Map<String, Object> route = new LinkedHashMap<>(Nodes.object(node));
            if (key.equals("$connect") && !auth.isEmpty()) {
                route.put("AuthorizationType", auth.getOrDefault("AuthType", "NONE"));
                route.put("AuthorizerId", id + AUTHORIZER);
            }
            Object function = route.remove("FunctionArn");
            String integration = id + "." + key + ".Integration";
            add(
                    id + "." + key,
                    kind,
                    "AWS::ApiGatewayV2::Route",
                    with(route, Map.of("ApiId", self, "RouteKey", key, "Target", "integrations/" + integration)));
            add(
                    integration,
                    kind,
                    "AWS::ApiGatewayV2::Integration",
                    Map.of(
                            "ApiId",
                            self,
                            "IntegrationType",
                            "AWS_PROXY",
                            "IntegrationUri",
                            function == null ? "" : function));
            add(
                    id + "." + key + ".Permission",
                    kind,
                    "AWS::Lambda::Permission",
                    Map.of(
                            "FunctionName",
                            function == null ? "" : function,
                            "Action",
                            "lambda:InvokeFunction",
                            "Principal",
                            "apigateway.amazonaws.com",
                            "SourceArn",
                            Map.of(
                                    "Fn::Sub",
                                    List.of(
                                            "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/${Stage}/"
                                                    + key,
                                            Map.of("Api", self, "Stage", stage)))));
        });
    }

    /** SAM allows API Gateway to invoke the authorizer's function, unless the authorizer has a role for that. */
    private void authorizer(String api, Map<String, Object> auth) {
        if (!"CUSTOM".equals(auth.get("AuthType"))) {
            return;
        }
        String kind = WEB_SOCKET_API + " Auth";
        Object function = auth.getOrDefault("AuthArn", "");
        Map<String, Object> authorizer = new LinkedHashMap<>(auth);
        authorizer.keySet().removeAll(List.of("AuthType", "AuthArn"));
        Object role = authorizer.remove("InvokeRole");
        authorizer.putAll(Map.of("ApiId", Map.of("Ref", api), "AuthorizerType", "REQUEST", "AuthorizerUri", function));
        if (role != null) {
            authorizer.put("AuthorizerCredentialsArn", role);
        }
        add(api + AUTHORIZER, kind, "AWS::ApiGatewayV2::Authorizer", authorizer);
        add(
                api + AUTHORIZER + ".Permission",
                kind,
                "AWS::Lambda::Permission",
                Map.of("FunctionName", function, "Principal", "apigateway.amazonaws.com"));
    }

    private void add(String id, String kind, String type, Map<String, Object> properties) {
        expanded.add(new Resource(id, kind, type, properties));
    }

    private static Map<String, Object> removeSection(Map<String, Object> properties, String name) {
        Map<String, Object> section = Nodes.section(properties, name);
        properties.remove(name);
        return section;
    }

    private static Map<String, Object> with(Map<String, Object> properties, String name, Object value) {
        return with(properties, Map.of(name, value));
    }

    private static Map<String, Object> with(Map<String, Object> properties, Map<String, Object> more) {
        Map<String, Object> all = new LinkedHashMap<>(properties);
        all.putAll(more);
        return all;
    }
}
