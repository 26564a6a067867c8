package io.github.visitorcounter.embeddedstack.schedule;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rule that invokes a function asynchronously at a fixed rate. Immutable.
 *
 * @param name the rule's name, as in its events
 * @param functionName the name or ARN of the function
 * @param rate the time between two invocations, and before the first; AWS allows whole minutes
 * @param input the event as JSON, or null for EventBridge's {@code Scheduled Event}
 * @since 0.1.0
 */
public record Schedule(
        String name,
        String functionName,
        Duration rate,
        @Nullable String input) {

    private static final Pattern RATE = Pattern.compile("rate\\((?<value>[1-9]\\d{0,5}) (?<unit>minute|hour|day)s?\\)");

    /**
     * Checks the rate.
     *
     * @throws IllegalArgumentException if the rate is not above zero
     */
    public Schedule {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(functionName, "functionName");
        if (rate.isZero() || rate.isNegative()) {
            throw new IllegalArgumentException("schedule '" + name + "': its rate must be above zero, not " + rate);
        }
    }

    /**
     * Returns whether an expression is a rate; {@code cron} and {@code at} are not emulated.
     *
     * @param expression for instance {@code rate(5 minutes)}
     */
    public static boolean isRate(String expression) {
        return RATE.matcher(expression).matches();
    }

    /**
     * Parses a rate.
     *
     * @param expression for instance {@code rate(5 minutes)}
     * @throws IllegalArgumentException if it is not a {@link #isRate rate}
     */
    public static Duration rate(String expression) {
        Matcher rate = RATE.matcher(expression);
        if (!rate.matches()) {
            throw new IllegalArgumentException(
                    "'" + expression + "' is not a rate: expected for instance rate(5 minutes), rate(1 hour)");
        }
        long value = Long.parseLong(rate.group("value"));
        return switch (rate.group("unit")) {
            case "minute" -> Duration.ofMinutes(value);
            case "hour" -> Duration.ofHours(value);
            default -> Duration.ofDays(value);
        };
    }
}
