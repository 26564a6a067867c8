package io.github.visitorcounter.internal.badge;

import java.util.Arrays;
import java.util.Optional;

/** The looks of a badge. */
public enum BadgeStyle {
    /** Round corners and a gradient. */
    FLAT("flat"),

    /** Square corners and plain colours. */
    FLAT_SQUARE("flat-square");

    private final String word;

    BadgeStyle(String word) {
        this.word = word;
    }

    /**
     * Finds a style by the word for it in a query.
     *
     * @param word any string
     * @return the style, or empty if no style has this word
     */
    public static Optional<BadgeStyle> of(String word) {
        return Arrays.stream(values()).filter(style -> style.word.equals(word)).findFirst();
    }
}
