package io.github.visitorcounter.internal.count;

/**
 * Validates the ids of counters, visits and visitors. The ids become keys in DynamoDB; a # separates the parts of the
 * keys of other rows, so ids must not contain it.
 */
public final class CounterIds {

    /** The rule for ids, for messages. */
    public static final String ALLOWED = "must be 1 to 100 letters, digits or . _ : / -";

    private static final int MAX_LENGTH = 100;

    private CounterIds() {}

    /**
     * Returns whether a string is a valid id.
     *
     * @param counterId any string
     * @return true if it is valid
     */
    public static boolean isValid(String counterId) {
        return !counterId.isEmpty()
                && counterId.length() <= MAX_LENGTH
                && counterId.chars().allMatch(CounterIds::isAllowed);
    }

    /**
     * Returns whether a string is a valid id or a valid pattern, such as {@code page:*}.
     *
     * @param name any string
     * @return true if it is valid
     */
    public static boolean isValidPattern(String name) {
        return isValid(name.endsWith("*") ? name.substring(0, name.length() - 1) : name);
    }

    /**
     * Returns whether an id matches a pattern.
     *
     * @param pattern a pattern that ends with {@code *}; a plain id matches nothing
     * @param counterId an id
     * @return true if the id begins with the pattern's prefix
     */
    public static boolean matches(String pattern, String counterId) {
        return pattern.endsWith("*") && counterId.startsWith(pattern.substring(0, pattern.length() - 1));
    }

    private static boolean isAllowed(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || "._:/-".indexOf(character) >= 0;
    }
}
