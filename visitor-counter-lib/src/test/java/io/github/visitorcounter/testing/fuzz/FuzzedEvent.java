package io.github.visitorcounter.testing.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.testing.Events;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A sample event with changes.
 *
 * @param sample the sample event
 * @param edits the changes of its tree
 * @param damage the change of its bytes
 * @param place the position of that change
 */
public record FuzzedEvent(String sample, List<Edit> edits, Damage damage, int place) {

    enum Damage {
        NONE,
        EMPTY,
        TRUNCATED,
        FLIPPED,
        INVALID_UTF_8,
        BYTE_ORDER_MARK,
        UTF_16,
        UTF_32,
        TRAILING,
        TWICE,
        NESTED,
        IN_A_LIST
    }

    private static final Map<String, ObjectNode> SAMPLES = samples();

    private static Map<String, ObjectNode> samples() {
        Map<String, ObjectNode> samples = new HashMap<>();
        for (String name : List.of(
                "connect",
                "connect-without-query",
                "connect-authorized",
                "disconnect",
                "disconnect-authorized",
                "message",
                "message-authorized",
                "request-function-url",
                "request-http-api",
                "stream-batch",
                "wake-ups")) {
            samples.put(name, Events.load(name));
        }
        for (String file : List.of("payloads", "foreign")) {
            Events.load(file).properties().forEach(event -> samples.put(event.getKey(), (ObjectNode) event.getValue()));
        }
        return samples;
    }

    /** Returns the names of all samples. */
    static List<String> names() {
        return List.copyOf(new TreeSet<>(SAMPLES.keySet()));
    }

    /** Returns the payload of the invocation. */
    public byte[] bytes() {
        JsonNode tree = SAMPLES.get(sample).deepCopy();
        edits.forEach(edit -> edit.apply(tree));
        String json = tree.toString();
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        int at = Math.floorMod(place, bytes.length);
        return switch (damage) {
            case NONE -> bytes;
            case EMPTY -> new byte[0];
            case TRUNCATED -> Arrays.copyOf(bytes, at);
            case FLIPPED -> flipped(bytes, at);
            case INVALID_UTF_8 ->
                joined(Arrays.copyOf(bytes, at), new byte[] {(byte) 0xc0, (byte) 0xff}, rest(bytes, at));
            case BYTE_ORDER_MARK -> joined(new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf}, bytes);
            case UTF_16 -> json.getBytes(StandardCharsets.UTF_16);
            case UTF_32 -> joined(new byte[] {0, 0, (byte) 0xfe, (byte) 0xff, (byte) place, 1, 2, 3}, bytes);
            case TRAILING -> joined(bytes, bytes);
            case TWICE ->
                text("{\"requestContext\":{\"eventType\":\"CONNECT\"},\"counterId\":\"site\"," + json.substring(1));
            case NESTED -> text("{\"counterId\":".repeat(1 + Math.floorMod(place, 5_000)) + json);
            case IN_A_LIST -> text("[" + json + "]");
        };
    }

    private static byte[] flipped(byte[] bytes, int at) {
        bytes[at] ^= (byte) (1 << (at % 8));
        return bytes;
    }

    private static byte[] rest(byte[] bytes, int at) {
        return Arrays.copyOfRange(bytes, at, bytes.length);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
