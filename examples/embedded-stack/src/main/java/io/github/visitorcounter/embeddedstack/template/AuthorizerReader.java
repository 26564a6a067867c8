package io.github.visitorcounter.embeddedstack.template;

import io.github.visitorcounter.embeddedstack.gateway.LambdaAuthorizer;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;

/** Reads {@code AWS::ApiGatewayV2::Authorizer}, and finds the authorizer of a route. */
final class AuthorizerReader {

    private final Map<String, PropertyReader> authorizers = new HashMap<>();
    private final Resources resources;
    private final Permissions permissions;

    AuthorizerReader(List<PropertyReader> ofTheApi, Resources resources, Permissions permissions) {
        ofTheApi.forEach(authorizer -> authorizers.put(authorizer.resource(), authorizer));
        this.resources = resources;
        this.permissions = permissions;
    }

    /** Returns the authorizer of a route, or null if it has none or if it is not emulated, which is reported. */
    @Nullable
    LambdaAuthorizer of(PropertyReader route, String routeKey) {
        String type = route.text("AuthorizationType", "NONE");
        String id = route.text("AuthorizerId");
        if (type.equals("NONE")) {
            return null;
        }
        if (!routeKey.equals(WebSocketApi.CONNECT)) {
            // AWS would not deploy it.
            route.problem("AuthorizationType", "is " + type + ". Authorization is restricted to the $connect route.");
            return null;
        }
        if (!type.equals("CUSTOM")) {
            route.reportUnsupported("AuthorizationType " + type);
            return null;
        }
        PropertyReader authorizer = id == null ? null : authorizers.get(id);
        if (authorizer == null) {
            route.problem("AuthorizerId", "is '" + id + "'. Allowed: one of " + authorizers.keySet());
            return null;
        }
        return read(authorizer);
    }

    private LambdaAuthorizer read(PropertyReader authorizer) {
        authorizer.irrelevant("Name");
        String type = authorizer.required("AuthorizerType");
        if (!type.equals("REQUEST")) {
            authorizer.problem("AuthorizerType", "is '" + type + "'. Allowed for a WebSocket API: REQUEST");
        }
        if (authorizer.number("AuthorizerResultTtlInSeconds", 0) != 0) {
            authorizer.problem("AuthorizerResultTtlInSeconds", "can't be set for a WebSocket API");
        }
        String uri = authorizer.required("AuthorizerUri");
        Matcher invocations = ApiReader.INVOCATIONS.matcher(uri);
        String function = FunctionReader.shortName(invocations.matches() ? invocations.group("function") : uri);
        if (authorizer.text("AuthorizerCredentialsArn") == null) {
            permissions.check(
                    authorizer,
                    "AuthorizerUri",
                    function,
                    "apigateway",
                    resources.target().authorizerArn(authorizer.resource()));
        }
        List<String> sources = new ArrayList<>();
        for (String source : authorizer.texts("IdentitySource")) {
            if (LambdaAuthorizer.isEmulated(source)) {
                sources.add(source);
            } else {
                authorizer.reportUnsupported("IdentitySource " + source);
            }
        }
        return new LambdaAuthorizer(function, sources);
    }

    /** Reports properties that were not read. */
    void finish() {
        authorizers.values().forEach(PropertyReader::finish);
    }
}
