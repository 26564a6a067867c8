package io.github.visitorcounter.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * What a handler returned. Immutable.
 *
 * @param json the whole response
 * @since 0.1.0
 */
public record TestResponse(String json) {

    static final int OK = 200;

    private static final ObjectMapper JSON = new ObjectMapper();

    static TestResponse of(byte[] json) throws IOException {
        return new TestResponse(JSON.readTree(json).toString());
    }

    /**
     * Returns the status that API Gateway would answer.
     *
     * @return the HTTP status; 0 if the response has none, such as that of a stream's batch
     */
    public int statusCode() {
        return tree().path("statusCode").asInt();
    }

    /**
     * Returns the body, which API Gateway sends to the page as the answer of its message.
     *
     * @return the text; null if there is none
     */
    public @Nullable String body() {
        return tree().path("body").textValue();
    }

    /**
     * Returns a header of the handshake's response.
     *
     * @param name its name, as the handler wrote it
     * @return its value; null if there is none
     */
    public @Nullable String header(String name) {
        return tree().path("headers").path(name).textValue();
    }

    private JsonNode tree() {
        try {
            return JSON.readTree(json);
        } catch (IOException impossible) {
            throw new AssertionError("A response that was JSON", impossible);
        }
    }
}
