package io.github.visitorcounter.embeddedstack.lambda.runtime;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Replaces a function's {@code System.getenv}. Its static fields are the function's own.
 *
 * @since 0.1.0
 */
public final class Environment {

    static final String TRACE_ID = "_X_AMZN_TRACE_ID";

    private static final String LOOPBACK = "localhost|127.*|[::1]";
    private static final InheritableThreadLocal<String> TRACE = new InheritableThreadLocal<>();
    private static volatile Map<String, String> variables = Map.of();

    private Environment() {}

    static void set(Map<String, String> newVariables) {
        variables = newVariables;
    }

    /** Sets the variable that differs for each invocation, for this thread and the threads that it starts. */
    static void traceId(@Nullable String id) {
        if (id == null) {
            TRACE.remove();
        } else {
            TRACE.set(id);
        }
    }

    /**
     * As {@link System#getProperty(String)}, with two differences: it returns the trace id of the invocation, as
     * Lambda's Java runtime does, and no proxy of the machine for this stack.
     *
     * @param key the property's name
     */
    public static @Nullable String getProperty(String key) {
        return switch (key) {
            case "com.amazonaws.xray.traceHeader" -> TRACE.get();
            case "http.nonProxyHosts" -> withLoopback(System.getProperty(key));
            default -> System.getProperty(key);
        };
    }

    /**
     * As {@link System#getProperty(String, String)}; see {@link #getProperty(String)}.
     *
     * @param key the property's name
     * @param fallback the value if it is not set
     */
    public static @Nullable String getProperty(String key, @Nullable String fallback) {
        String value = getProperty(key);
        return value == null ? fallback : value;
    }

    private static @Nullable String withLoopback(@Nullable String hosts) {
        boolean proxied = System.getProperty("http.proxyHost") != null || System.getProperty("https.proxyHost") != null;
        if (!proxied) {
            return hosts;
        }
        return hosts == null || hosts.isEmpty() ? LOOPBACK : hosts + "|" + LOOPBACK;
    }

    /** As {@link System#getenv()}. */
    public static Map<String, String> getenv() {
        String traceId = TRACE.get();
        if (traceId == null) {
            return variables;
        }
        Map<String, String> now = new HashMap<>(variables);
        now.put(TRACE_ID, traceId);
        return Collections.unmodifiableMap(now);
    }

    /**
     * As {@link System#getenv(String)}.
     *
     * @param name the variable's name
     */
    public static @Nullable String getenv(String name) {
        return Objects.requireNonNull(name, "name").equals(TRACE_ID) ? TRACE.get() : variables.get(name);
    }
}
