package io.github.visitorcounter.examples.cdk;

import io.github.visitorcounter.Setting;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads settings from the CDK's context, for instance {@code cdk deploy -c allowedCounters=site,blog}. What is wrong is
 * collected, and reads as if it were absent. Not thread-safe.
 */
final class ContextSettings {

    private final Map<String, Object> context;
    private final Set<String> read = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();

    /**
     * Starts with nothing read.
     *
     * @param context all of the context, the CDK's own keys included
     */
    ContextSettings(Map<String, Object> context) {
        this.context = new TreeMap<>(context);
    }

    Optional<String> text(String name) {
        read.add(name);
        return Optional.ofNullable(context.get(name)).map(Object::toString);
    }

    Optional<List<String>> list(String name) {
        return text(name).map(texts -> Stream.of(texts.split(",", -1)).toList());
    }

    /** A value that the library's setting takes. */
    <T> Optional<T> value(String name, Setting<T> setting) {
        return text(name).flatMap(text -> {
            try {
                return Optional.of(setting.parse(text));
            } catch (IllegalArgumentException wrong) {
                problem(name + " is not allowed: " + wrong.getMessage());
                return Optional.empty();
            }
        });
    }

    Optional<Integer> number(String name, int min, int max) {
        return text(name).flatMap(text -> {
            try {
                int number = Integer.parseInt(text);
                if (number >= min && number <= max) {
                    return Optional.of(number);
                }
            } catch (NumberFormatException notANumber) {
                // A problem, as a number out of range is.
            }
            return problem(name, text, "a whole number from " + min + " to " + max);
        });
    }

    /** One of a few values, in upper or lower case. */
    <T> Optional<T> choice(String name, Map<String, T> allowed) {
        return text(name).flatMap(text -> {
            T chosen = allowed.get(text.toLowerCase(Locale.ROOT));
            return chosen == null ? problem(name, text, String.join(", ", allowed.keySet())) : Optional.of(chosen);
        });
    }

    /** One of the constants of an enumeration. */
    <E extends Enum<E>> Optional<E> constant(String name, Class<E> type) {
        Map<String, E> constants = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            constants.put(constant.name().toLowerCase(Locale.ROOT), constant);
        }
        return choice(name, constants);
    }

    /** Adds a problem with a setting, if it is there. */
    <T> Optional<T> problem(String name, String value, String allowed) {
        problems.add(name + " is '" + value + "'. Allowed: " + allowed);
        return Optional.empty();
    }

    /** Adds what is wrong with several settings. */
    void problem(String problem) {
        problems.add(problem);
    }

    /**
     * Checks that everything was right.
     *
     * @throws IllegalArgumentException if a value is not allowed, or a key looks like a setting and is none; the
     *     message lists all
     */
    void check() {
        context.keySet().stream()
                .filter(this::looksLikeASetting)
                .forEach(key -> problems.add("There is no setting " + key + nearest(key)));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(problems.stream()
                    .collect(Collectors.joining("\n  ", "The context (cdk.json, or -c) is wrong:\n  ", "")));
        }
    }

    /** The CDK's own keys have colons, slashes or dashes. */
    private boolean looksLikeASetting(String key) {
        return !read.contains(key)
                && (key.matches("[A-Za-z0-9]+")
                        || read.stream().anyMatch(name -> plain(name).equals(plain(key))));
    }

    private String nearest(String key) {
        return read.stream()
                .filter(name -> plain(name).equals(plain(key)))
                .findFirst()
                .map(name -> ". Did you mean " + name + "?")
                .orElseGet(() -> ". There are: " + String.join(", ", read));
    }

    private static String plain(String key) {
        return key.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
