package io.github.visitorcounter.embeddedstack.lambda.runtime;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** What a function's calls of {@code System.getenv} see. Its static fields are the function's own. */
public final class Environment {

    static final String TRACE_ID = "_X_AMZN_TRACE_ID";

    private static final InheritableThreadLocal<String> TRACE = new InheritableThreadLocal<>();
    private static volatile Map<String, String> variables = Map.of();

    private Environment() {}

    static void set(Map<String, String> newVariables) {
        variables = newVariables;
    }

    /** Sets the one variable that is another one in each invocation, for this thread and those that it starts. */
    static void traceId(@Nullable String id) {
        if (id == null) {
            TRACE.remove();
        } else {
            TRACE.set(id);
        }
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
