package io.github.visitorcounter.internal;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;

import java.io.IOException;
import java.io.InputStream;

/** An event whose content does not matter. */
public final class AnyEvent {

    private static final JsonFactory JSON = new JsonFactory();

    private AnyEvent() {}

    /**
     * Reads an event to its end, and forgets it.
     *
     * @param input the event
     * @throws InvalidEventException if it is not JSON
     * @throws IOException if the input can't be read
     */
    public static void read(InputStream input) throws IOException {
        try (JsonParser parser = JSON.createParser(input)) {
            if (parser.nextToken() == null) {
                throw new InvalidEventException("The event is empty", null);
            }
            while (parser.nextToken() != null) {
                // Only to see that it is JSON.
            }
        } catch (JacksonException notJson) {
            throw new InvalidEventException("The event is not JSON", null);
        }
    }
}
