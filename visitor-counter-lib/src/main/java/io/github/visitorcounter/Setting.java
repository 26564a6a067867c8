package io.github.visitorcounter;

import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.RoundedMessageFormat;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.count.CountingMode;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import static io.github.visitorcounter.SettingType.choice;
import static io.github.visitorcounter.SettingType.millis;
import static io.github.visitorcounter.SettingType.number;
import static io.github.visitorcounter.SettingType.seconds;

/**
 * A setting of a visitor counter: its environment variable, type, default and allowed values. {@code docs/settings.md}
 * is generated from these. {@link VisitorCounterConfig} holds the values. Immutable.
 *
 * @param <T> the type of its values
 * @since 0.1.0
 */
public final class Setting<T> {

    // Longer than other files: it is the table of all settings, and each has its own Javadoc.

    private static final List<Setting<?>> ALL = new ArrayList<>();

    /** The table of connections: a name or an ARN. Default {@code ConnectionIDs}. */
    public static final Setting<String> CONNECTIONS_TABLE = define(
            "VISITOR_COUNTER_CONNECTIONS_TABLE", SettingType.TABLE, "ConnectionIDs", "The table of connections.");

    /** The table of counters: a name or an ARN. Default {@code VisitorCount}. */
    public static final Setting<String> COUNTERS_TABLE =
            define("VISITOR_COUNTER_COUNTERS_TABLE", SettingType.TABLE, "VisitorCount", "The table of counters.");

    /** The counter of a page that names none: 1 to 100 letters, digits and {@code . _ : / -}. Default {@code site}. */
    public static final Setting<String> DEFAULT_COUNTER = define(
            "VISITOR_COUNTER_DEFAULT_COUNTER", SettingType.COUNTER, "site", "The counter of a page that names none.");

    /**
     * The counters that a page may choose with {@code ?counter=…}; {@code page:*} allows all that begin with
     * {@code page:}. {@link VisitorCounterConfig} always adds the {@link #DEFAULT_COUNTER}, which is the only one by
     * default, and the {@link #SITE_COUNTER}.
     */
    public static final Setting<Set<String>> ALLOWED_COUNTERS = define(
            "VISITOR_COUNTER_ALLOWED_COUNTERS",
            SettingType.COUNTERS,
            null,
            "The counters that a page may choose with `?counter=…`; `page:*` allows all that begin with `page:`."
                    + " The default counter and the site counter are always among them.");

    /**
     * The site counter, which counts the connections of all counters: each connect and disconnect changes it together
     * with the connection's own counter, and each page receives both counts. Unset by default: there is none. It is
     * always one of the {@link #ALLOWED_COUNTERS}; a connection to it counts there only. {@link #MAX_LIVE} does not
     * limit it. A connection that was opened before the setting changed is subtracted from what it was added to.
     */
    public static final Setting<String> SITE_COUNTER = define(
            "VISITOR_COUNTER_SITE_COUNTER",
            SettingType.COUNTER,
            null,
            "The site counter, which counts the connections of all counters, beside their own; every page receives"
                    + " both counts. If it is unset, there is none.");

    /**
     * Whether pages may watch: connect with {@code ?watch=1}, and receive the counts without being counted. Default
     * false. A counter with a {@link #MAX_LIVE} has no watchers in any case, because the limit would not bound them.
     */
    public static final Setting<Boolean> WATCHERS = define(
            "VISITOR_COUNTER_WATCHERS",
            choice(String::valueOf, List.of(true, false)),
            false,
            "Whether pages may watch, with `?watch=1`: receive the counts without being counted. Not in a counter with"
                    + " a maximum of `live`.");

    /** The index of the table of connections by counter. Unset by default: a broadcast then reads the whole table. */
    public static final Setting<String> COUNTER_INDEX = define(
            "VISITOR_COUNTER_COUNTER_INDEX",
            SettingType.INDEX,
            null,
            "The index of the table of connections by counter, for a site with many counters; without it a"
                    + " broadcast reads the whole table.");

    /**
     * How long after its last disconnect a visit can be resumed. Default 30 min; 0 (each connection is a visit) to 24
     * h.
     */
    public static final Setting<Duration> VISIT_TIMEOUT = define(
            "VISITOR_COUNTER_VISIT_TIMEOUT_SECONDS",
            seconds(0, 86_400),
            Duration.ofMinutes(30),
            "How long after its last disconnect a visit can be resumed; 0 makes each connection a visit.");

    /** What {@code live} counts. Default {@link CountingMode#VISITS}. */
    public static final Setting<CountingMode> COUNTING_MODE = define(
            "VISITOR_COUNTER_COUNTING_MODE",
            choice(mode -> mode.name().toLowerCase(Locale.ROOT), List.of(CountingMode.values())),
            CountingMode.VISITS,
            "What `live` counts: visits (each page once, also while it reconnects), connections, or visitors (each"
                    + " once, if the page sends a visitor id).");

    /**
     * Whether the broadcast of a disconnect waits for a wake-up, about a second, so that a page reload is invisible.
     * Default true. The batching window of the event source mapping for wake-ups decides how long it waits.
     */
    public static final Setting<Boolean> DISCONNECT_DEBOUNCE = define(
            "VISITOR_COUNTER_DISCONNECT_DEBOUNCE",
            choice(String::valueOf, List.of(true, false)),
            true,
            "Whether the broadcast of a disconnect waits for a wake-up, about a second, so that a page reload is"
                    + " invisible.");

    /**
     * The origins of the pages that may connect, and that may read the answers of {@link CountHandler}, as browsers
     * send them; {@code https://*.example.org} stands for all subdomains, {@code *} for any page. No default:
     * {@link ConnectHandler} requires it.
     */
    public static final Setting<Set<String>> ALLOWED_ORIGINS = define(
            "VISITOR_COUNTER_ALLOWED_ORIGINS",
            SettingType.ORIGINS,
            null,
            "The origins of the pages that may connect, and that may read the answers of `CountHandler`; `ConnectHandler`"
                    + " requires it.");

    /**
     * How many connections an IP address may open in ten minutes. Default 0: no limit; at most 1,000,000. Many visitors
     * may share an address, for instance in a company, a school or a mobile network.
     */
    public static final Setting<Integer> CONNECTS_PER_IP = define(
            "VISITOR_COUNTER_CONNECTS_PER_IP_PER_10_MINUTES",
            number(0, 1_000_000),
            0,
            "How many connections an IP address may open in ten minutes; 0 sets no limit.");

    /**
     * How many counters that only a wildcard of {@link #ALLOWED_COUNTERS} admits may be created in a minute. Default
     * 60; 0 (no limit) to 1,000,000. Anyone can choose such an id, and each new counter adds rows and work for the
     * reconcile function. A connect that would create one more is rejected with 429; connects to existing counters are
     * not.
     */
    public static final Setting<Integer> NEW_COUNTERS_PER_MINUTE = define(
            "VISITOR_COUNTER_NEW_COUNTERS_PER_MINUTE",
            number(0, 1_000_000),
            60,
            "How many counters that only a wildcard admits may be created in a minute; a connect that would create"
                    + " one more is rejected with 429; 0 sets no limit.");

    /**
     * After how many days without a connection a counter that only a wildcard of {@link #ALLOWED_COUNTERS} admits is
     * removed. Default 28; 0 (never) to 3,650. Its {@code total} is removed with it: the next visitor creates it again,
     * with a total of one. Counters that {@link #ALLOWED_COUNTERS} names are never removed. The days are counted from
     * the time when its visits can no longer be resumed, see {@link #VISIT_TIMEOUT}.
     */
    public static final Setting<Integer> UNUSED_COUNTER_DAYS = define(
            "VISITOR_COUNTER_UNUSED_COUNTER_DAYS",
            number(0, 3_650),
            28,
            "After how many days without a connection `ReconcileHandler` removes a counter that only a wildcard"
                    + " admits, with its `total`; counters that are named are never removed; 0 removes none.");

    /**
     * The maximum of {@code live} in a counter. Default 0: no limit; at most 10,000,000. It does not limit the
     * {@link #SITE_COUNTER}.
     */
    public static final Setting<Integer> MAX_LIVE = define(
            "VISITOR_COUNTER_MAX_LIVE",
            number(0, 10_000_000),
            0,
            "The maximum of `live` in a counter, except the site counter; further connects are rejected with 429; 0 sets no"
                    + " limit.");

    /**
     * How many rows a busy counter may have: 1, 8, 64 or 512. Default 64, enough for 500 connects per second, the
     * default quota of an account. With 1 a counter sustains about 60 changes per second. A counter with a
     * {@link #MAX_LIVE} has at most 8.
     */
    public static final Setting<Integer> MAX_COUNTER_SHARDS = define(
            "VISITOR_COUNTER_MAX_COUNTER_SHARDS",
            choice(String::valueOf, List.of(1, 8, 64, 512)),
            64,
            "How many rows a busy counter may have; a quiet one has one.");

    /** How many messages of one connection are answered in a minute. Default 60; 1 to 10,000. */
    public static final Setting<Integer> CLIENT_MESSAGES_PER_MINUTE = define(
            "VISITOR_COUNTER_CLIENT_MESSAGES_PER_MINUTE",
            number(1, 10_000),
            60,
            "How many messages of one connection are answered in a minute, by each instance of the function.");

    /**
     * How many of the oldest connections each reconcile probes, to learn whether they are open. Default 100; 0 to
     * 10,000.
     */
    public static final Setting<Integer> RECONCILE_PROBES = define(
            "VISITOR_COUNTER_RECONCILE_PROBES",
            number(0, 10_000),
            100,
            "How many of the oldest connections each reconcile probes, to learn whether they are open.");

    /**
     * How long browsers and CloudFront may cache a count that {@link CountHandler} answers. Default 5 s; 1 s to 1 h, in
     * whole seconds.
     */
    public static final Setting<Duration> COUNT_MAX_AGE = define(
            "VISITOR_COUNTER_COUNT_MAX_AGE_SECONDS",
            seconds(1, 3_600),
            Duration.ofSeconds(5),
            "How long browsers and CloudFront may cache a count that `CountHandler` answers.");

    /**
     * The broadcast function that {@link DisconnectHandler} invokes: a name or an ARN. Unset by default: the stream
     * invokes it.
     */
    public static final Setting<String> BROADCAST_FUNCTION = define(
            "VISITOR_COUNTER_BROADCAST_FUNCTION",
            SettingType.FUNCTION,
            null,
            "The broadcast function that `DisconnectHandler` invokes; if it is unset, the stream invokes the"
                    + " function.");

    /**
     * Where to post messages: the HTTPS address of the WebSocket API's stage, or of its custom domain. No default:
     * {@link StreamBroadcastHandler} requires it, and {@link ReconcileHandler} when it probes.
     */
    public static final Setting<URI> CALLBACK_URL = define(
            "VISITOR_COUNTER_CALLBACK_URL",
            SettingType.CALLBACK_URL,
            null,
            "Where to post messages; `StreamBroadcastHandler` requires it, and `ReconcileHandler` when it probes.");

    /** How many posts each invocation sends concurrently. Default 256; 1 to 4096. */
    public static final Setting<Integer> POST_CONCURRENCY = define(
            "VISITOR_COUNTER_POST_CONCURRENCY",
            number(1, 4096),
            256,
            "How many posts each invocation sends concurrently.");

    /** How long one attempt to post may take. Default 3 s; 100 ms to 30 s, in whole milliseconds. */
    public static final Setting<Duration> POST_TIMEOUT = define(
            "VISITOR_COUNTER_POST_TIMEOUT_MILLIS",
            millis(100, 30_000),
            Duration.ofSeconds(3),
            "How long one attempt to post may take.");

    /**
     * The age from which a 410 means that a connection is closed, not that its handshake is unfinished. Default 20 s; 1
     * to 60 s, in whole seconds. {@link ConnectHandler} retries to count a connection during the first half of it.
     */
    public static final Setting<Duration> HANDSHAKE_GRACE = define(
            "VISITOR_COUNTER_HANDSHAKE_GRACE_SECONDS",
            seconds(1, 60),
            Duration.ofSeconds(20),
            "The age from which a 410 means that a connection is closed; `ConnectHandler` retries to count a connection"
                    + " during the first half of it.");

    /**
     * The message budget of each counter, retries included. Default 100, at most $8.64 a day at $1 per million
     * messages; 1 to 10,000. Unused budget is saved for up to one minute.
     *
     * @see <a href="https://aws.amazon.com/api-gateway/pricing/">API Gateway prices</a>
     */
    public static final Setting<Integer> BROADCAST_MESSAGES_PER_SECOND = define(
            "VISITOR_COUNTER_BROADCAST_MESSAGES_PER_SECOND",
            number(1, 10_000),
            100,
            "The message budget of each counter, retries included.");

    /** The shortest time between two broadcasts of a counter. Default 250 ms; 0 to 60 s, in whole milliseconds. */
    public static final Setting<Duration> MIN_BROADCAST_INTERVAL = define(
            "VISITOR_COUNTER_MIN_BROADCAST_INTERVAL_MILLIS",
            millis(0, 60_000),
            Duration.ofMillis(250),
            "The shortest time between two broadcasts of a counter.");

    /** The audience above which a broadcast is split among several invocations. Default 2,000; 1 to 1,000,000. */
    public static final Setting<Integer> FAN_OUT_THRESHOLD = define(
            "VISITOR_COUNTER_FAN_OUT_THRESHOLD",
            number(1, 1_000_000),
            2_000,
            "The audience above which a broadcast is split among several invocations.");

    /**
     * The messages with a count: {@code exact} is {@link MessageFormat#JSON}, {@code rounded} is
     * {@link RoundedMessageFormat}, {@code count} is {@link MessageFormat#COUNT}. Default {@code exact}. Code may set
     * any other. {@link StreamBroadcastHandler}, {@link MessageHandler} and {@link ReconcileHandler} should have the
     * same format.
     */
    public static final Setting<MessageFormat> MESSAGE_FORMAT = define(
            "VISITOR_COUNTER_MESSAGE_FORMAT",
            choice(
                    format -> format instanceof RoundedMessageFormat
                            ? "rounded"
                            : format == MessageFormat.COUNT ? "count" : "exact",
                    List.of(MessageFormat.JSON, RoundedMessageFormat.instance(), MessageFormat.COUNT)),
            MessageFormat.JSON,
            "Whether pages are sent exact numbers, or rounded ones: a crowd then costs messages only when a number has"
                    + " moved by more than a step of 4 to 10 %. `count` sends `{\"count\":n}`, the total alone.");

    /** The CloudWatch namespace of the metrics. Unset by default: no metrics are written. */
    public static final Setting<String> METRICS_NAMESPACE = define(
            "VISITOR_COUNTER_METRICS_NAMESPACE",
            SettingType.NAMESPACE,
            null,
            "The CloudWatch namespace of the metrics; without it no metrics are written. Metrics of broadcasts have"
                    + " the dimension `counter`: a counter that `VISITOR_COUNTER_ALLOWED_COUNTERS` names, or `*`"
                    + " for all others.");

    /**
     * What happens to stale connections: {@code delete-on-gone} or {@code keep}. Default
     * {@link StaleConnectionPolicy#DELETE_ON_GONE}. Code may set any other.
     */
    public static final Setting<StaleConnectionPolicy> STALE_CONNECTION_POLICY = define(
            "VISITOR_COUNTER_STALE_CONNECTION_POLICY",
            choice(
                    policy -> policy == StaleConnectionPolicy.KEEP ? "keep" : "delete-on-gone",
                    List.of(StaleConnectionPolicy.DELETE_ON_GONE, StaleConnectionPolicy.KEEP)),
            StaleConnectionPolicy.DELETE_ON_GONE,
            "Whether stale connections are removed, or kept until they disconnect or expire.");

    private final String variable;
    private final SettingType<T> type;
    private final @Nullable T defaultValue;
    private final String meaning;

    private Setting(String variable, SettingType<T> type, @Nullable T defaultValue, String meaning) {
        this.variable = variable;
        this.type = type;
        this.defaultValue = defaultValue;
        this.meaning = meaning;
    }

    private static <T> Setting<T> define(
            String variable, SettingType<T> type, @Nullable T defaultValue, String meaning) {
        Setting<T> setting = new Setting<>(variable, type, defaultValue, meaning);
        ALL.add(setting);
        return setting;
    }

    /**
     * Returns all settings.
     *
     * @return an unmodifiable list
     */
    public static List<Setting<?>> all() {
        return Collections.unmodifiableList(ALL);
    }

    /**
     * Returns the setting's name.
     *
     * @return the environment variable
     */
    public String variable() {
        return variable;
    }

    /**
     * Returns the default.
     *
     * @return the default, or empty if it has none
     */
    public Optional<T> defaultValue() {
        return Optional.ofNullable(defaultValue);
    }

    /** Returns the purpose of the setting, in Markdown. */
    String meaning() {
        return meaning;
    }

    /** Returns a description of the allowed values. */
    String allowed() {
        return type.allowed();
    }

    /**
     * Parses a value of the variable.
     *
     * @param text the variable's value
     * @return the value
     * @throws IllegalArgumentException if the value is not allowed; the message describes the allowed values
     */
    public T parse(String text) {
        return convert(text, () -> type.read().apply(text.strip()));
    }

    /**
     * Formats a value for the variable.
     *
     * @param value a value
     * @return the variable's value
     * @throws IllegalArgumentException if the value is not allowed, or has a finer unit than the variable; the message
     *     describes the allowed values
     */
    public String format(T value) {
        return convert(value, () -> {
            String text = type.write().apply(value);
            if (!type.read().apply(text).equals(value)) {
                throw new IllegalArgumentException("");
            }
            return text;
        });
    }

    private <R> R convert(Object given, Supplier<R> conversion) {
        try {
            return conversion.get();
        } catch (IllegalArgumentException wrong) {
            String advice = String.valueOf(wrong.getMessage());
            throw new IllegalArgumentException(
                    variable + " is '" + given + "': must be " + allowed() + (advice.isEmpty() ? "" : ". " + advice),
                    wrong);
        }
    }

    /** {@return its variable} */
    @Override
    public String toString() {
        return variable;
    }
}
