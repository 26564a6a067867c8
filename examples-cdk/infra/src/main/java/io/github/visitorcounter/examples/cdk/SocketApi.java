package io.github.visitorcounter.examples.cdk;

import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.apigatewayv2.CfnIntegration;
import software.amazon.awscdk.services.apigatewayv2.CfnIntegrationResponse;
import software.amazon.awscdk.services.apigatewayv2.CfnRoute;
import software.amazon.awscdk.services.apigatewayv2.CfnRouteResponse;
import software.amazon.awscdk.services.apigatewayv2.WebSocketApi;
import software.amazon.awscdk.services.apigatewayv2.WebSocketStage;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.Permission;
import software.constructs.Construct;

import java.util.Map;

/**
 * The WebSocket API with its stage.
 *
 * <p>Routes are made of their parts rather than with {@code WebSocketLambdaIntegration}, which allows invoking the function
 * from every stage, and because the CDK has no construct for the answer of a MOCK integration.
 */
final class SocketApi extends Construct {

    private static final String STAGE = "prod";

    private final Stack stack;
    private final WebSocketApi api;
    private final WebSocketStage stage;

    SocketApi(Construct scope, String id) {
        super(scope, id);
        this.stack = Stack.of(this);
        this.api = WebSocketApi.Builder.create(this, "Api")
                .apiName(stack.getStackName())
                // Because clients name the route of a message as {"action":"ping"}.
                .routeSelectionExpression("$request.body.action")
                .build();
        this.stage = WebSocketStage.Builder.create(this, "Stage")
                .webSocketApi(api)
                .stageName(STAGE)
                .autoDeploy(true)
                .build();
    }

    /** Not the stage's own attribute: with that the functions would wait for the stage, and the stage for the functions. */
    String callbackUrl() {
        return "https://" + host();
    }

    String socketUrl() {
        return "wss://" + host();
    }

    /** What posting to this stage's connections is allowed on. */
    String connectionsArn() {
        return arn("POST/@connections/*");
    }

    /** Adds a route that invokes a function. */
    void route(String key, Alias function) {
        String name = key.substring(1);
        CfnIntegration integration = CfnIntegration.Builder.create(this, name + "Integration")
                .apiId(api.getApiId())
                .integrationType("AWS_PROXY")
                .integrationUri("arn:" + stack.getPartition() + ":apigateway:" + stack.getRegion()
                        + ":lambda:path/2015-03-31/functions/" + function.getFunctionArn() + "/invocations")
                .build();
        publish(CfnRoute.Builder.create(this, name + "Route")
                .apiId(api.getApiId())
                .routeKey(key)
                .target("integrations/" + integration.getRef())
                .build());
        function.addPermission(
                "Route",
                Permission.builder()
                        .principal(new ServicePrincipal("apigateway.amazonaws.com"))
                        .sourceArn(arn(key))
                        .build());
    }

    /** Adds the route that keeps a quiet connection open, and costs no function. */
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
        CfnRoute route = CfnRoute.Builder.create(this, "PingRoute")
                .apiId(api.getApiId())
                .routeKey("ping")
                .target("integrations/" + integration.getRef())
                // Because without this and the route response below the answer would not reach the client.
                .routeResponseSelectionExpression("$default")
                .build();
        publish(route);
        publish(CfnRouteResponse.Builder.create(this, "PingRouteResponse")
                .apiId(api.getApiId())
                .routeId(route.getRef())
                .routeResponseKey("$default")
                .build());
    }

    /** Because a stage serves what existed when it was deployed. */
    private void publish(Construct part) {
        stage.getNode().addDependency(part);
    }

    private String host() {
        return api.getApiId() + ".execute-api." + stack.getRegion() + "." + stack.getUrlSuffix() + "/" + STAGE;
    }

    private String arn(String path) {
        return stack.formatArn(ArnComponents.builder()
                .service("execute-api")
                .resource(api.getApiId())
                .resourceName(STAGE + "/" + path)
                .build());
    }
}
