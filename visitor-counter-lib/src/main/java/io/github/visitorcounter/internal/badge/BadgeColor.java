package io.github.visitorcounter.internal.badge;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A colour of a badge. It consists of hexadecimal digits only, so that it cannot end the attribute that it is written
 * into.
 *
 * @param rgb six hexadecimal digits: red, green, blue
 */
public record BadgeColor(String rgb) {

    /** A description of the allowed colours, for messages. */
    public static final String ALLOWED =
            "brightgreen, green, yellowgreen, yellow, orange, red, blue, grey, lightgrey, or"
                    + " 3 or 6 hexadecimal digits";

    // First, because the constants below use it.
    private static final Pattern SIX_DIGITS = Pattern.compile("[0-9a-f]{6}");

    public static final BadgeColor BLUE = new BadgeColor("007ec6");
    public static final BadgeColor GREY = new BadgeColor("555555");
    public static final BadgeColor LIGHT_GREY = new BadgeColor("9f9f9f");

    private static final Map<String, BadgeColor> NAMED = Map.of(
            "brightgreen", new BadgeColor("44cc11"),
            "green", new BadgeColor("97ca00"),
            "yellowgreen", new BadgeColor("a4a61d"),
            "yellow", new BadgeColor("dfb317"),
            "orange", new BadgeColor("fe7d37"),
            "red", new BadgeColor("e05d44"),
            "blue", BLUE,
            "grey", GREY,
            "lightgrey", LIGHT_GREY);

    private static final Pattern SHORT_OR_LONG = Pattern.compile("#?([0-9a-f]{3}|[0-9a-f]{6})");

    /** White text on a brighter colour would be hard to read. */
    private static final double MAX_BRIGHTNESS_BEHIND_WHITE = 0.69;

    private static final int RADIX = 16;

    /**
     * Checks the digits.
     *
     * @param rgb six hexadecimal digits, in lower case
     */
    public BadgeColor {
        if (!SIX_DIGITS.matcher(rgb).matches()) {
            throw new IllegalArgumentException("A colour must be six hexadecimal digits");
        }
    }

    /**
     * Finds a colour by its name or digits.
     *
     * @param text any string
     * @return the colour, or empty if the text is not among {@link #ALLOWED}
     */
    public static Optional<BadgeColor> of(String text) {
        String lowerCase = text.toLowerCase(Locale.ROOT);
        BadgeColor named = NAMED.get(lowerCase);
        if (named != null) {
            return Optional.of(named);
        }
        if (!SHORT_OR_LONG.matcher(lowerCase).matches()) {
            return Optional.empty();
        }
        String digits = lowerCase.replace("#", "");
        return Optional.of(new BadgeColor(digits.length() == 3 ? digits.replaceAll("[0-9a-f]", "$0$0") : digits));
    }

    /** Returns whether dark text is easier to read on this colour than white text. */
    boolean needsDarkText() {
        double brightness = (part(0) * 299 + part(2) * 587 + part(4) * 114) / 255_000.0;
        return brightness > MAX_BRIGHTNESS_BEHIND_WHITE;
    }

    private int part(int begin) {
        return Integer.parseInt(rgb.substring(begin, begin + 2), RADIX);
    }
}
