package io.github.visitorcounter.internal.count;

/**
 * What a counter, a visit or a visitor may be called: the ids become keys in DynamoDB, and the table has rows of other kinds,
 * whose keys have parts divided by #.
 */
public final class CounterIds {

    /** What an id must be. */
    public static final String ALLOWED = "must be 1 to 100 letters, digits or . _ : / -";

    private static final int MOST_CHARACTERS = 100;

    private CounterIds() {}

    /**
     * Tells whether a text can be a counter's id.
     *
     * @param counterId anything
     * @return whether it is what {@link #ALLOWED} says
     */
    public static boolean isValid(String counterId) {
        return !counterId.isEmpty()
                && counterId.length() <= MOST_CHARACTERS
                && counterId.chars().allMatch(CounterIds::isAllowed);
    }

    /**
     * Tells whether a text can stand for ids: it is one, or the beginning of some, as in {@code page:*}.
     *
     * @param name anything
     * @return whether it can
     */
    public static boolean isValidPattern(String name) {
        return isValid(name.endsWith("*") ? name.substring(0, name.length() - 1) : name);
    }

    /**
     * Tells whether an id is among those that a pattern stands for.
     *
     * @param pattern a pattern, which ends with {@code *}; an id matches nothing
     * @param counterId an id
     * @return whether it begins like the pattern
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
