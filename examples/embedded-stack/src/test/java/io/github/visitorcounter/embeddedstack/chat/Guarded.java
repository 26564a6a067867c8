package io.github.visitorcounter.embeddedstack.chat;

import java.util.List;
import java.util.Map;

/** An API with an authorizer that could be deployed to AWS: plain methods, and maps for the events. */
public final class Guarded {

    /** The authorizer: the token is the caller's id; {@code nobody} is rejected. */
    public Map<String, Object> authorize(Map<String, Object> event) {
        Object token = ((Map<?, ?>) event.get("queryStringParameters")).get("token");
        if ("broken".equals(token)) {
            throw new IllegalStateException("The identity provider does not answer");
        }
        if ("expired".equals(token)) {
            throw new IllegalArgumentException("Unauthorized");
        }
        return Map.of(
                "principalId",
                token,
                "policyDocument",
                Map.of(
                        "Version",
                        "2012-10-17",
                        "Statement",
                        List.of(Map.of(
                                "Action",
                                "execute-api:Invoke",
                                "Effect",
                                "nobody".equals(token) ? "Deny" : "Allow",
                                "Resource",
                                event.get("methodArn")))),
                "context",
                Map.of("tenant", "acme"));
    }

    /** {@code $connect} and {@code $default}: answers with the authorizer's result. */
    public Map<String, Object> enter(Map<String, Object> event) {
        Map<?, ?> authorizer = (Map<?, ?>) ((Map<?, ?>) event.get("requestContext")).get("authorizer");
        return Map.of(
                "statusCode",
                200,
                "body",
                "{\"principalId\":\"" + authorizer.get("principalId") + "\",\"tenant\":\"" + authorizer.get("tenant")
                        + "\"}");
    }
}
