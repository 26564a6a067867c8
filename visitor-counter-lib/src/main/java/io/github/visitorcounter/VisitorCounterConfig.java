package io.github.visitorcounter;

import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The settings of a visitor counter, resolved once at the start of a function: what code sets ({@link Builder}) goes before
 * the environment variable of the same setting, and that goes before the default. Immutable.
 *
 * <p>How to reach AWS is not configured here: the SDK's own variables do that, for instance {@code AWS_REGION} and {@code
 * AWS_ENDPOINT_URL_DYNAMODB}.
 */
public final class VisitorCounterConfig {

    /** The name of the table of connections. */
    public static final String CONNECTIONS_TABLE = "VISITOR_COUNTER_CONNECTIONS_TABLE";

    /** The name of the table of counters. */
    public static final String COUNT_TABLE = "VISITOR_COUNTER_COUNT_TABLE";

    /** The counter of a page that names none. */
    public static final String DEFAULT_COUNTER = "VISITOR_COUNTER_DEFAULT_COUNTER";

    /** The counters that a page may choose, separated by commas. */
    public static final String COUNTERS = "VISITOR_COUNTER_COUNTERS";

    /** The name or ARN of the broadcasting function. */
    public static final String BROADCAST_FUNCTION = "VISITOR_COUNTER_BROADCAST_FUNCTION";

    /** The address of the WebSocket API's stage, as {@code https://…/stage} or the custom domain's base path. */
    public static final String CALLBACK_URL = "VISITOR_COUNTER_CALLBACK_URL";

    /** How many posts are under way at once. */
    public static final String POST_CONCURRENCY = "VISITOR_COUNTER_POST_CONCURRENCY";

    /** How long a post may take, in milliseconds. */
    public static final String POST_TIMEOUT = "VISITOR_COUNTER_POST_TIMEOUT_MILLIS";

    /** How long a handshake may take, in seconds. */
    public static final String HANDSHAKE_GRACE = "VISITOR_COUNTER_HANDSHAKE_GRACE_SECONDS";

    /** The message budget of a counter, in messages per second. */
    public static final String MESSAGES_PER_SECOND = "VISITOR_COUNTER_MESSAGES_PER_SECOND";

    /** The shortest time between two broadcasts of a counter, in milliseconds. */
    public static final String MINIMUM_INTERVAL = "VISITOR_COUNTER_MINIMUM_INTERVAL_MILLIS";

    /** The audience from which on a broadcast is divided among several invocations. */
    public static final String FAN_OUT_THRESHOLD = "VISITOR_COUNTER_FAN_OUT_THRESHOLD";

    /** CloudWatch's namespace for the metrics of broadcasts; unset, there are none. */
    public static final String METRICS_NAMESPACE = "VISITOR_COUNTER_METRICS_NAMESPACE";

    /** What happens to connections that are gone: {@code delete-on-gone} or {@code keep}. */
    public static final String STALE_CONNECTIONS = "VISITOR_COUNTER_STALE_CONNECTIONS";

    private final String connectionsTable;
    private final String countTable;
    private final String defaultCounter;
    private final Set<String> counters;
    private final @Nullable String broadcastFunction;
    private final @Nullable URI callbackUrl;
    private final int postConcurrency;
    private final Duration postTimeout;
    private final Duration handshakeGrace;
    private final int messagesPerSecond;
    private final Duration minimumInterval;
    private final int fanOutThreshold;
    private final @Nullable String metricsNamespace;
    private final StaleConnectionPolicy staleConnections;

    VisitorCounterConfig(
            String connectionsTable,
            String countTable,
            String defaultCounter,
            Set<String> counters,
            @Nullable String broadcastFunction,
            @Nullable URI callbackUrl,
            int postConcurrency,
            Duration postTimeout,
            Duration handshakeGrace,
            int messagesPerSecond,
            Duration minimumInterval,
            int fanOutThreshold,
            @Nullable String metricsNamespace,
            StaleConnectionPolicy staleConnections) {
        this.connectionsTable = connectionsTable;
        this.countTable = countTable;
        this.defaultCounter = defaultCounter;
        this.counters = Set.copyOf(counters);
        this.broadcastFunction = broadcastFunction;
        this.callbackUrl = callbackUrl;
        this.postConcurrency = postConcurrency;
        this.postTimeout = postTimeout;
        this.handshakeGrace = handshakeGrace;
        this.messagesPerSecond = messagesPerSecond;
        this.minimumInterval = minimumInterval;
        this.fanOutThreshold = fanOutThreshold;
        this.metricsNamespace = metricsNamespace;
        this.staleConnections = staleConnections;
    }

    /**
     * Reads the settings from this process's environment.
     *
     * @param required the variables that must be set, among this class's constants
     * @return the settings
     * @throws InvalidConfigurationException if a variable is missing or has a value that is not allowed; it names them all
     */
    public static VisitorCounterConfig fromEnvironment(String... required) {
        return builder().environment(System.getenv()).require(required).build();
    }

    /**
     * Starts from the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the name of the table of connections: {@value #CONNECTIONS_TABLE}, default {@code ConnectionIDs}.
     *
     * @return a table's name or ARN
     */
    public String connectionsTable() {
        return connectionsTable;
    }

    /**
     * Returns the name of the table of counters: {@value #COUNT_TABLE}, default {@code VisitorCount}.
     *
     * @return a table's name or ARN
     */
    public String countTable() {
        return countTable;
    }

    /**
     * Returns the counter of a page that names none: {@value #DEFAULT_COUNTER}, default {@code site}.
     *
     * @return a counter's id
     */
    public String defaultCounter() {
        return defaultCounter;
    }

    /**
     * Returns the counters that a page may choose: {@value #COUNTERS}, default: only the default counter.
     *
     * @return the ids, always with the default counter's
     */
    public Set<String> counters() {
        return counters;
    }

    /**
     * Returns the function that {@link DisconnectHandler} invokes to announce a departure: {@value #BROADCAST_FUNCTION}, unset by
     * default. Without it the stream announces departures too.
     *
     * @return a function's name or ARN, or null
     */
    public @Nullable String broadcastFunction() {
        return broadcastFunction;
    }

    /**
     * Returns the address of the API's stage, which {@link StreamBroadcastHandler} posts to: {@value #CALLBACK_URL}, unset by
     * default.
     *
     * @return the address, or null
     */
    public @Nullable URI callbackUrl() {
        return callbackUrl;
    }

    /**
     * Returns how many posts are under way at once: {@value #POST_CONCURRENCY}, default 256.
     *
     * @return 1 to 4096
     */
    public int postConcurrency() {
        return postConcurrency;
    }

    /**
     * Returns how long one attempt to post may take: {@value #POST_TIMEOUT}, default 3 s.
     *
     * @return 100 ms to 30 s
     */
    public Duration postTimeout() {
        return postTimeout;
    }

    /**
     * Returns how long after its start a connection may answer 410 because its handshake is not finished: {@value
     * #HANDSHAKE_GRACE}, default 10 s.
     *
     * @return 0 to 60 s
     */
    public Duration handshakeGrace() {
        return handshakeGrace;
    }

    /**
     * Returns the message budget of each counter, retries and newcomers included: {@value #MESSAGES_PER_SECOND}, default 100,
     * which is at most $8.64 a day at $1 per million messages. Up to one minute's worth is saved while nothing happens.
     *
     * @return 1 to 10,000
     * @see <a href="https://aws.amazon.com/api-gateway/pricing/">API Gateway prices</a>
     */
    public int messagesPerSecond() {
        return messagesPerSecond;
    }

    /**
     * Returns the shortest time between two broadcasts of a counter: {@value #MINIMUM_INTERVAL}, default 250 ms.
     *
     * @return 0 to 60 s
     */
    public Duration minimumInterval() {
        return minimumInterval;
    }

    /**
     * Returns the audience from which on a broadcast is divided among several invocations of the function: {@value
     * #FAN_OUT_THRESHOLD}, default 2,000. Each of them tells about as many.
     *
     * @return 1 to 1,000,000
     */
    public int fanOutThreshold() {
        return fanOutThreshold;
    }

    /**
     * Returns the namespace of the metrics that each broadcast writes as a line of its log: {@value #METRICS_NAMESPACE}, unset
     * by default.
     *
     * @return a CloudWatch namespace, or null
     */
    public @Nullable String metricsNamespace() {
        return metricsNamespace;
    }

    /**
     * Returns what happens to older connections that answer 410: {@value #STALE_CONNECTIONS}, default {@link
     * StaleConnectionPolicy#DELETE_ON_GONE}.
     *
     * @return the policy
     */
    public StaleConnectionPolicy staleConnections() {
        return staleConnections;
    }

    URI requireCallbackUrl() {
        if (callbackUrl == null) {
            throw new InvalidConfigurationException(List.of(CALLBACK_URL + " is not set: where to post is not known"));
        }
        return callbackUrl;
    }

    /** Collects settings: those set here go before the environment's. Not thread-safe. */
    public static final class Builder {

        private final Map<String, String> overrides = new HashMap<>();
        private Map<String, String> environment = Map.of();
        private Set<String> required = Set.of();
        private @Nullable StaleConnectionPolicy staleConnections;

        private Builder() {}

        /**
         * Sets the environment that fills what this builder does not set.
         *
         * @param variables variables by name
         * @return this builder
         */
        public Builder environment(Map<String, String> variables) {
            this.environment = Map.copyOf(variables);
            return this;
        }

        /**
         * Demands that settings without a default are set.
         *
         * @param variables their variables' names, among the constants of {@link VisitorCounterConfig}
         * @return this builder
         */
        public Builder require(String... variables) {
            this.required = Set.of(variables);
            return this;
        }

        /**
         * Sets {@link VisitorCounterConfig#connectionsTable()}.
         *
         * @param name a table's name or ARN
         * @return this builder
         */
        public Builder connectionsTable(String name) {
            return set(CONNECTIONS_TABLE, name);
        }

        /**
         * Sets {@link VisitorCounterConfig#countTable()}.
         *
         * @param name a table's name or ARN
         * @return this builder
         */
        public Builder countTable(String name) {
            return set(COUNT_TABLE, name);
        }

        /**
         * Sets {@link VisitorCounterConfig#defaultCounter()}.
         *
         * @param counterId 1 to 100 letters, digits and {@code . _ : / -}
         * @return this builder
         */
        public Builder defaultCounter(String counterId) {
            return set(DEFAULT_COUNTER, counterId);
        }

        /**
         * Sets {@link VisitorCounterConfig#counters()}.
         *
         * @param counterIds each 1 to 100 letters, digits and {@code . _ : / -}
         * @return this builder
         */
        public Builder counters(Set<String> counterIds) {
            return set(COUNTERS, String.join(",", counterIds));
        }

        /**
         * Sets {@link VisitorCounterConfig#broadcastFunction()}.
         *
         * @param function a function's name or ARN, with alias where it has one
         * @return this builder
         */
        public Builder broadcastFunction(String function) {
            return set(BROADCAST_FUNCTION, function);
        }

        /**
         * Sets {@link VisitorCounterConfig#callbackUrl()}.
         *
         * @param url the address of the API's stage
         * @return this builder
         */
        public Builder callbackUrl(URI url) {
            return set(CALLBACK_URL, url.toString());
        }

        /**
         * Sets {@link VisitorCounterConfig#postConcurrency()}.
         *
         * @param posts 1 to 4096
         * @return this builder
         */
        public Builder postConcurrency(int posts) {
            return set(POST_CONCURRENCY, Integer.toString(posts));
        }

        /**
         * Sets {@link VisitorCounterConfig#postTimeout()}.
         *
         * @param timeout 100 ms to 30 s
         * @return this builder
         */
        public Builder postTimeout(Duration timeout) {
            return set(POST_TIMEOUT, Long.toString(timeout.toMillis()));
        }

        /**
         * Sets {@link VisitorCounterConfig#handshakeGrace()}.
         *
         * @param grace 0 to 60 s, in whole seconds
         * @return this builder
         */
        public Builder handshakeGrace(Duration grace) {
            return set(HANDSHAKE_GRACE, Long.toString(grace.toSeconds()));
        }

        /**
         * Sets {@link VisitorCounterConfig#messagesPerSecond()}.
         *
         * @param messages 1 to 10,000
         * @return this builder
         */
        public Builder messagesPerSecond(int messages) {
            return set(MESSAGES_PER_SECOND, Integer.toString(messages));
        }

        /**
         * Sets {@link VisitorCounterConfig#minimumInterval()}.
         *
         * @param interval 0 to 60 s
         * @return this builder
         */
        public Builder minimumInterval(Duration interval) {
            return set(MINIMUM_INTERVAL, Long.toString(interval.toMillis()));
        }

        /**
         * Sets {@link VisitorCounterConfig#fanOutThreshold()}.
         *
         * @param connections 1 to 1,000,000
         * @return this builder
         */
        public Builder fanOutThreshold(int connections) {
            return set(FAN_OUT_THRESHOLD, Integer.toString(connections));
        }

        /**
         * Sets {@link VisitorCounterConfig#metricsNamespace()}.
         *
         * @param namespace a CloudWatch namespace
         * @return this builder
         */
        public Builder metricsNamespace(String namespace) {
            return set(METRICS_NAMESPACE, namespace);
        }

        /**
         * Sets {@link VisitorCounterConfig#staleConnections()}.
         *
         * @param policy the policy
         * @return this builder
         */
        public Builder staleConnections(StaleConnectionPolicy policy) {
            this.staleConnections = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Checks and returns the settings.
         *
         * @return the settings
         * @throws InvalidConfigurationException if a required setting is missing or a value is not allowed; it names them all
         */
        public VisitorCounterConfig build() {
            Map<String, String> values = new HashMap<>(environment);
            values.putAll(overrides);
            return new ConfigParser(values, required).parse(staleConnections);
        }

        private Builder set(String variable, String value) {
            overrides.put(variable, Objects.requireNonNull(value, variable));
            return this;
        }
    }
}
