package io.github.visitorcounter.embeddedstack.template;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The resources of a template, and the values of references to them in the embedded stack. */
final class Resources implements Intrinsics.References {

    static final String TABLE = "AWS::DynamoDB::Table";
    static final String FUNCTION = "AWS::Lambda::Function";
    static final String ALIAS = "AWS::Lambda::Alias";
    static final String API = "AWS::ApiGatewayV2::Api";
    static final String STAGE = "AWS::ApiGatewayV2::Stage";
    static final String ROUTE = "AWS::ApiGatewayV2::Route";
    static final String AUTHORIZER = "AWS::ApiGatewayV2::Authorizer";
    static final String INTEGRATION = "AWS::ApiGatewayV2::Integration";
    static final String RULE = "AWS::Events::Rule";
    static final String DISTRIBUTION = "AWS::CloudFront::Distribution";
    static final String ROLE = "AWS::IAM::Role";
    static final String FUNCTION_URL = "AWS::Lambda::Url";
    static final String MANAGED_POLICY = "AWS::IAM::ManagedPolicy";

    private final Map<String, Resource> resources = new LinkedHashMap<>();
    private final DeploymentTarget target;
    private final Intrinsics intrinsics;

    /**
     * Creates an instance.
     *
     * @param target the region, account and stack name for ARNs
     * @param parameters values of parameters and pseudo parameters
     * @param imports the values of {@code Fn::ImportValue} by the name of the export
     * @param template the template, for its conditions and mappings
     */
    Resources(
            List<Resource> resources,
            DeploymentTarget target,
            Map<String, Object> parameters,
            Map<String, String> imports,
            Map<String, Object> template) {
        resources.forEach(resource -> this.resources.put(resource.id(), resource));
        this.target = target;
        this.intrinsics = new Intrinsics(
                parameters, Nodes.section(template, "Conditions"), Nodes.section(template, "Mappings"), imports, this);
    }

    Intrinsics intrinsics() {
        return intrinsics;
    }

    DeploymentTarget target() {
        return target;
    }

    List<Resource> ofType(String type) {
        return resources.values().stream()
                .filter(resource -> resource.type().equals(type))
                .toList();
    }

    List<Resource> all() {
        return List.copyOf(resources.values());
    }

    @Override
    public boolean has(String resource) {
        return resources.containsKey(resource);
    }

    @Override
    public @Nullable String ref(String id) {
        Resource resource = get(id);
        return switch (resource.type()) {
            case TABLE -> name(resource, "TableName");
            case FUNCTION -> name(resource, "FunctionName");
            case ALIAS -> target.functionArn(text(resource, "FunctionName")) + ":" + text(resource, "Name");
            case API -> isWebSocket(resource) ? DeploymentTarget.API_ID : null;
            case STAGE -> text(resource, "StageName");
            case ROUTE, INTEGRATION, AUTHORIZER -> id;
            case ROLE -> name(resource, "RoleName");
            case RULE -> name(resource, "Name");
            case MANAGED_POLICY -> target.iamArn("policy", name(resource, "ManagedPolicyName"));
            default -> null;
        };
    }

    @Override
    public @Nullable String attribute(String id, String attribute) {
        Resource resource = get(id);
        return switch (resource.type() + " " + attribute) {
            case TABLE + " Arn" -> target.tableArn(name(resource, "TableName"));
            case TABLE + " StreamArn" -> target.tableArn(name(resource, "TableName")) + "/stream/local";
            case FUNCTION + " Arn" -> target.functionArn(name(resource, "FunctionName"));
            case API + " ApiId" -> isWebSocket(resource) ? DeploymentTarget.API_ID : null;
            case API + " ApiEndpoint" -> isWebSocket(resource) ? "wss://" + target.apiHost() : null;
            case AUTHORIZER + " AuthorizerId" -> id;
            case RULE + " Arn" -> target.ruleArn(name(resource, "Name"));
            case DISTRIBUTION + " DomainName" -> DeploymentTarget.PAGE_HOST;
            case FUNCTION_URL + " FunctionUrl" -> "https://" + DeploymentTarget.PAGE_HOST + "/";
            case ROLE + " Arn" -> target.iamArn("role", name(resource, "RoleName"));
            default -> null;
        };
    }

    boolean isWebSocket(Resource api) {
        return text(api, "ProtocolType").equals("WEBSOCKET");
    }

    private Resource get(String id) {
        Resource resource = resources.get(id);
        if (resource == null) {
            throw new IllegalArgumentException("refers to " + id + ", which the template does not have");
        }
        return resource;
    }

    /** Returns the physical name; the default, which CloudFormation would generate, is the logical id. */
    private String name(Resource resource, String property) {
        return resource.properties().containsKey(property) ? text(resource, property) : resource.id();
    }

    /** FunctionName may also be an ARN. */
    private String text(Resource resource, String property) {
        String text = Nodes.text(intrinsics.resolve(resource.properties().get(property)));
        return text.substring(text.lastIndexOf(":function:") < 0 ? 0 : text.lastIndexOf(":function:") + 10);
    }
}
