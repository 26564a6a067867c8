package io.github.visitorcounter.internal.badge;

import java.text.Normalizer;
import java.util.stream.IntStream;

/**
 * The width of a text in Verdana at 11 px, from a table of the widths of ASCII characters. A letter with an accent is
 * as wide as the letter. The width of other scripts is estimated.
 */
final class TextWidth {

    private static final char FIRST = ' ';
    private static final char LAST = '~';
    private static final double FONT_SIZE = 11;
    private static final double UNITS_PER_EM = 1000;

    /** From the space to the tilde, in thousandths of the font size. */
    private static final int[] VERDANA = {
        352, 394, 459, 818, 636, 1076, 727, 269, 454, 454, 636, 818, 364, 454, 364, 454, // space to /
        636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 454, 454, 818, 818, 818, 545, // 0 to ?
        1000, 684, 686, 698, 771, 632, 575, 775, 751, 421, 455, 693, 557, 843, 748, 787, // @ to O
        603, 787, 695, 684, 616, 732, 684, 989, 685, 615, 685, 454, 454, 454, 818, 636, // P to _
        636, 601, 623, 521, 623, 596, 352, 623, 633, 274, 344, 592, 274, 973, 633, 607, // ` to o
        623, 623, 427, 521, 394, 633, 592, 818, 592, 592, 525, 635, 454, 635, 818 // p to ~
    };

    /** Wider than the average letter of Greek, Cyrillic, Hebrew and Arabic fonts. */
    private static final int OTHER_LETTER = 700;

    /** Chinese, Japanese and Korean characters and most emoji fill a square; an emoji may be a little wider. */
    private static final int IDEOGRAPH = 1150;

    /** The scripts and symbols from here on are mostly square, except for presentation forms of Arabic. */
    private static final int FIRST_SQUARE = 0x1100;

    private TextWidth() {}

    /** Returns the width in pixels. */
    static double of(String text) {
        return characters(text).mapToLong(TextWidth::units).sum() * FONT_SIZE / UNITS_PER_EM;
    }

    /** Returns whether the width is known, not estimated. */
    static boolean isKnown(String text) {
        return characters(text).allMatch(character -> isInTable(base(character)) || isMark(character));
    }

    /** Composed, so that a Korean syllable is one character. */
    private static IntStream characters(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC).codePoints();
    }

    private static int units(int character) {
        int base = base(character);
        if (isInTable(base)) {
            return VERDANA[base - FIRST];
        }
        if (isMark(character) || Character.getType(character) == Character.FORMAT) {
            return 0;
        }
        return character < FIRST_SQUARE ? OTHER_LETTER : IDEOGRAPH;
    }

    /** Returns a letter without its accents. */
    private static int base(int character) {
        return isInTable(character)
                ? character
                : Normalizer.normalize(Character.toString(character), Normalizer.Form.NFD)
                        .codePointAt(0);
    }

    private static boolean isInTable(int character) {
        return character >= FIRST && character <= LAST;
    }

    /** Accents and vowel signs are drawn over or under the letter before them. */
    private static boolean isMark(int character) {
        int type = Character.getType(character);
        return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
    }
}
