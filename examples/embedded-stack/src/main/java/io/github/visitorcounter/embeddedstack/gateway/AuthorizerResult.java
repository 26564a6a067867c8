package io.github.visitorcounter.embeddedstack.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.embeddedstack.access.Policy.Statement;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The result of a Lambda authorizer.
 *
 * @param principalId the id of the caller
 * @param allowed the policy's statements with the effect {@code Allow}
 * @param denied the policy's statements with the effect {@code Deny}
 * @param context the values for later events; each a string, number or boolean
 */
record AuthorizerResult(String principalId, List<Statement> allowed, List<Statement> denied, ObjectNode context) {

    /** The maximum size of an authorizer's result, a fixed quota of AWS. */
    static final int MAX_BYTES = 8 * 1024;

    private static final String INVOKE = "execute-api:Invoke";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** The effect of a policy on a request. */
    enum Effect {
        ALLOW,
        /** No statement applies. */
        IMPLICIT_DENY,
        EXPLICIT_DENY
    }

    /**
     * Reads a function's answer.
     *
     * @throws IllegalArgumentException if API Gateway could not use it; the message states the reason
     */
    static AuthorizerResult parse(String payload) {
        int bytes = payload.getBytes(StandardCharsets.UTF_8).length;
        require(bytes <= MAX_BYTES, "has " + bytes + " bytes. Allowed: up to " + MAX_BYTES);
        JsonNode json;
        try {
            json = JSON.readTree(payload);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is not JSON: " + e.getOriginalMessage());
        }
        JsonNode principalId = json.path("principalId");
        require(principalId.isTextual(), "needs a string principalId");
        JsonNode document = json.path("policyDocument");
        require(document.isObject(), "needs an object policyDocument");
        List<Statement> allowed = new ArrayList<>();
        List<Statement> denied = new ArrayList<>();
        for (JsonNode statement : oneOrMany(document.path("Statement"))) {
            String effect = statement.path("Effect").asText();
            require(
                    effect.equals("Allow") || effect.equals("Deny"),
                    "has a statement with the Effect '" + effect + "'. Allowed: Allow and Deny");
            for (String unsupported : List.of("NotAction", "NotResource", "Condition")) {
                // Ignoring it could accept a connection that AWS rejects.
                require(
                        !statement.has(unsupported),
                        "has a statement with " + unsupported + ", which the embedded stack does not evaluate");
            }
            (effect.equals("Allow") ? allowed : denied)
                    .add(new Statement(texts(statement, "Action"), texts(statement, "Resource")));
        }
        return new AuthorizerResult(principalId.asText(), allowed, denied, context(json.path("context")));
    }

    Effect of(String methodArn) {
        if (denied.stream().anyMatch(statement -> statement.matches(INVOKE, methodArn))) {
            return Effect.EXPLICIT_DENY;
        }
        return allowed.stream().anyMatch(statement -> statement.matches(INVOKE, methodArn))
                ? Effect.ALLOW
                : Effect.IMPLICIT_DENY;
    }

    private static ObjectNode context(JsonNode context) {
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        if (context.isMissingNode() || context.isNull()) {
            return values;
        }
        require(context.isObject(), "needs an object context, if any");
        context.fieldNames().forEachRemaining(name -> {
            JsonNode value = context.path(name);
            require(
                    value.isTextual() || value.isNumber() || value.isBoolean(),
                    "has " + name + " in its context, which is neither a string, nor a number, nor a boolean");
            values.set(name, value);
        });
        return values;
    }

    private static List<String> texts(JsonNode statement, String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode text : oneOrMany(statement.path(name))) {
            require(text.isTextual(), "has a statement whose " + name + " is not a string");
            texts.add(text.asText());
        }
        require(!texts.isEmpty(), "has a statement without " + name);
        return texts;
    }

    private static Iterable<JsonNode> oneOrMany(JsonNode node) {
        if (node.isArray()) {
            return node;
        }
        return node.isMissingNode() ? List.of() : List.of(node);
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalArgumentException(problem);
        }
    }
}
