package io.github.visitorcounter;

import io.github.visitorcounter.internal.connection.AllowedOrigins;
import io.github.visitorcounter.internal.count.CounterIds;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The text form and the allowed values of a setting.
 *
 * @param allowed a description of the allowed values that completes "must be"
 * @param read parses a text; throws {@link IllegalArgumentException} if it is not allowed, with advice or an empty
 *     message
 * @param write formats a value; the result need not be allowed
 */
record SettingType<T>(String allowed, Function<String, T> read, Function<T, String> write) {

    static final SettingType<String> TABLE = text(
            "a table's name (3 to 255 letters, digits and _ . -) or its ARN",
            "[A-Za-z0-9_.-]{3,255}|arn:[^:/]+:dynamodb:[a-z0-9-]+:[0-9]{12}:table/[A-Za-z0-9_.-]{3,255}");

    static final SettingType<String> INDEX =
            text("an index's name: 3 to 255 letters, digits and _ . -", "[A-Za-z0-9_.-]{3,255}");

    static final SettingType<String> FUNCTION =
            text("a function's name or ARN, with its alias if it has one", "[A-Za-z0-9_:$.-]{1,300}");

    static final SettingType<String> NAMESPACE = text(
            "a namespace of CloudWatch: 1 to 255 letters, digits, spaces and . - _ / # :, not beginning with : or AWS/",
            "(?!:|AWS/)[A-Za-z0-9 ._/#:-]{1,255}");

    static final SettingType<String> COUNTER = text("1 to 100 letters, digits and . _ : / -", CounterIds::isValid);

    static final SettingType<Set<String>> COUNTERS = list(
            "ids of 1 to 100 letters, digits and . _ : / -, or prefixes of ids followed by *, separated by commas",
            name -> CounterIds.isValidPattern(name) ? Optional.empty() : Optional.of("'" + name + "' is invalid"));

    static final SettingType<Set<String>> ORIGINS = list(AllowedOrigins.ALLOWED, AllowedOrigins::problem);

    static final SettingType<URI> CALLBACK_URL = new SettingType<>(
            "the https address of the WebSocket API's stage, for instance"
                    + " https://abcdef1234.execute-api.eu-central-1.amazonaws.com/prod, or of its custom domain and base path (http"
                    + " for an emulator)",
            SettingType::callbackUrl,
            URI::toString);

    static SettingType<Integer> number(int min, int max) {
        return new SettingType<>(
                "a whole number from " + min + " to " + max, text -> (int) whole(text, min, max), String::valueOf);
    }

    static SettingType<Duration> seconds(int min, int max) {
        return new SettingType<>(
                "a whole number of seconds from " + min + " to " + max,
                text -> Duration.ofSeconds(whole(text, min, max)),
                value -> Long.toString(value.toSeconds()));
    }

    static SettingType<Duration> millis(int min, int max) {
        return new SettingType<>(
                "a whole number of milliseconds from " + min + " to " + max,
                text -> Duration.ofMillis(whole(text, min, max)),
                value -> Long.toString(value.toMillis()));
    }

    static <T> SettingType<T> choice(Function<T, String> name, List<T> choices) {
        return new SettingType<>(
                choices.stream().map(name).collect(Collectors.joining(", ")).replaceFirst(", ([^,]+)$", " or $1"),
                text -> choices.stream()
                        .filter(choice -> name.apply(choice).equals(text))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("")),
                name);
    }

    private static SettingType<String> text(String allowed, String pattern) {
        return text(allowed, Pattern.compile(pattern).asMatchPredicate());
    }

    private static SettingType<String> text(String allowed, Predicate<String> valid) {
        return new SettingType<>(
                allowed,
                text -> {
                    check(valid.test(text), "");
                    return text;
                },
                text -> text);
    }

    private static SettingType<Set<String>> list(String allowed, Function<String, Optional<String>> problem) {
        return new SettingType<>(
                allowed,
                text -> {
                    List<String> entries =
                            Stream.of(text.split(",", -1)).map(String::strip).toList();
                    List<String> problems = entries.stream()
                            .map(problem)
                            .flatMap(Optional::stream)
                            .toList();
                    check(problems.isEmpty(), String.join("; ", problems));
                    return Set.copyOf(entries);
                },
                entries -> String.join(",", entries));
    }

    private static long whole(String text, int min, int max) {
        try {
            long number = Long.parseLong(text);
            check(number >= min && number <= max, "");
            return number;
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("", notANumber);
        }
    }

    /**
     * A custom domain may map its empty base path to a stage, so that its address has no path. An execute-api address
     * always has the stage as its path.
     */
    private static URI callbackUrl(String text) {
        URI url = URI.create(text);
        String scheme = String.valueOf(url.getScheme());
        String path = String.valueOf(url.getPath());
        check(!scheme.startsWith("ws"), "Pages connect to " + scheme + "://; write https:// here");
        check((scheme.equals("https") || scheme.equals("http")) && url.getHost() != null, "");
        check(!path.contains("/@connections"), "Leave out /@connections and what follows it");
        check(
                url.getQuery() == null && url.getFragment() == null && url.getUserInfo() == null,
                "Leave out user, query and fragment");
        check(
                !url.getHost().contains(".execute-api.") || path.matches("/[^/]+/?"),
                "The path is the name of the stage, for instance /prod");
        return url;
    }

    private static void check(boolean allowed, String advice) {
        if (!allowed) {
            throw new IllegalArgumentException(advice);
        }
    }
}
