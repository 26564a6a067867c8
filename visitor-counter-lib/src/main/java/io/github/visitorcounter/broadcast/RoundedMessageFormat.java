package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.count.VisitorCount;

/**
 * {@link MessageFormat#JSON} with rounded numbers, for crowds:
 * {@code {"type":"visitor-count","counter":"site","live":1200,"total":340000,"version":981,"rounded":true}}. Numbers
 * below 20 are exact. Larger ones are multiples of a step: the largest of 1, 2, 5, 10, 20, 50, … that is at most a
 * tenth of the number, so they have two significant digits.
 *
 * <p>A broadcast waits until a number is more than one step away from what pages show. After that, it must move by at
 * least half a step before it is sent again. The coming and going of a crowd thus costs few messages, and no page shows
 * a number that is more than one step wrong, except for the time that the message budget imposes. Immutable.
 *
 * @since 0.1.0
 */
public final class RoundedMessageFormat implements MessageFormat {

    /** The smallest number with a step above 1. */
    private static final long MIN_ROUNDED = 20;

    private static final int STEPS_IN_NUMBER = 10;

    private static final RoundedMessageFormat INSTANCE = new RoundedMessageFormat();

    private RoundedMessageFormat() {}

    /**
     * Returns the format.
     *
     * @return the only instance
     */
    public static RoundedMessageFormat instance() {
        return INSTANCE;
    }

    @Override
    public String format(VisitorCount count) {
        return JsonMessageFormat.json(count, round(count.live()), round(count.total()))
                .append(",\"rounded\":true}")
                .toString();
    }

    @Override
    public boolean isChange(VisitorCount sent, VisitorCount newest) {
        return isChange(sent.live(), newest.live()) || isChange(sent.total(), newest.total());
    }

    private static boolean isChange(long sent, long newest) {
        long shown = round(sent);
        return newest < MIN_ROUNDED
                ? newest != shown
                : newest > shown + step(shown) || newest < shown - step(Math.max(shown - 1, 0));
    }

    /** Returns the nearest multiple of the number's step; of two, the higher one. */
    static long round(long number) {
        long step = step(number);
        return (number + step / 2) / step * step;
    }

    /** Returns the distance from a number to the next one that is shown. */
    static long step(long number) {
        long max = number / STEPS_IN_NUMBER;
        long decade = 1;
        while (decade <= max / STEPS_IN_NUMBER) {
            decade *= STEPS_IN_NUMBER;
        }
        return max >= 5 * decade ? 5 * decade : max >= 2 * decade ? 2 * decade : decade;
    }
}
