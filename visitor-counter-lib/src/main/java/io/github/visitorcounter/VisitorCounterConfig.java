package io.github.visitorcounter;

import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.connection.AllowedOrigins;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.internal.count.CounterIds;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The settings of a visitor counter, resolved once at the start of a function: what code sets ({@link Builder}) goes before
 * the environment variable of the same setting, and that goes before the default. Immutable.
 *
 * <p>How to reach AWS is not configured here: the SDK's own variables do that, for instance {@code AWS_REGION} and {@code
 * AWS_ENDPOINT_URL_DYNAMODB}.
 *
 * @since 0.1.0
 */
public final class VisitorCounterConfig {

    /** The name of the table of connections. */
    public static final String CONNECTIONS_TABLE = "VISITOR_COUNTER_CONNECTIONS_TABLE";

    /** The name of the table of counters. */
    public static final String COUNTERS_TABLE = "VISITOR_COUNTER_COUNTERS_TABLE";

    /** The counter of a page that names none. */
    public static final String DEFAULT_COUNTER = "VISITOR_COUNTER_DEFAULT_COUNTER";

    /** The counters that a page may choose, separated by commas; {@code page:*} stands for all that begin with {@code page:}. */
    public static final String ALLOWED_COUNTERS = "VISITOR_COUNTER_ALLOWED_COUNTERS";

    /** The index of the table of connections by counter; unset, a broadcast reads the whole table. */
    public static final String COUNTER_INDEX = "VISITOR_COUNTER_COUNTER_INDEX";

    /** How long after its end a visit goes on when it comes back, in seconds. */
    public static final String VISIT_TIMEOUT = "VISITOR_COUNTER_VISIT_TIMEOUT_SECONDS";

    /** What {@code live} counts: {@code connections} or {@code visitors}. */
    public static final String COUNTING_MODE = "VISITOR_COUNTER_COUNTING_MODE";

    /** How long a departure waits for its return before others hear of it, in milliseconds. */
    public static final String DISCONNECT_DEBOUNCE = "VISITOR_COUNTER_DISCONNECT_DEBOUNCE";

    /** The origins of the pages that may connect, separated by commas, or {@code *}. */
    public static final String ALLOWED_ORIGINS = "VISITOR_COUNTER_ALLOWED_ORIGINS";

    /** How many connections an address may open in ten minutes. */
    public static final String CONNECTS_PER_IP = "VISITOR_COUNTER_CONNECTS_PER_IP_PER_10_MINUTES";

    /** How many may be connected to a counter at once. */
    public static final String MAX_LIVE = "VISITOR_COUNTER_MAX_LIVE";

    /** The variable of {@link #maxCounterShards()}. */
    public static final String MAX_COUNTER_SHARDS = "VISITOR_COUNTER_MAX_COUNTER_SHARDS";

    /** How many messages of a connection are answered in a minute. */
    public static final String CLIENT_MESSAGES_PER_MINUTE = "VISITOR_COUNTER_CLIENT_MESSAGES_PER_MINUTE";

    /** How many of the oldest connections the reconciling function asks API Gateway about. */
    public static final String RECONCILE_PROBES = "VISITOR_COUNTER_RECONCILE_PROBES";

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
    public static final String BROADCAST_MESSAGES_PER_SECOND = "VISITOR_COUNTER_BROADCAST_MESSAGES_PER_SECOND";

    /** The shortest time between two broadcasts of a counter, in milliseconds. */
    public static final String MIN_BROADCAST_INTERVAL = "VISITOR_COUNTER_MIN_BROADCAST_INTERVAL_MILLIS";

    /** The audience from which on a broadcast is divided among several invocations. */
    public static final String FAN_OUT_THRESHOLD = "VISITOR_COUNTER_FAN_OUT_THRESHOLD";

    /** CloudWatch's namespace for the metrics of broadcasts; unset, there are none. */
    public static final String METRICS_NAMESPACE = "VISITOR_COUNTER_METRICS_NAMESPACE";

    /** What happens to connections that are gone: {@code delete-on-gone} or {@code keep}. */
    public static final String STALE_CONNECTION_POLICY = "VISITOR_COUNTER_STALE_CONNECTION_POLICY";

    private static final int NO_LIMIT = 0;

    private final String connectionsTable;
    private final String countersTable;
    private final String defaultCounter;
    private final Set<String> counters;
    private final @Nullable String counterIndex;
    private final Duration visitTimeout;
    private final CountingMode countingMode;
    private final boolean disconnectDebounce;
    private final @Nullable AllowedOrigins allowedOrigins;
    private final int connectsPerIp;
    private final int maxLive;
    private final int maxCounterShards;
    private final int clientMessagesPerMinute;
    private final int probes;
    private final @Nullable String broadcastFunction;
    private final @Nullable URI callbackUrl;
    private final int postConcurrency;
    private final Duration postTimeout;
    private final Duration handshakeGrace;
    private final int broadcastMessagesPerSecond;
    private final Duration minBroadcastInterval;
    private final int fanOutThreshold;
    private final @Nullable String metricsNamespace;
    private final StaleConnectionPolicy staleConnectionPolicy;
    private final MessageFormat messageFormat;

    private VisitorCounterConfig(
            SettingsReader reader, @Nullable StaleConnectionPolicy policyFromCode, MessageFormat messageFormat) {
        this.connectionsTable = reader.text(CONNECTIONS_TABLE, "ConnectionIDs");
        this.countersTable = reader.text(COUNTERS_TABLE, "VisitorCount");
        this.defaultCounter = reader.counter(DEFAULT_COUNTER, "site");
        this.counters = reader.counters(ALLOWED_COUNTERS, defaultCounter);
        this.counterIndex = reader.optional(COUNTER_INDEX);
        this.visitTimeout = Duration.ofSeconds(reader.number(VISIT_TIMEOUT, 1_800, 0, 86_400));
        this.countingMode = reader.choice(
                COUNTING_MODE,
                CountingMode.VISITS,
                Map.of(
                        "connections",
                        CountingMode.CONNECTIONS,
                        "visits",
                        CountingMode.VISITS,
                        "visitors",
                        CountingMode.VISITORS));
        this.disconnectDebounce = reader.choice(DISCONNECT_DEBOUNCE, true, Map.of("true", true, "false", false));
        this.allowedOrigins = reader.origins(ALLOWED_ORIGINS);
        this.connectsPerIp = reader.number(CONNECTS_PER_IP, NO_LIMIT, 0, 1_000_000);
        this.maxLive = reader.number(MAX_LIVE, NO_LIMIT, 0, 10_000_000);
        this.maxCounterShards = reader.choice(MAX_COUNTER_SHARDS, 64, Map.of("1", 1, "8", 8, "64", 64, "512", 512));
        this.clientMessagesPerMinute = reader.number(CLIENT_MESSAGES_PER_MINUTE, 60, 1, 10_000);
        this.probes = reader.number(RECONCILE_PROBES, 100, 0, 10_000);
        this.broadcastFunction = reader.optional(BROADCAST_FUNCTION);
        this.callbackUrl = reader.url(CALLBACK_URL);
        this.postConcurrency = reader.number(POST_CONCURRENCY, 256, 1, 4096);
        this.postTimeout = Duration.ofMillis(reader.number(POST_TIMEOUT, 3_000, 100, 30_000));
        this.handshakeGrace = Duration.ofSeconds(reader.number(HANDSHAKE_GRACE, 20, 1, 60));
        this.broadcastMessagesPerSecond = reader.number(BROADCAST_MESSAGES_PER_SECOND, 100, 1, 10_000);
        this.minBroadcastInterval = Duration.ofMillis(reader.number(MIN_BROADCAST_INTERVAL, 250, 0, 60_000));
        this.fanOutThreshold = reader.number(FAN_OUT_THRESHOLD, 2_000, 1, 1_000_000);
        this.metricsNamespace = reader.optional(METRICS_NAMESPACE);
        StaleConnectionPolicy policy = reader.choice(
                STALE_CONNECTION_POLICY,
                StaleConnectionPolicy.DELETE_ON_GONE,
                Map.of("delete-on-gone", StaleConnectionPolicy.DELETE_ON_GONE, "keep", StaleConnectionPolicy.KEEP));
        this.staleConnectionPolicy = policyFromCode == null ? policy : policyFromCode;
        this.messageFormat = messageFormat;
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
     * Returns the name of the table of counters: {@value #COUNTERS_TABLE}, default {@code VisitorCount}.
     *
     * @return a table's name or ARN
     */
    public String countersTable() {
        return countersTable;
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
     * Returns the counters that a page may choose: {@value #ALLOWED_COUNTERS}, default: only the default counter.
     *
     * @return ids, always with the default counter's, and beginnings of ids followed by {@code *}
     */
    public Set<String> counters() {
        return counters;
    }

    /**
     * Tells whether a page may choose a counter.
     *
     * @param counterId anything
     * @return whether it is the id of one of {@link #counters()}
     */
    public boolean allowsCounter(String counterId) {
        return CounterIds.isValid(counterId)
                && (counters.contains(counterId)
                        || counters.stream().anyMatch(name -> CounterIds.matches(name, counterId)));
    }

    /**
     * Returns the index of the table of connections that finds those of one counter: {@value #COUNTER_INDEX}, unset by default.
     * Set it when there are many counters; without it every broadcast reads the whole table, which is right for a few.
     *
     * @return the index's name, or null
     */
    public @Nullable String counterIndex() {
        return counterIndex;
    }

    /**
     * Returns how long after its last disconnect a visit goes on when the page comes back with the same id: {@value
     * #VISIT_TIMEOUT}, default 30 min. It is counted in {@code total} once.
     *
     * @return 0, which makes each connection a visit of its own, to 24 h
     */
    public Duration visitTimeout() {
        return visitTimeout;
    }

    /**
     * Returns what {@code live} counts: {@value #COUNTING_MODE}, default {@link CountingMode#VISITS}.
     *
     * @return what is counted
     */
    public CountingMode countingMode() {
        return countingMode;
    }

    /**
     * Returns whether disconnects are broadcast by a wake-up, a second or so later, so that nobody sees the number change when a
     * page reloads: {@value #DISCONNECT_DEBOUNCE}, default true. A change of another kind is broadcast at once, and the
     * disconnect with it. The batching window of the event source mapping for wake-ups decides how long it takes.
     *
     * @return whether disconnects wait
     */
    public boolean disconnectDebounce() {
        return disconnectDebounce;
    }

    /**
     * Returns the origins of the pages that may connect: {@value #ALLOWED_ORIGINS}, unset by default; {@link ConnectHandler}
     * needs it.
     *
     * @return the origins, or null
     */
    public @Nullable AllowedOrigins allowedOrigins() {
        return allowedOrigins;
    }

    /**
     * Returns how many connections an address may open in ten minutes: {@value #CONNECTS_PER_IP}, default 0, which sets no
     * limit. Many visitors may share an address: a company, a school, a mobile network.
     *
     * @return 0 to 1,000,000
     */
    public int connectsPerIp() {
        return connectsPerIp;
    }

    /**
     * Returns how many may be connected to a counter at once: {@value #MAX_LIVE}, default 0, which sets no limit.
     *
     * @return 0 to 10,000,000
     */
    public int maxLive() {
        return maxLive;
    }

    /**
     * Returns how many rows a busy counter may have: {@value #MAX_COUNTER_SHARDS}, default 64, which is enough for the 500 connects a
     * second that an account has by default. A quiet counter has one row. With 1 a counter sustains some 60 changes a second; 512 is
     * for accounts whose quotas were raised. A counter with a {@link #maxLive()} has 8 rows, or fewer, in any case.
     *
     * @return 1, 8, 64 or 512
     */
    public int maxCounterShards() {
        return maxCounterShards;
    }

    /**
     * Returns how many messages of one connection are answered in a minute: {@value #CLIENT_MESSAGES_PER_MINUTE}, default 60.
     *
     * @return 1 to 10,000
     */
    public int clientMessagesPerMinute() {
        return clientMessagesPerMinute;
    }

    /**
     * Returns how many of the oldest connections each reconciling run asks API Gateway about: {@value #RECONCILE_PROBES}, default 100.
     *
     * @return 0 to 10,000
     */
    public int probes() {
        return probes;
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
     * #HANDSHAKE_GRACE}, default 20 s. {@link ConnectHandler} repeats attempts to count a connection during the first half of it.
     *
     * @return 1 to 60 s
     */
    public Duration handshakeGrace() {
        return handshakeGrace;
    }

    /**
     * Returns the message budget of each counter, retries and newcomers included: {@value #BROADCAST_MESSAGES_PER_SECOND}, default 100,
     * which is at most $8.64 a day at $1 per million messages. Up to one minute's worth is saved while nothing happens.
     *
     * @return 1 to 10,000
     * @see <a href="https://aws.amazon.com/api-gateway/pricing/">API Gateway prices</a>
     */
    public int broadcastMessagesPerSecond() {
        return broadcastMessagesPerSecond;
    }

    /**
     * Returns the shortest time between two broadcasts of a counter: {@value #MIN_BROADCAST_INTERVAL}, default 250 ms.
     *
     * @return 0 to 60 s
     */
    public Duration minBroadcastInterval() {
        return minBroadcastInterval;
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
     * Returns what happens to older connections that answer 410: {@value #STALE_CONNECTION_POLICY}, default {@link
     * StaleConnectionPolicy#DELETE_ON_GONE}.
     *
     * @return the policy
     */
    public StaleConnectionPolicy staleConnectionPolicy() {
        return staleConnectionPolicy;
    }

    /**
     * Returns how counts are put into words, for broadcasts and for answers to {@code count}: only code can set it, default
     * {@link MessageFormat#JSON}. When it throws, the broadcast fails and is tried again; the answer is an error frame.
     *
     * @return the format
     */
    public MessageFormat messageFormat() {
        return messageFormat;
    }

    URI requireCallbackUrl() {
        if (callbackUrl == null) {
            throw new InvalidConfigurationException(List.of(CALLBACK_URL + " is not set: where to post is not known"));
        }
        return callbackUrl;
    }

    public AllowedOrigins requireAllowedOrigins() {
        if (allowedOrigins == null) {
            throw new InvalidConfigurationException(
                    List.of(ALLOWED_ORIGINS + " is not set: must be the origins of the pages"
                            + " that may connect, for instance https://www.example.org, or * for any page"));
        }
        return allowedOrigins;
    }

    /** Collects settings: those set here go before the environment's. Not thread-safe. */
    public static final class Builder {

        private final Map<String, String> overrides = new HashMap<>();
        private Map<String, String> environment = Map.of();
        private Set<String> required = Set.of();
        private @Nullable StaleConnectionPolicy staleConnectionPolicy;
        private MessageFormat messageFormat = MessageFormat.JSON;

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
         * Sets {@link VisitorCounterConfig#countersTable()}.
         *
         * @param name a table's name or ARN
         * @return this builder
         */
        public Builder countersTable(String name) {
            return set(COUNTERS_TABLE, name);
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
         * @param counterIds each 1 to 100 letters, digits and {@code . _ : / -}, or the beginning of ids and {@code *}
         * @return this builder
         */
        public Builder counters(Set<String> counterIds) {
            return set(ALLOWED_COUNTERS, String.join(",", counterIds));
        }

        /**
         * Sets {@link VisitorCounterConfig#counterIndex()}.
         *
         * @param name the index's name
         * @return this builder
         */
        public Builder counterIndex(String name) {
            return set(COUNTER_INDEX, name);
        }

        /**
         * Sets {@link VisitorCounterConfig#visitTimeout()}.
         *
         * @param window 0 to 24 h, in whole seconds
         * @return this builder
         */
        public Builder visitTimeout(Duration window) {
            return set(VISIT_TIMEOUT, Long.toString(window.toSeconds()));
        }

        /**
         * Sets {@link VisitorCounterConfig#countingMode()}.
         *
         * @param what what is counted
         * @return this builder
         */
        public Builder countingMode(CountingMode what) {
            return set(COUNTING_MODE, what.name().toLowerCase(Locale.ROOT));
        }

        /**
         * Sets {@link VisitorCounterConfig#disconnectDebounce()}.
         *
         * @param debounce whether disconnects wait for a wake-up
         * @return this builder
         */
        public Builder disconnectDebounce(boolean debounce) {
            return set(DISCONNECT_DEBOUNCE, Boolean.toString(debounce));
        }

        /**
         * Sets {@link VisitorCounterConfig#allowedOrigins()}.
         *
         * @param origins each as a browser sends it, or with a wildcard, see {@link AllowedOrigins}
         * @return this builder
         */
        public Builder allowedOrigins(Set<String> origins) {
            return set(ALLOWED_ORIGINS, String.join(",", origins));
        }

        /**
         * Sets {@link VisitorCounterConfig#connectsPerIp()}.
         *
         * @param connections 0 to 1,000,000
         * @return this builder
         */
        public Builder connectsPerIp(int connections) {
            return set(CONNECTS_PER_IP, Integer.toString(connections));
        }

        /**
         * Sets {@link VisitorCounterConfig#maxLive()}.
         *
         * @param live 0 to 10,000,000
         * @return this builder
         */
        public Builder maxLive(int live) {
            return set(MAX_LIVE, Integer.toString(live));
        }

        /**
         * Sets {@link VisitorCounterConfig#maxCounterShards()}.
         *
         * @param shards 1, 8, 64 or 512
         * @return this builder
         */
        public Builder maxCounterShards(int shards) {
            return set(MAX_COUNTER_SHARDS, Integer.toString(shards));
        }

        /**
         * Sets {@link VisitorCounterConfig#clientMessagesPerMinute()}.
         *
         * @param messages 1 to 10,000
         * @return this builder
         */
        public Builder clientMessagesPerMinute(int messages) {
            return set(CLIENT_MESSAGES_PER_MINUTE, Integer.toString(messages));
        }

        /**
         * Sets {@link VisitorCounterConfig#probes()}.
         *
         * @param connections 0 to 10,000
         * @return this builder
         */
        public Builder probes(int connections) {
            return set(RECONCILE_PROBES, Integer.toString(connections));
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
         * @param grace 1 to 60 s, in whole seconds
         * @return this builder
         */
        public Builder handshakeGrace(Duration grace) {
            return set(HANDSHAKE_GRACE, Long.toString(grace.toSeconds()));
        }

        /**
         * Sets {@link VisitorCounterConfig#broadcastMessagesPerSecond()}.
         *
         * @param messages 1 to 10,000
         * @return this builder
         */
        public Builder broadcastMessagesPerSecond(int messages) {
            return set(BROADCAST_MESSAGES_PER_SECOND, Integer.toString(messages));
        }

        /**
         * Sets {@link VisitorCounterConfig#minBroadcastInterval()}.
         *
         * @param interval 0 to 60 s
         * @return this builder
         */
        public Builder minBroadcastInterval(Duration interval) {
            return set(MIN_BROADCAST_INTERVAL, Long.toString(interval.toMillis()));
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
         * Sets {@link VisitorCounterConfig#staleConnectionPolicy()}.
         *
         * @param policy the policy
         * @return this builder
         */
        public Builder staleConnectionPolicy(StaleConnectionPolicy policy) {
            this.staleConnectionPolicy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Sets {@link VisitorCounterConfig#messageFormat()}. The handlers that speak to pages ({@link StreamBroadcastHandler}
         * and {@link MessageHandler}) should have the same.
         *
         * @param format the format
         * @return this builder
         */
        public Builder messageFormat(MessageFormat format) {
            this.messageFormat = Objects.requireNonNull(format, "format");
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
            SettingsReader reader = new SettingsReader(values, required);
            VisitorCounterConfig config = new VisitorCounterConfig(reader, staleConnectionPolicy, messageFormat);
            reader.throwIfAnythingIsWrong();
            return config;
        }

        private Builder set(String variable, String value) {
            overrides.put(variable, Objects.requireNonNull(value, variable));
            return this;
        }
    }
}
