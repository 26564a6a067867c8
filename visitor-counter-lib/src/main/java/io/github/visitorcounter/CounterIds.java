package io.github.visitorcounter;

/** What a counter may be called: it becomes a key in DynamoDB, and the table has rows of other kinds, whose keys contain #. */
final class CounterIds {

    static final String ALLOWED = "must be 1 to 100 letters, digits or . _ : / -";

    private static final int MOST_CHARACTERS = 100;

    private CounterIds() {}

    static boolean isValid(String counterId) {
        return !counterId.isEmpty()
                && counterId.length() <= MOST_CHARACTERS
                && counterId.chars().allMatch(CounterIds::isAllowed);
    }

    private static boolean isAllowed(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || "._:/-".indexOf(character) >= 0;
    }
}
