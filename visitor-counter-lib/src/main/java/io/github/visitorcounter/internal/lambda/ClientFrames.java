package io.github.visitorcounter.internal.lambda;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;

/** What this library says to one page, apart from counts. Pages ignore frames of types that they don't know. */
public final class ClientFrames {

    /** The answer to a ping. */
    public static final String PONG = "{\"type\":\"pong\"}";

    private static final String TYPE = "type";
    private static final String ERROR = "error";
    private static final String MESSAGE = "message";

    private ClientFrames() {}

    /**
     * Says why there is no better answer.
     *
     * @param message one sentence, with nothing of what the page sent
     * @return the frame
     */
    public static String error(String message) {
        return object(message).toString();
    }

    /**
     * Says why there is no better answer, and what would have one.
     *
     * @param message one sentence, with nothing of what the page sent
     * @param allowed the actions that are answered
     * @return the frame
     */
    public static String error(String message, List<String> allowed) {
        ObjectNode frame = object(message);
        allowed.forEach(frame.putArray("allowed")::add);
        return frame.toString();
    }

    private static ObjectNode object(String message) {
        return JsonNodeFactory.instance.objectNode().put(TYPE, ERROR).put(MESSAGE, message);
    }
}
