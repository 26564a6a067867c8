package io.github.visitorcounter.testing.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A change of an event's tree.
 *
 * @param kind the kind of change
 * @param place the index of the changed value, counted from the root, modulo the number of values
 * @param value the index of the hostile value
 */
record Edit(Kind kind, int place, int value) {

    enum Kind {
        REPLACE,
        REMOVE,
        RENAME,
        ADD,
        REPEAT,
        WRAP
    }

    /** A value and its parent. */
    private record Slot(JsonNode parent, String name, int index) {

        JsonNode value() {
            return parent instanceof ObjectNode object ? object.get(name) : parent.get(index);
        }

        void set(JsonNode value) {
            if (parent instanceof ObjectNode object) {
                object.set(name, value);
            } else {
                ((ArrayNode) parent).set(index, value);
            }
        }
    }

    void apply(JsonNode root) {
        List<Slot> slots = new ArrayList<>();
        collect(root, slots);
        if (slots.isEmpty()) {
            return;
        }
        Slot slot = slots.get(Math.floorMod(place, slots.size()));
        JsonNode hostile = HostileValues.ALL.get(value).deepCopy();
        switch (kind) {
            case REPLACE -> slot.set(hostile);
            case REMOVE -> {
                if (slot.parent() instanceof ObjectNode object) {
                    object.remove(slot.name());
                } else {
                    ((ArrayNode) slot.parent()).remove(slot.index());
                }
            }
            case RENAME -> {
                if (slot.parent() instanceof ObjectNode object) {
                    object.set(slot.name().toUpperCase(Locale.ROOT), object.remove(slot.name()));
                }
            }
            case ADD -> {
                if (slot.parent() instanceof ObjectNode object) {
                    object.set("counterId", hostile);
                } else {
                    ((ArrayNode) slot.parent()).add(hostile);
                }
            }
            case REPEAT -> {
                if (slot.parent() instanceof ArrayNode array) {
                    array.add(slot.value().deepCopy());
                }
            }
            case WRAP -> slot.set(JsonNodeFactory.instance.arrayNode().add(slot.value()));
            default -> throw new IllegalStateException("Unknown edit " + kind);
        }
    }

    private static void collect(JsonNode node, List<Slot> slots) {
        if (node instanceof ObjectNode object) {
            for (var field : object.properties()) {
                slots.add(new Slot(object, field.getKey(), -1));
                collect(field.getValue(), slots);
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                slots.add(new Slot(array, "", i));
                collect(array.get(i), slots);
            }
        }
    }
}
