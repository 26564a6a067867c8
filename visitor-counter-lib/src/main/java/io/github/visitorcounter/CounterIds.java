package io.github.visitorcounter;

/**
 * What a counter, a visit or a visitor may be called: the ids become keys in DynamoDB, and the table has rows of other kinds,
 * whose keys have parts divided by #.
 */
final class CounterIds {

    static final String ALLOWED = "must be 1 to 100 letters, digits or . _ : / -";

    private static final int MOST_CHARACTERS = 100;

    private CounterIds() {}

    static boolean isValid(String counterId) {
        return !counterId.isEmpty()
                && counterId.length() <= MOST_CHARACTERS
                && counterId.chars().allMatch(CounterIds::isAllowed);
    }

    /** The beginning of ids may be given instead of an id: {@code page:*}. */
    static boolean isValidPattern(String name) {
        return isValid(name.endsWith("*") ? name.substring(0, name.length() - 1) : name);
    }

    static boolean matches(String pattern, String counterId) {
        return pattern.endsWith("*") && counterId.startsWith(pattern.substring(0, pattern.length() - 1));
    }

    private static boolean isAllowed(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || "._:/-".indexOf(character) >= 0;
    }
}
