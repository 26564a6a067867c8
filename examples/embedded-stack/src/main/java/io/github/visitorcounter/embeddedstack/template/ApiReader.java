package io.github.visitorcounter.embeddedstack.template;

import io.github.visitorcounter.embeddedstack.gateway.LambdaAuthorizer;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code AWS::ApiGatewayV2::Api} of the protocol {@code WEBSOCKET}, with its routes, integrations and stage. */
final class ApiReader {

    private static final String INTEGRATION_RESPONSE = "AWS::ApiGatewayV2::IntegrationResponse";
    private static final String ROUTE_RESPONSE = "AWS::ApiGatewayV2::RouteResponse";
    static final Pattern INVOCATIONS = Pattern.compile("arn:.*/functions/(?<function>[^/]+)/invocations");
    private static final Pattern STATUS = Pattern.compile("\"statusCode\"\\s*:\\s*\"?(?<status>[2-5][0-9][0-9])");

    private final Resources resources;
    private final Function<Resource, PropertyReader> readers;
    private final Permissions permissions;
    private final Map<String, PropertyReader> integrations = new HashMap<>();
    private final List<PropertyReader> integrationResponses = new ArrayList<>();
    private final List<PropertyReader> routeResponses = new ArrayList<>();

    ApiReader(Resources resources, Function<Resource, PropertyReader> readers, Permissions permissions) {
        this.resources = resources;
        this.readers = readers;
        this.permissions = permissions;
    }

    /**
     * Reads the API.
     *
     * @return null if the template has none
     * @throws IllegalArgumentException if its definition is invalid
     */
    @Nullable
    WebSocketApi read() {
        PropertyReader api = null;
        for (Resource resource : resources.ofType(Resources.API)) {
            PropertyReader candidate = readers.apply(resource);
            if (!resources.isWebSocket(resource)) {
                candidate.reportUnsupported("of a protocol other than WEBSOCKET");
            } else if (api == null) {
                api = candidate;
            } else {
                candidate.problem("", "is a second WebSocket API; the embedded stack has one");
            }
        }
        if (api == null) {
            return null;
        }
        String stage = stage(api);
        parts(Resources.INTEGRATION).forEach(integration -> integrations.put(integration.resource(), integration));
        integrationResponses.addAll(parts(INTEGRATION_RESPONSE));
        routeResponses.addAll(parts(ROUTE_RESPONSE));
        WebSocketApi.Builder built = WebSocketApi.builder()
                .apiId(DeploymentTarget.API_ID)
                .stage(stage)
                .routeSelectionExpression(api.text("RouteSelectionExpression", "$request.body.action"));
        api.irrelevant("Name", "ProtocolType", "Description", "Tags", "PropagateTags");
        AuthorizerReader authorizers = new AuthorizerReader(parts(Resources.AUTHORIZER), resources, permissions);
        parts(Resources.ROUTE).forEach(route -> addRoute(built, route, stage, authorizers));
        authorizers.finish();
        finish(api);
        return built.build();
    }

    private void finish(PropertyReader api) {
        api.finish();
        integrations.values().forEach(PropertyReader::finish);
        integrationResponses.forEach(PropertyReader::finish);
        routeResponses.forEach(PropertyReader::finish);
    }

    /** Returns the resources of a type that belong to this API; others are reported as unsupported. */
    private List<PropertyReader> parts(String type) {
        List<PropertyReader> parts = new ArrayList<>();
        for (Resource resource : resources.ofType(type)) {
            PropertyReader part = readers.apply(resource);
            if (part.required("ApiId").equals(DeploymentTarget.API_ID)) {
                parts.add(part);
            } else {
                part.reportUnsupported("of another API");
            }
        }
        return parts;
    }

    private String stage(PropertyReader api) {
        List<PropertyReader> stages = parts(Resources.STAGE);
        if (stages.isEmpty()) {
            api.problem("", "has no AWS::ApiGatewayV2::Stage, and could not be reached");
            return "local";
        }
        stages.stream().skip(1).forEach(stage -> stage.reportUnsupported("after the first"));
        PropertyReader stage = stages.get(0);
        stage.irrelevant("AutoDeploy", "DeploymentId", "Description", "Tags");
        String name = stage.required("StageName");
        stage.finish();
        return name;
    }

    private void addRoute(WebSocketApi.Builder api, PropertyReader route, String stage, AuthorizerReader authorizers) {
        String key = route.required("RouteKey");
        String target = route.required("Target");
        // The expression selects one of several responses; the only possible one is
        // $default.
        boolean answers = routeResponses.stream()
                .anyMatch(response -> route.resource().equals(response.text("RouteId"))
                        && "$default".equals(response.text("RouteResponseKey")));
        route.irrelevant("OperationName", "RouteResponseSelectionExpression");
        if (route.flag("ApiKeyRequired", false)) {
            route.reportUnsupported("ApiKeyRequired");
        }
        LambdaAuthorizer authorizer = authorizers.of(route, key);
        if (authorizer != null) {
            api.authorizer(authorizer);
        }
        PropertyReader integration = integrations.get(target.replaceFirst("^integrations/", ""));
        RouteTarget leads = integration == null ? null : target(integration);
        if (integration == null) {
            route.problem("Target", "is '" + target + "'. Allowed: integrations/ and one of " + integrations.keySet());
        } else if (leads == null) {
            route.reportUnsupported("to an integration of the type " + integration.text("IntegrationType"));
        } else {
            if (leads instanceof RouteTarget.LambdaProxy lambda) {
                permissions.check(
                        route,
                        "Target",
                        lambda.functionName(),
                        "apigateway",
                        resources.target().routeArn(stage, key));
            }
            var unused = answers ? api.routeWithResponse(key, leads) : api.route(key, leads);
        }
        route.finish();
    }

    private @Nullable RouteTarget target(PropertyReader integration) {
        integration.irrelevant("Description", "IntegrationMethod", "PayloadFormatVersion");
        return switch (integration.required("IntegrationType")) {
            case "AWS_PROXY" -> new RouteTarget.LambdaProxy(function(integration));
            case "MOCK" -> mock(integration);
            default -> null;
        };
    }

    private static String function(PropertyReader integration) {
        String uri = integration.required("IntegrationUri");
        Matcher invocations = INVOCATIONS.matcher(uri);
        // SAM's own WebSocket API contains the function's ARN only.
        return FunctionReader.shortName(invocations.matches() ? invocations.group("function") : uri);
    }

    /** The request template produces a status, which selects the integration's response, which contains the answer. */
    private RouteTarget mock(PropertyReader integration) {
        PropertyReader requests = integration.object("RequestTemplates");
        Matcher status = STATUS.matcher(template(integration, requests));
        if (!status.find()) {
            integration.problem("RequestTemplates", "must make {\"statusCode\":200}, which chooses the response");
            return new RouteTarget.Mock("");
        }
        String key = "/" + status.group("status") + "/";
        PropertyReader fallback = null;
        for (PropertyReader response : integrationResponses) {
            if (integration.resource().equals(response.text("IntegrationId"))) {
                String responseKey = response.required("IntegrationResponseKey");
                if (responseKey.equals(key)) {
                    return new RouteTarget.Mock(template(response, response.object("ResponseTemplates")));
                }
                fallback = responseKey.equals("$default") ? response : fallback;
            }
        }
        return new RouteTarget.Mock(fallback == null ? "" : template(fallback, fallback.object("ResponseTemplates")));
    }

    private static String template(PropertyReader owner, PropertyReader templates) {
        templates.names().forEach(templates::irrelevant);
        String selected = templates.text(owner.text("TemplateSelectionExpression", "$default"));
        return selected == null ? templates.text("$default", "") : selected;
    }
}
