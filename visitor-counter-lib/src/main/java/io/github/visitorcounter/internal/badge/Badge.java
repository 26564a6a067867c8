package io.github.visitorcounter.internal.badge;

/**
 * A badge: a label on grey, and a message on a colour. Texts are escaped, so they may contain any character of XML.
 *
 * @param label the text on the left; empty for a badge with a message only
 * @param message the text on the right
 * @param color the colour behind the message
 * @param style the look
 */
public record Badge(String label, String message, BadgeColor color, BadgeStyle style) {

    private static final int HEIGHT = 20;
    private static final int PADDING = 5;
    private static final int MAX_ASCII = 0x7e;

    /** DejaVu Sans, on most Linux systems, has almost the widths of Verdana. */
    private static final String FONT = "font-family=\"Verdana,Geneva,DejaVu Sans,sans-serif\" font-size=\"11\"";

    private static final String GRADIENT = "<linearGradient id=\"s\" x2=\"0\" y2=\"100%\">"
            + "<stop offset=\"0\" stop-color=\"#bbb\" stop-opacity=\".1\"/><stop offset=\"1\" stop-opacity=\".1\"/>"
            + "</linearGradient>";

    /**
     * Draws the badge.
     *
     * @return an SVG document without scripts, styles or references to other documents
     */
    public String svg() {
        int left = label.isEmpty() ? 0 : width(label);
        int right = width(message);
        String size = " width=\"" + (left + right) + "\" height=\"" + HEIGHT + '"';
        String name = escaped(label.isEmpty() ? message : label + ": " + message);
        StringBuilder svg = new StringBuilder(1_500)
                .append("<svg xmlns=\"http://www.w3.org/2000/svg\"" + size)
                .append(" role=\"img\" aria-label=\"" + name + "\"><title>" + name + "</title>");
        String fields = rect(0, left, '#' + BadgeColor.GREY.rgb()) + rect(left, right, '#' + color.rgb());
        if (style == BadgeStyle.FLAT) {
            // By width, so that several badges in one HTML document do not use each other's corners.
            String corners = "r" + (left + right);
            svg.append(GRADIENT)
                    .append("<clipPath id=\"" + corners + "\"><rect" + size + " rx=\"3\"/></clipPath>")
                    .append("<g clip-path=\"url(#" + corners + ")\">")
                    .append(fields + rect(0, left + right, "url(#s)"))
                    .append("</g>");
        } else {
            svg.append("<g shape-rendering=\"crispEdges\">" + fields + "</g>");
        }
        svg.append("<g text-anchor=\"middle\" text-rendering=\"geometricPrecision\" " + FONT + '>');
        if (left > 0) {
            appendText(svg, label, left / 2.0, false);
        }
        appendText(svg, message, left + right / 2.0, color.needsDarkText());
        return svg.append("</g></svg>").toString();
    }

    private static int width(String text) {
        return (int) Math.ceil(TextWidth.of(text)) + 2 * PADDING;
    }

    private static String rect(int x, int width, String fill) {
        return "<rect x=\"" + x + "\" width=\"" + width + "\" height=\"" + HEIGHT + "\" fill=\"" + fill + "\"/>";
    }

    private void appendText(StringBuilder svg, String text, double center, boolean isDark) {
        // textLength fits the text into its field in any font. It would take joined letters of other scripts apart.
        String length = TextWidth.isKnown(text) ? " textLength=\"" + tenths(TextWidth.of(text)) + '"' : "";
        String rest = " x=\"" + center + '"' + length + '>' + escaped(text) + "</text>";
        if (style == BadgeStyle.FLAT) {
            String shadow = isDark ? "#ccc" : "#010101";
            svg.append("<text aria-hidden=\"true\" y=\"15\" fill=\"" + shadow + "\" fill-opacity=\".3\"" + rest);
        }
        svg.append("<text y=\"14\" fill=\"" + (isDark ? "#333" : "#fff") + '"' + rest);
    }

    private static double tenths(double pixels) {
        return Math.round(pixels * 10) / 10.0;
    }

    /** Escapes a text for elements and attributes. Characters other than ASCII become references of ASCII. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            if (character > MAX_ASCII || "<>&\"'".indexOf(character) >= 0) {
                escaped.append("&#").append(character).append(';');
            } else {
                escaped.appendCodePoint(character);
            }
        });
        return escaped.toString();
    }
}
