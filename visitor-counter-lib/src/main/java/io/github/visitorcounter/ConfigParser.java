package io.github.visitorcounter;

import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns variables into settings, and finds everything that is wrong with them. */
final class ConfigParser {

    private final Map<String, String> values;
    private final List<String> problems = new ArrayList<>();

    ConfigParser(Map<String, String> values, Set<String> required) {
        this.values = values;
        required.stream()
                .sorted()
                .filter(variable -> optional(variable) == null)
                .forEach(variable -> problems.add(variable + " is not set"));
    }

    VisitorCounterConfig parse(@Nullable StaleConnectionPolicy policyFromCode) {
        String defaultCounter =
                counter(VisitorCounterConfig.DEFAULT_COUNTER, text(VisitorCounterConfig.DEFAULT_COUNTER, "site"));
        VisitorCounterConfig config = new VisitorCounterConfig(
                text(VisitorCounterConfig.CONNECTIONS_TABLE, "ConnectionIDs"),
                text(VisitorCounterConfig.COUNT_TABLE, "VisitorCount"),
                defaultCounter,
                counters(defaultCounter),
                optional(VisitorCounterConfig.BROADCAST_FUNCTION),
                url(VisitorCounterConfig.CALLBACK_URL),
                number(VisitorCounterConfig.POST_CONCURRENCY, 256, 1, 4096),
                Duration.ofMillis(number(VisitorCounterConfig.POST_TIMEOUT, 3_000, 100, 30_000)),
                Duration.ofSeconds(number(VisitorCounterConfig.HANDSHAKE_GRACE, 10, 0, 60)),
                number(VisitorCounterConfig.MESSAGES_PER_SECOND, 100, 1, 10_000),
                Duration.ofMillis(number(VisitorCounterConfig.MINIMUM_INTERVAL, 250, 0, 60_000)),
                number(VisitorCounterConfig.FAN_OUT_THRESHOLD, 2_000, 1, 1_000_000),
                optional(VisitorCounterConfig.METRICS_NAMESPACE),
                policyFromCode != null ? policyFromCode : policy());
        if (!problems.isEmpty()) {
            throw new InvalidConfigurationException(problems);
        }
        return config;
    }

    /** An empty variable counts as unset: templates can't leave a variable out by a condition as easily as leave it empty. */
    private @Nullable String optional(String variable) {
        String value = values.get(variable);
        return value == null || value.isBlank() ? null : value.strip();
    }

    private String text(String variable, String defaultValue) {
        String value = optional(variable);
        return value == null ? defaultValue : value;
    }

    private int number(String variable, int defaultValue, int least, int most) {
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

    private @Nullable URI url(String variable) {
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

    private Set<String> counters(String defaultCounter) {
        Set<String> counters = new LinkedHashSet<>();
        counters.add(defaultCounter);
        String value = optional(VisitorCounterConfig.COUNTERS);
        if (value != null) {
            for (String counterId : value.split(",", -1)) {
                counters.add(counter(VisitorCounterConfig.COUNTERS, counterId.strip()));
            }
        }
        return counters;
    }

    private String counter(String variable, String counterId) {
        if (!CounterIds.isValid(counterId)) {
            problems.add(variable + " names the counter '" + counterId + "': " + CounterIds.ALLOWED);
        }
        return counterId;
    }

    private StaleConnectionPolicy policy() {
        String value = optional(VisitorCounterConfig.STALE_CONNECTIONS);
        if (value == null || value.equals("delete-on-gone")) {
            return StaleConnectionPolicy.DELETE_ON_GONE;
        }
        if (!value.equals("keep")) {
            problems.add(
                    VisitorCounterConfig.STALE_CONNECTIONS + " is '" + value + "': must be delete-on-gone or keep");
        }
        return StaleConnectionPolicy.KEEP;
    }
}
