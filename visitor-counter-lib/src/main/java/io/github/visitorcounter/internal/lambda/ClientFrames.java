package io.github.visitorcounter.internal.lambda;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;

/** The frames that this library sends to a single page, other than counts. Pages ignore frames of unknown types. */
public final class ClientFrames {

    /** The answer to a ping. */
    public static final String PONG = "{\"type\":\"pong\"}";

    private static final String TYPE = "type";
    private static final String ERROR = "error";
    private static final String MESSAGE = "message";

    private ClientFrames() {}

    /**
     * Returns an error frame.
     *
     * @param message one sentence, without any data that the page sent
     * @return the frame
     */
    public static String error(String message) {
        return object(message).toString();
    }

    /**
     * Returns an error frame with the allowed actions.
     *
     * @param message one sentence, without any data that the page sent
     * @param allowed the allowed actions
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
