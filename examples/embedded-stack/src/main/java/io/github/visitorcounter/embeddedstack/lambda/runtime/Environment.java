package io.github.visitorcounter.embeddedstack.lambda.runtime;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Objects;

/** Where a function's calls of {@code System.getenv} are led to. Its static field is the function's own. */
public final class Environment {

    private static volatile Map<String, String> variables = Map.of();

    private Environment() {}

    /**
     * Sets the function's environment, before any of its other classes are loaded.
     *
     * @param newVariables an unmodifiable map
     */
    public static void set(Map<String, String> newVariables) {
        variables = newVariables;
    }

    /** As {@link System#getenv()}. */
    public static Map<String, String> getenv() {
        return variables;
    }

    /**
     * As {@link System#getenv(String)}.
     *
     * @param name the variable's name
     */
    public static @Nullable String getenv(String name) {
        return variables.get(Objects.requireNonNull(name, "name"));
    }
}
