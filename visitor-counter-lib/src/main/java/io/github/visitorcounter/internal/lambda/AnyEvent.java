package io.github.visitorcounter.internal.lambda;

import java.io.IOException;
import java.io.InputStream;

/** An event whose content does not matter. */
public final class AnyEvent {

    private AnyEvent() {}

    /**
     * Reads an event to its end, checks that it is JSON, and discards it.
     *
     * @param input the event
     * @throws InvalidEventException if the event is empty or not JSON
     * @throws IOException if the input can't be read
     */
    public static void read(InputStream input) throws IOException {
        if (EventField.tree(input.readAllBytes()).isMissingNode()) {
            throw new InvalidEventException("The event is empty", null);
        }
    }
}
