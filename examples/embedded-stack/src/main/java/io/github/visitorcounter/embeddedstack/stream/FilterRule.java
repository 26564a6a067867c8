package io.github.visitorcounter.embeddedstack.stream;

import com.fasterxml.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** The rules in the lists of a filter pattern. */
final class FilterRule {

    private static final String KNOWN = "anything-but, equals-ignore-case, exists, numeric, prefix, suffix";

    private FilterRule() {}

    /**
     * Compiles a list of rules.
     *
     * @param rules the list
     * @param path its path in the pattern
     * @return whether the values at a path match one of the rules; no values means that the path does not exist
     */
    static Predicate<List<JsonNode>> anyOf(JsonNode rules, String path) {
        if (rules.isEmpty()) {
            throw invalid(path, "the list of rules is empty; null is written [null]");
        }
        Predicate<List<JsonNode>> any = values -> false;
        for (int i = 0; i < rules.size(); i++) {
            any = any.or(compile(rules.get(i), path + "[" + i + "]"));
        }
        return any;
    }

    private static Predicate<List<JsonNode>> compile(JsonNode rule, String path) {
        if (rule.isObject() && rule.has("exists")) {
            return compileExists(rule, path);
        }
        Predicate<JsonNode> onValue = compileOnValue(rule, path);
        return values -> values.stream().anyMatch(onValue);
    }

    private static Predicate<List<JsonNode>> compileExists(JsonNode rule, String path) {
        JsonNode exists = rule.path("exists");
        if (rule.size() != 1 || !exists.isBoolean()) {
            throw invalid(path, "'exists' takes true or false, and stands alone");
        }
        return values -> values.isEmpty() != exists.booleanValue();
    }

    private static Predicate<JsonNode> compileOnValue(JsonNode rule, String path) {
        if (rule.isValueNode()) {
            return value -> same(rule, value);
        }
        if (!rule.isObject() || rule.size() != 1) {
            throw invalid(path, "expected a value or an object with one of " + KNOWN);
        }
        String name = rule.fieldNames().next();
        JsonNode operand = rule.path(name);
        String below = path + "." + name;
        return switch (name) {
            case "prefix" -> {
                String prefix = text(operand, below);
                yield value -> value.isTextual() && value.asText().startsWith(prefix);
            }
            case "suffix" -> {
                String suffix = text(operand, below);
                yield value -> value.isTextual() && value.asText().endsWith(suffix);
            }
            case "equals-ignore-case" -> {
                String expected = text(operand, below).toLowerCase(Locale.ROOT);
                yield value -> value.isTextual()
                        && value.asText().toLowerCase(Locale.ROOT).equals(expected);
            }
            case "anything-but" -> compileAnythingBut(operand, below);
            case "numeric" -> compileNumeric(operand, below);
            default -> throw invalid(below, "there is no such rule; known are " + KNOWN);
        };
    }

    private static Predicate<JsonNode> compileAnythingBut(JsonNode operand, String path) {
        Predicate<JsonNode> excluded = value -> false;
        if (operand.isArray() && operand.isEmpty()) {
            throw invalid(path, "the list is empty");
        }
        for (JsonNode one : operand.isArray() ? operand : List.of(operand)) {
            if (!one.isTextual() && !one.isNumber() && (operand.isArray() || !one.isObject())) {
                throw invalid(
                        path, "expected a string, a number, a list of them, or one rule such as {\"prefix\": \"…\"}");
            }
            excluded = excluded.or(compileOnValue(one, path));
        }
        return excluded.negate();
    }

    private static Predicate<JsonNode> compileNumeric(JsonNode operand, String path) {
        if (!operand.isArray() || (operand.size() != 2 && operand.size() != 4)) {
            throw invalid(path, "expected one or two comparisons, for instance [\">\", 0, \"<=\", 5]");
        }
        Predicate<JsonNode> all = JsonNode::isNumber;
        for (int i = 0; i < operand.size(); i += 2) {
            IntPredicate comparison = comparison(operand.get(i), path);
            JsonNode bound = operand.get(i + 1);
            if (!bound.isNumber()) {
                throw invalid(path, bound + " is not a number");
            }
            BigDecimal number = bound.decimalValue();
            all = all.and(value -> comparison.test(value.decimalValue().compareTo(number)));
        }
        return all;
    }

    private static IntPredicate comparison(JsonNode operator, String path) {
        return switch (operator.asText()) {
            case "=" -> sign -> sign == 0;
            case "<" -> sign -> sign < 0;
            case "<=" -> sign -> sign <= 0;
            case ">" -> sign -> sign > 0;
            case ">=" -> sign -> sign >= 0;
            default -> throw invalid(path, operator + " is not one of \"=\", \"<\", \"<=\", \">\", \">=\"");
        };
    }

    private static boolean same(JsonNode expected, JsonNode value) {
        return (expected.isNumber() && value.isNumber())
                ? expected.decimalValue().compareTo(value.decimalValue()) == 0
                : expected.equals(value);
    }

    private static String text(JsonNode operand, String path) {
        if (!operand.isTextual() || operand.asText().isEmpty()) {
            throw invalid(path, "expected a string that is not empty");
        }
        return operand.asText();
    }

    private static IllegalArgumentException invalid(String path, String why) {
        return new IllegalArgumentException("filter pattern at " + path + ": " + why);
    }
}
