package io.github.visitorcounter.benchmark.visitors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The numbers of one message.
 *
 * @param live the number of connected visitors
 * @param total the number of visitors so far
 * @param version the number of changes of the count
 */
public record Shown(long live, long total, long version) {

    /** The state of a page before its first message. */
    public static final Shown NOTHING = new Shown(-1, -1, -1);

    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Reads a message.
     *
     * @throws UncheckedIOException if it is not JSON
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

    /**
     * Returns how many connects and disconnects the numbers include, if each visitor connects once: a disconnect
     * decreases only {@code live}.
     */
    public long changes() {
        return 2 * total - live;
    }

    /** Returns whether these are the correct numbers. */
    public boolean is(long expectedLive, long expectedTotal) {
        return live == expectedLive && total == expectedTotal;
    }
}
