package io.github.visitorcounter;

import io.github.visitorcounter.connection.AllowedOrigins;
import io.github.visitorcounter.internal.count.CounterIds;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Turns variables into settings, and collects everything that is wrong with them; a wrong one reads as its default. */
final class SettingsReader {

    private final Map<String, String> values;
    private final List<String> problems = new ArrayList<>();

    SettingsReader(Map<String, String> values, Set<String> required) {
        this.values = values;
        required.stream()
                .sorted()
                .filter(variable -> optional(variable) == null)
                .forEach(variable -> problems.add(variable + " is not set"));
    }

    void throwIfAnythingIsWrong() {
        if (!problems.isEmpty()) {
            throw new InvalidConfigurationException(problems);
        }
    }

    /** An empty variable counts as unset: templates can't leave a variable out by a condition as easily as leave it empty. */
    @Nullable
    String optional(String variable) {
        String value = values.get(variable);
        return value == null || value.isBlank() ? null : value.strip();
    }

    String text(String variable, String defaultValue) {
        String value = optional(variable);
        return value == null ? defaultValue : value;
    }

    int number(String variable, int defaultValue, int least, int most) {
        String value = optional(variable);
        if (value == null) {
            return defaultValue;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Reported below, like a number out of range.
        }
        problems.add(variable + " is '" + value + "': must be a whole number from " + least + " to " + most);
        return defaultValue;
    }

    <T> T choice(String variable, T defaultValue, Map<String, T> choices) {
        String value = optional(variable);
        T choice = value == null ? defaultValue : choices.get(value);
        if (choice != null) {
            return choice;
        }
        problems.add(variable + " is '" + value + "': must be " + String.join(" or ", new TreeSet<>(choices.keySet())));
        return defaultValue;
    }

    @Nullable
    URI url(String variable) {
        String value = optional(variable);
        if (value == null) {
            return null;
        }
        try {
            URI url = new URI(value);
            if (("https".equals(url.getScheme()) || "http".equals(url.getScheme())) && url.getHost() != null) {
                return url;
            }
        } catch (URISyntaxException notAnAddress) {
            // Reported below, like an address of another scheme.
        }
        problems.add(
                variable + " is '" + value + "': must be the https address of the WebSocket API's stage (http for an"
                        + " emulator), for instance https://abcdef1234.execute-api.eu-central-1.amazonaws.com/prod");
        return null;
    }

    String counter(String variable, String defaultValue) {
        return checked(variable, text(variable, defaultValue), CounterIds::isValid);
    }

    Set<String> counters(String variable, String defaultCounter) {
        Set<String> counters = new LinkedHashSet<>();
        counters.add(defaultCounter);
        for (String name : list(variable)) {
            counters.add(checked(variable, name, CounterIds::isValidPattern));
        }
        return Set.copyOf(counters);
    }

    @Nullable
    AllowedOrigins origins(String variable) {
        List<String> origins = list(variable);
        if (origins.isEmpty()) {
            return null;
        }
        for (String origin : origins) {
            if (!AllowedOrigins.isValid(origin)) {
                problems.add(variable + " names the origin '" + origin + "': " + AllowedOrigins.ALLOWED);
            }
        }
        return problems.isEmpty() ? AllowedOrigins.of(Set.copyOf(origins)) : null;
    }

    private List<String> list(String variable) {
        String value = optional(variable);
        List<String> parts = new ArrayList<>();
        if (value != null) {
            for (String part : value.split(",", -1)) {
                parts.add(part.strip());
            }
        }
        return parts;
    }

    private String checked(String variable, String counterId, Predicate<String> valid) {
        if (!valid.test(counterId)) {
            problems.add(variable + " names the counter '" + counterId + "': " + CounterIds.ALLOWED);
        }
        return counterId;
    }
}
