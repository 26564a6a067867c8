package io.github.visitorcounter.benchmark.visitors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The numbers of one message.
 *
 * @param live how many are here
 * @param total how many have ever come
 * @param version how often the count has changed
 */
public record Shown(long live, long total, long version) {

    /** What a page shows before it has heard anything. */
    public static final Shown NOTHING = new Shown(-1, -1, -1);

    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Reads a message.
     *
     * @throws UncheckedIOException if it is no JSON
     * @throws IllegalArgumentException if a number is missing
     */
    static Shown parse(byte[] message, int offset, int length) {
        long live = -1;
        long total = -1;
        long version = -1;
        try (JsonParser json = JSON.createParser(message, offset, length)) {
            json.nextToken();
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                json.nextToken();
                switch (field) {
                    case "live" -> live = json.getLongValue();
                    case "total" -> total = json.getLongValue();
                    case "version" -> version = json.getLongValue();
                    default -> json.skipChildren();
                }
            }
        } catch (IOException noJson) {
            throw new UncheckedIOException(noJson);
        }
        if (live < 0 || total < 0 || version < 0) {
            throw new IllegalArgumentException(
                    "Not a count: live " + live + ", total " + total + ", version " + version);
        }
        return new Shown(live, total, version);
    }

    /** How many arrivals and departures the numbers include, when each visitor comes once: every departure lowers only {@code live}. */
    public long changes() {
        return 2 * total - live;
    }

    /** Whether these are the right numbers. */
    public boolean is(long expectedLive, long expectedTotal) {
        return live == expectedLive && total == expectedTotal;
    }
}
