package io.github.visitorcounter.embeddedstack.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.embeddedstack.lambda.InvocationResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Runs the API's Lambda authorizer, if it has one, and decides whether {@code $connect} may run. */
final class Authorization {

    private static final Logger LOG = LoggerFactory.getLogger(Authorization.class);
    /** A function that throws an exception with this message results in 401, as AWS documents. */
    private static final String UNAUTHORIZED_ERROR = "\"errorMessage\":\"Unauthorized\"";

    private final WebSocketApi api;
    private final String methodArn;
    private final Events events;
    private final Integrations integrations;

    Authorization(WebSocketApi api, String apiArn, Events events, Integrations integrations) {
        this.api = api;
        this.methodArn = apiArn + "/" + api.stage() + "/" + WebSocketApi.CONNECT;
        this.events = events;
        this.integrations = integrations;
    }

    sealed interface Decision {}

    /** {@code authorizer} is the object in later events; null without an authorizer. */
    record Allowed(@Nullable ObjectNode authorizer) implements Decision {}

    /** The statuses, error types and messages are those of API Gateway's gateway responses. */
    enum Rejected implements Decision {
        NOT_IDENTIFIED(401, "UnauthorizedException", "Unauthorized"),
        EXPLICIT_DENY(
                403, "AccessDeniedException", "User is not authorized to access this resource with an explicit deny"),
        IMPLICIT_DENY(403, "AccessDeniedException", "User is not authorized to access this resource"),
        BROKEN(500, "AuthorizerConfigurationException", "Internal server error");

        final int status;
        final String errorType;
        final String message;

        Rejected(int status, String errorType, String message) {
            this.status = status;
            this.errorType = errorType;
            this.message = message;
        }
    }

    /** Never completes exceptionally. */
    CompletableFuture<Decision> decide(Handshake handshake) {
        LambdaAuthorizer authorizer = api.authorizer().orElse(null);
        if (authorizer == null) {
            return CompletableFuture.completedFuture(new Allowed(null));
        }
        if (!authorizer.identifies(handshake.headers(), handshake.query())) {
            return CompletableFuture.completedFuture(Rejected.NOT_IDENTIFIED);
        }
        long start = System.nanoTime();
        return integrations
                .invoke(
                        authorizer.functionName(),
                        events.authorizer(handshake, methodArn).json())
                .handle((result, failure) -> result == null
                        ? broken(authorizer, "could not be invoked: " + failure)
                        : decision(authorizer, result, Duration.ofNanos(System.nanoTime() - start)));
    }

    private Decision decision(LambdaAuthorizer authorizer, InvocationResult result, Duration latency) {
        if (result.failed()) {
            return result.payload().contains(UNAUTHORIZED_ERROR)
                    ? Rejected.NOT_IDENTIFIED
                    : broken(authorizer, "failed: " + result.payload());
        }
        AuthorizerResult answer;
        try {
            answer = AuthorizerResult.parse(result.payload());
        } catch (IllegalArgumentException e) {
            return broken(authorizer, "answered what API Gateway can't use. The answer " + e.getMessage());
        }
        return switch (answer.of(methodArn)) {
            case EXPLICIT_DENY -> Rejected.EXPLICIT_DENY;
            case IMPLICIT_DENY -> Rejected.IMPLICIT_DENY;
            case ALLOW ->
                new Allowed(answer.context()
                        .put("principalId", answer.principalId())
                        .put("integrationLatency", latency.toMillis()));
        };
    }

    private static Decision broken(LambdaAuthorizer authorizer, String problem) {
        LOG.warn("The authorizer {} {}", authorizer.functionName(), problem);
        return Rejected.BROKEN;
    }
}
