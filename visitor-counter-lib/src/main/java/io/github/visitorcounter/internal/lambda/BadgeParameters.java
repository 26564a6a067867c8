package io.github.visitorcounter.internal.lambda;

import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.badge.Badge;
import io.github.visitorcounter.internal.badge.BadgeColor;
import io.github.visitorcounter.internal.badge.BadgeStyle;

import java.util.Map;

/** The parameters of a badge, from a query. */
public record BadgeParameters(String label, BadgeColor color, BadgeStyle style, boolean showsTotal) {

    static final int MAX_LABEL_LENGTH = 60;

    private static final String TOTAL = "total";
    private static final String LIVE = "live";
    private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
    private static final int ZERO_WIDTH_JOINER = 0x200d;

    /**
     * Reads the parameters.
     *
     * @throws IllegalArgumentException if one is not allowed; its message contains nothing of the query
     */
    public static BadgeParameters of(Map<String, String> query) {
        boolean showsTotal =
                switch (query.getOrDefault("show", LIVE)) {
                    case LIVE -> false;
                    case TOTAL -> true;
                    default -> throw new IllegalArgumentException("show must be live or total");
                };
        String label = query.getOrDefault("label", showsTotal ? "visits" : "visitors");
        if (!isAllowed(label)) {
            throw new IllegalArgumentException(
                    "label must be at most " + MAX_LABEL_LENGTH + " characters, without control characters");
        }
        return new BadgeParameters(
                label,
                BadgeColor.of(query.getOrDefault("color", "blue"))
                        .orElseThrow(() -> new IllegalArgumentException("color must be " + BadgeColor.ALLOWED)),
                BadgeStyle.of(query.getOrDefault("style", "flat"))
                        .orElseThrow(() -> new IllegalArgumentException("style must be flat or flat-square")),
                showsTotal);
    }

    /**
     * Control characters are not allowed in XML, and formats such as U+202E could turn the rest of the badge around.
     */
    private static boolean isAllowed(String label) {
        return label.codePointCount(0, label.length()) <= MAX_LABEL_LENGTH
                && label.codePoints().allMatch(character -> switch (Character.getType(character)) {
                    case Character.CONTROL,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> false;
                    // Persian words and some emoji contain them.
                    case Character.FORMAT -> character == ZERO_WIDTH_JOINER || character == ZERO_WIDTH_NON_JOINER;
                    default -> true;
                });
    }

    public Badge badge(VisitorCount count) {
        return new Badge(label, Long.toString(showsTotal ? count.total() : count.live()), color, style);
    }

    Badge unavailable() {
        return new Badge(label, "unavailable", BadgeColor.LIGHT_GREY, style);
    }
}
