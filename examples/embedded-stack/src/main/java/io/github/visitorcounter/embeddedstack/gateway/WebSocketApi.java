package io.github.visitorcounter.embeddedstack.gateway;

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

    /** The route of the messages that fit no other. */
    public static final String DEFAULT = "$default";

    private final String stage;
    private final String apiId;
    private final RouteSelectionExpression routeSelection;
    private final Map<String, Route> routes;
    private final Duration idleTimeout;
    private final Duration maximumDuration;
    private final Duration integrationTimeout;

    private WebSocketApi(Builder builder, RouteSelectionExpression routeSelection) {
        this.stage = builder.stage;
        this.apiId = builder.apiId;
        this.routeSelection = routeSelection;
        this.routes = Map.copyOf(builder.routes);
        this.idleTimeout = builder.idleTimeout;
        this.maximumDuration = builder.maximumDuration;
        this.integrationTimeout = builder.integrationTimeout;
    }

    /**
     * Starts a definition in which everything but the routes has API Gateway's own values.
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

    /** The functions that its routes lead to. */
    public Set<String> functionNames() {
        return routes.values().stream()
                .map(Route::target)
                .filter(RouteTarget.LambdaProxy.class::isInstance)
                .map(target -> ((RouteTarget.LambdaProxy) target).functionName())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The API's id, as events and ARNs show it. */
    public String apiId() {
        return apiId;
    }

    /**
     * The route key that a message names; empty if it names none.
     *
     * @param body gives the text, number or boolean at a path of the message's JSON, or empty
     */
    public Optional<String> routeKey(Function<List<String>, Optional<String>> body) {
        return routeSelection.evaluate(body);
    }

    /** A route by its key. */
    public Optional<Route> route(String routeKey) {
        return Optional.ofNullable(routes.get(routeKey));
    }

    /** How long a connection may be without a message in either direction. */
    public Duration idleTimeout() {
        return idleTimeout;
    }

    /** How long a connection may last. */
    public Duration maximumDuration() {
        return maximumDuration;
    }

    /** How long an integration may take. */
    public Duration integrationTimeout() {
        return integrationTimeout;
    }

    /**
     * A route.
     *
     * @param target what it leads to
     * @param answers whether the integration's response goes back to the sender of the message
     */
    public record Route(RouteTarget target, boolean answers) {}

    /** Collects a definition; {@link #build()} reports everything that is wrong at once. Not thread-safe. */
    public static final class Builder {

        private static final Pattern URL_NAME = Pattern.compile("[A-Za-z0-9_-]{1,128}");
        private static final Pattern VELOCITY = Pattern.compile(
                "\\$!?\\{?(?!context\\.)[A-Za-z]|#\\{?(set|if|elseif|else|end|foreach|include|parse|macro|stop)\\b");

        private final Map<String, Route> routes = new LinkedHashMap<>();
        private final List<String> errors = new ArrayList<>();
        private String stage = "local";
        private String apiId = "localapi01";
        private String routeSelectionExpression = "$request.body.action";
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
         * @param newApiId the {@code apiId} that events carry
         * @return this builder
         */
        public Builder apiId(String newApiId) {
            apiId = newApiId;
            return this;
        }

        /**
         * Sets where messages name their route, {@code $request.body.action} if not set.
         *
         * @param expression names fields of the JSON body as {@code $request.body.a} or <code>${request.body.a.b}</code>, with
         *     text around them; {@code \\$} stands for a dollar sign
         * @return this builder
         */
        public Builder routeSelectionExpression(String expression) {
            routeSelectionExpression = expression;
            return this;
        }

        /**
         * Adds a one-way route: what the integration answers to a message is dropped.
         *
         * @param routeKey what messages name, or one of the three predefined keys
         * @param target what it leads to
         * @return this builder
         */
        public Builder route(String routeKey, RouteTarget target) {
            return add(routeKey, new Route(target, false));
        }

        /**
         * Adds a two-way route: it has the route response {@code $default}, so that the {@code body} of the function's answer, or
         * the mock's template, goes back to the sender. On {@code $connect} and {@code $disconnect} it is accepted, as on AWS, and
         * makes no difference.
         *
         * @param routeKey what messages name, or {@code $default}
         * @param target what it leads to
         * @return this builder
         */
        public Builder routeWithResponse(String routeKey, RouteTarget target) {
            return add(routeKey, new Route(target, true));
        }

        /**
         * Sets how long a connection may be without a message in either direction.
         *
         * @param timeout 10 minutes if not set, as on AWS, where it can't be changed
         * @return this builder
         */
        public Builder idleTimeout(Duration timeout) {
            idleTimeout = timeout;
            return this;
        }

        /**
         * Sets how long a connection may last.
         *
         * @param duration 2 hours if not set, as on AWS, where it can't be changed
         * @return this builder
         */
        public Builder maximumDuration(Duration duration) {
            maximumDuration = duration;
            return this;
        }

        /**
         * Sets how long an integration may take.
         *
         * @param timeout at most 29 seconds, which is also the value if not set
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
         * @throws IllegalArgumentException if anything is wrong; the message lists all of it
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
