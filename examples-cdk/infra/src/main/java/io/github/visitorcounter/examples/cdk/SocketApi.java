package io.github.visitorcounter.examples.cdk;

import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.apigatewayv2.CfnApiMapping;
import software.amazon.awscdk.services.apigatewayv2.CfnDomainName;
import software.amazon.awscdk.services.apigatewayv2.CfnIntegration;
import software.amazon.awscdk.services.apigatewayv2.CfnIntegrationResponse;
import software.amazon.awscdk.services.apigatewayv2.CfnRoute;
import software.amazon.awscdk.services.apigatewayv2.CfnRouteResponse;
import software.amazon.awscdk.services.apigatewayv2.CfnStage;
import software.amazon.awscdk.services.apigatewayv2.WebSocketApi;
import software.amazon.awscdk.services.apigatewayv2.WebSocketStage;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.Permission;
import software.constructs.Construct;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The WebSocket API with its stage.
 *
 * <p>Routes are made of their parts rather than with {@code WebSocketLambdaIntegration}, which allows invoking the
 * function from every stage, and because the CDK has no construct for the answer of a MOCK integration.
 */
final class SocketApi extends Construct {

    private static final String STAGE = "prod";

    /**
     * Without these, a program with one open socket could send 10,000 messages a second, the account's quota, at $36 an
     * hour. The element sends a ping every nine quiet minutes: 500 a second are enough for 270,000 quiet connections.
     * $connect and $disconnect are limited by the account's quota only.
     */
    private static final Map<String, Object> ROUTE_SETTINGS = Map.of(
            "ping", Map.of("ThrottlingRateLimit", 500, "ThrottlingBurstLimit", 1000),
            "count", Map.of("ThrottlingRateLimit", 100, "ThrottlingBurstLimit", 200),
            "$default", Map.of("ThrottlingRateLimit", 100, "ThrottlingBurstLimit", 200));

    private final Stack stack;
    private final WebSocketApi api;
    private final WebSocketStage stage;
    private final Optional<SocketDomain> domain;

    SocketApi(Construct scope, String id, Optional<SocketDomain> domain) {
        super(scope, id);
        this.stack = Stack.of(this);
        this.api = WebSocketApi.Builder.create(this, "Api")
                .apiName(stack.getStackName())
                // Clients name the route of a message as {"action":"ping"}.
                .routeSelectionExpression("$request.body.action")
                .build();
        this.stage = WebSocketStage.Builder.create(this, "Stage")
                .webSocketApi(api)
                .stageName(STAGE)
                .autoDeploy(true)
                .build();
        ((CfnStage) stage.getNode().getDefaultChild()).setRouteSettings(ROUTE_SETTINGS);
        this.domain = domain;
        domain.ifPresent(this::map);
    }

    /**
     * Not the stage's own attribute: with that the functions would wait for the stage, and the stage for the functions.
     */
    String callbackUrl() {
        return "https://" + host() + "/" + STAGE;
    }

    String socketUrl() {
        return "wss://" + socketHost() + (domain.isPresent() ? "" : "/" + STAGE);
    }

    String socketHost() {
        return domain.map(SocketDomain::name).orElseGet(this::host);
    }

    /**
     * What a call about this stage's connections is allowed on.
     *
     * @param method {@code POST} to send, {@code GET} to ask whether they are there
     */
    String connectionsArn(String method) {
        return arn(method + "/@connections/*");
    }

    /** Adds a route that invokes a function. */
    void route(String key, Alias function) {
        String name = key.substring(1);
        CfnIntegration integration = proxy(name + "Integration", function);
        publish(CfnRoute.Builder.create(this, name + "Route")
                .apiId(api.getApiId())
                .routeKey(key)
                .target("integrations/" + integration.getRef())
                .build());
        allow("Route", key, function);
    }

    /** Adds the routes {@code count} and {@code $default}; API Gateway sends the function's answers to the page. */
    void messages(Alias function) {
        CfnIntegration integration = proxy("MessageIntegration", function);
        Map.of("Count", "count", "Default", "$default").forEach((name, key) -> {
            answered(name, key, integration);
            // Not the name alone: the CDK leaves Default out of logical ids.
            allow(name + "Route", key, function);
        });
    }

    private CfnIntegration proxy(String id, Alias function) {
        return CfnIntegration.Builder.create(this, id)
                .apiId(api.getApiId())
                .integrationType("AWS_PROXY")
                .integrationUri("arn:" + stack.getPartition() + ":apigateway:" + stack.getRegion()
                        + ":lambda:path/2015-03-31/functions/" + function.getFunctionArn() + "/invocations")
                .build();
    }

    private void allow(String id, String key, Alias function) {
        function.addPermission(
                id,
                Permission.builder()
                        .principal(new ServicePrincipal("apigateway.amazonaws.com"))
                        .sourceArn(arn(key))
                        .build());
    }

    private void answered(String name, String key, CfnIntegration integration) {
        CfnRoute route = CfnRoute.Builder.create(this, name + "Route")
                .apiId(api.getApiId())
                .routeKey(key)
                .target("integrations/" + integration.getRef())
                // Without this and the route response below, the client gets no answer.
                .routeResponseSelectionExpression("$default")
                .build();
        publish(route);
        publish(CfnRouteResponse.Builder.create(this, name + "RouteResponse")
                .apiId(api.getApiId())
                .routeId(route.getRef())
                .routeResponseKey("$default")
                .build());
    }

    /** Adds the route that keeps a quiet connection open, without a function. */
    void ping() {
        CfnIntegration integration = CfnIntegration.Builder.create(this, "PingIntegration")
                .apiId(api.getApiId())
                .integrationType("MOCK")
                .templateSelectionExpression("200")
                .requestTemplates(Map.of("200", "{\"statusCode\":200}"))
                .build();
        publish(CfnIntegrationResponse.Builder.create(this, "PingIntegrationResponse")
                .apiId(api.getApiId())
                .integrationId(integration.getRef())
                .integrationResponseKey("/200/")
                .templateSelectionExpression("200")
                .responseTemplates(Map.of("200", "{\"type\":\"pong\"}"))
                .build());
        answered("Ping", "ping", integration);
    }

    private void map(SocketDomain domain) {
        CfnDomainName name = CfnDomainName.Builder.create(this, "DomainName")
                .domainName(domain.name())
                .domainNameConfigurations(List.of(CfnDomainName.DomainNameConfigurationProperty.builder()
                        .certificateArn(domain.certificateArn())
                        .endpointType("REGIONAL")
                        .securityPolicy("TLS_1_2")
                        .build()))
                .build();
        CfnApiMapping.Builder.create(this, "DomainMapping")
                .apiId(api.getApiId())
                .domainName(name.getRef())
                // The resource's own reference, because the mapping must wait for the stage.
                .stage(((CfnStage) stage.getNode().getDefaultChild()).getRef())
                .build();
        CfnOutput.Builder.create(stack, "SocketDomainTarget")
                .description("The target of the CNAME record of the socket's domain")
                .value(name.getAttrRegionalDomainName())
                .build();
    }

    /**
     * A stage serves the routes that existed when it was deployed, and its route settings may only name existing
     * routes.
     */
    private void publish(Construct part) {
        stage.getNode().addDependency(part);
    }

    private String host() {
        return api.getApiId() + ".execute-api." + stack.getRegion() + "." + stack.getUrlSuffix();
    }

    private String arn(String path) {
        return stack.formatArn(ArnComponents.builder()
                .service("execute-api")
                .resource(api.getApiId())
                .resourceName(STAGE + "/" + path)
                .build());
    }
}
