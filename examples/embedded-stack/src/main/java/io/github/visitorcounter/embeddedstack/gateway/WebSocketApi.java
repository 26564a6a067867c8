package io.github.visitorcounter.embeddedstack.gateway;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The definition of a WebSocket API: one stage, its routes and its limits. Immutable.
 *
 * @since 0.1.0
 */
public final class WebSocketApi {

    /** The route of the handshake. */
    public static final String CONNECT = "$connect";

    /** The route of the end of a connection. */
    public static final String DISCONNECT = "$disconnect";

    /** The route of messages that match no other route. */
    public static final String DEFAULT = "$default";

    private final String stage;
    private final String apiId;
    private final RouteSelectionExpression routeSelection;
    private final Map<String, Route> routes;
    private final @Nullable LambdaAuthorizer authorizer;
    private final Duration idleTimeout;
    private final Duration maximumDuration;
    private final Duration integrationTimeout;

    private WebSocketApi(Builder builder, RouteSelectionExpression routeSelection) {
        this.stage = builder.stage;
        this.apiId = builder.apiId;
        this.routeSelection = routeSelection;
        this.routes = Map.copyOf(builder.routes);
        this.authorizer = builder.authorizer;
        this.idleTimeout = builder.idleTimeout;
        this.maximumDuration = builder.maximumDuration;
        this.integrationTimeout = builder.integrationTimeout;
    }

    /**
     * Starts a definition without routes and with API Gateway's defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The stage.
     *
     * @return the first part of the path of every URL
     */
    public String stage() {
        return stage;
    }

    /** Returns the functions of its routes and its authorizer. */
    public Set<String> functionNames() {
        Stream<String> ofRoutes = routes.values().stream()
                .map(Route::target)
                .filter(RouteTarget.LambdaProxy.class::isInstance)
                .map(target -> ((RouteTarget.LambdaProxy) target).functionName());
        return Stream.concat(ofRoutes, authorizer().map(LambdaAuthorizer::functionName).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The authorizer, which runs before {@code $connect}; empty if there is none. */
    public Optional<LambdaAuthorizer> authorizer() {
        return Optional.ofNullable(authorizer);
    }

    /** The API's id, as in events and ARNs. */
    public String apiId() {
        return apiId;
    }

    /**
     * Returns the route key that a message selects; empty if it selects none.
     *
     * @param body returns the string, number or boolean at a path of the message's JSON, or empty
     */
    public Optional<String> routeKey(Function<List<String>, Optional<String>> body) {
        return routeSelection.evaluate(body);
    }

    /** A route by its key. */
    public Optional<Route> route(String routeKey) {
        return Optional.ofNullable(routes.get(routeKey));
    }

    /** The idle timeout: the maximum time without a message in either direction. */
    public Duration idleTimeout() {
        return idleTimeout;
    }

    /** The maximum duration of a connection. */
    public Duration maximumDuration() {
        return maximumDuration;
    }

    /** The maximum duration of an integration. */
    public Duration integrationTimeout() {
        return integrationTimeout;
    }

    /**
     * A route.
     *
     * @param target its integration
     * @param answers whether the integration's response is sent to the sender of the message
     */
    public record Route(RouteTarget target, boolean answers) {}

    /** Builds a definition; {@link #build()} reports all problems at once. Not thread-safe. */
    public static final class Builder {

        private static final Pattern URL_NAME = Pattern.compile("[A-Za-z0-9_-]{1,128}");
        private static final Pattern VELOCITY = Pattern.compile(
                "\\$!?\\{?(?!context\\.)[A-Za-z]|#\\{?(set|if|elseif|else|end|foreach|include|parse|macro|stop)\\b");

        private final Map<String, Route> routes = new LinkedHashMap<>();
        private final List<String> errors = new ArrayList<>();
        private String stage = "local";
        private String apiId = "localapi01";
        private String routeSelectionExpression = "$request.body.action";
        private @Nullable LambdaAuthorizer authorizer;
        private Duration idleTimeout = Duration.ofMinutes(10);
        private Duration maximumDuration = Duration.ofHours(2);
        private Duration integrationTimeout = Duration.ofSeconds(29);

        private Builder() {}

        /**
         * Sets the stage, {@code local} if not set.
         *
         * @param newStage the first part of the path of every URL
         * @return this builder
         */
        public Builder stage(String newStage) {
            stage = newStage;
            return this;
        }

        /**
         * Sets the API's id, {@code localapi01} if not set.
         *
         * @param newApiId the {@code apiId} in events
         * @return this builder
         */
        public Builder apiId(String newApiId) {
            apiId = newApiId;
            return this;
        }

        /**
         * Sets the expression that selects the route of a message, {@code $request.body.action} if not set.
         *
         * @param expression refers to fields of the JSON body as {@code $request.body.a} or <code>${request.body.a.b}
         *     </code>, and may contain literal text; {@code \\$} stands for a dollar sign
         * @return this builder
         */
        public Builder routeSelectionExpression(String expression) {
            routeSelectionExpression = expression;
            return this;
        }

        /**
         * Adds a one-way route: the integration's response to a message is dropped.
         *
         * @param routeKey the key that messages select, or one of the three predefined keys
         * @param target its integration
         * @return this builder
         */
        public Builder route(String routeKey, RouteTarget target) {
            return add(routeKey, new Route(target, false));
        }

        /**
         * Adds a two-way route: it has the route response {@code $default}, so that the {@code body} of the function's
         * response, or the mock's template, is sent to the sender. On {@code $connect} and {@code $disconnect} it is
         * accepted and has no effect, as on AWS.
         *
         * @param routeKey the key that messages select, or {@code $default}
         * @param target its integration
         * @return this builder
         */
        public Builder routeWithResponse(String routeKey, RouteTarget target) {
            return add(routeKey, new Route(target, true));
        }

        /**
         * Sets the authorizer of {@code $connect}; none if not set.
         *
         * @param newAuthorizer runs before {@code $connect}, and accepts or rejects the handshake
         * @return this builder
         */
        public Builder authorizer(LambdaAuthorizer newAuthorizer) {
            authorizer = newAuthorizer;
            return this;
        }

        /**
         * Sets the idle timeout: the maximum time without a message in either direction.
         *
         * @param timeout default 10 minutes, the fixed value on AWS
         * @return this builder
         */
        public Builder idleTimeout(Duration timeout) {
            idleTimeout = timeout;
            return this;
        }

        /**
         * Sets the maximum duration of a connection.
         *
         * @param duration default 2 hours, the fixed value on AWS
         * @return this builder
         */
        public Builder maximumDuration(Duration duration) {
            maximumDuration = duration;
            return this;
        }

        /**
         * Sets the maximum duration of an integration.
         *
         * @param timeout at most 29 seconds, which is the default
         * @return this builder
         */
        public Builder integrationTimeout(Duration timeout) {
            integrationTimeout = timeout;
            return this;
        }

        /**
         * Checks the definition.
         *
         * @return the API
         * @throws IllegalArgumentException if the definition is invalid; the message lists every problem
         */
        public WebSocketApi build() {
            List<String> wrong = new ArrayList<>(errors);
            checkName("Stage", stage, wrong);
            checkName("API id", apiId, wrong);
            checkPositive("Idle timeout", idleTimeout, wrong);
            checkPositive("Maximum duration", maximumDuration, wrong);
            checkPositive("Integration timeout", integrationTimeout, wrong);
            if (integrationTimeout.compareTo(Duration.ofSeconds(29)) > 0) {
                wrong.add("Integration timeout is " + integrationTimeout + ". Allowed: up to PT29S, as on AWS.");
            }
            RouteSelectionExpression expression = null;
            try {
                expression = RouteSelectionExpression.parse(routeSelectionExpression);
            } catch (IllegalArgumentException e) {
                wrong.add(String.valueOf(e.getMessage()));
            }
            if (expression == null || !wrong.isEmpty()) {
                throw new IllegalArgumentException("WebSocket API: " + String.join(" ", wrong));
            }
            return new WebSocketApi(this, expression);
        }

        private Builder add(String routeKey, Route route) {
            boolean predefined = List.of(CONNECT, DISCONNECT, DEFAULT).contains(routeKey);
            if (!predefined && (routeKey.isBlank() || routeKey.startsWith("$"))) {
                errors.add("Route key \"" + routeKey
                        + "\". Allowed: $connect, $disconnect, $default, and text that does not begin with $.");
            }
            if (route.target() instanceof RouteTarget.Mock mock
                    && VELOCITY.matcher(mock.responseTemplate()).find()) {
                errors.add(
                        "Route " + routeKey + ": of the template of the mock only $context. is filled in, not other $"
                                + " references and # directives.");
            }
            if (routes.putIfAbsent(routeKey, route) != null) {
                errors.add("Route " + routeKey + " is defined twice.");
            }
            return this;
        }

        private static void checkName(String what, String name, List<String> wrong) {
            if (!URL_NAME.matcher(name).matches()) {
                wrong.add(what + " \"" + name + "\". Allowed: 1 to 128 letters, digits, - and _.");
            }
        }

        private static void checkPositive(String what, Duration duration, List<String> wrong) {
            if (duration.isZero() || duration.isNegative()) {
                wrong.add(what + " is " + duration + ". Allowed: more than zero.");
            }
        }
    }
}
