package io.github.visitorcounter.benchmark.report;

/**
 * A generated part of a page, between two invisible comments.
 *
 * @param begin the comment before it
 * @param end the comment after it
 */
record GeneratedPart(String begin, String end) {

    static GeneratedPart of(String name) {
        return new GeneratedPart("<!-- generated: " + name + " -->", "<!-- end of generated: " + name + " -->");
    }

    /**
     * Replaces the part, and nothing else.
     *
     * @throws IllegalArgumentException if the page has no such part
     */
    String replace(String page, String text) {
        int from = page.indexOf(begin);
        int to = page.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException(
                    "The page needs a line '" + begin + "' and after it a line '" + end + "'");
        }
        return page.substring(0, from + begin.length()) + "\n\n" + text.strip() + "\n\n" + page.substring(to);
    }
}
