package io.github.visitorcounter.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.count.VisitorCount;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Parses and creates JSON. */
final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    /** Returns the count of a message. */
    static VisitorCount count(String message) {
        JsonNode json = tree(message);
        return new VisitorCount(
                json.path("counter").asText(),
                json.path("live").asLong(-1),
                json.path("total").asLong(-1),
                json.path("version").asLong(-1),
                null);
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }
}
