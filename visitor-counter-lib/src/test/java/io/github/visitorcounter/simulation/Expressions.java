package io.github.visitorcounter.simulation;

import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of DynamoDB's expression language that counters need: conditions, filters, key conditions and updates. */
final class Expressions {

    /** The scope of an expression: the current item, and the request's names and values. */
    record Scope(Map<String, AttributeValue> item, Map<String, String> names, Map<String, AttributeValue> values) {}

    @FunctionalInterface
    interface Condition {
        boolean holds(Scope scope);
    }

    @FunctionalInterface
    interface Operand {
        AttributeValue in(Scope scope);
    }

    @FunctionalInterface
    interface Update {
        /** Changes {@code result}; reads the item before the update. */
        void apply(Scope before, Map<String, AttributeValue> result);
    }

    private static final Map<String, Condition> CONDITIONS = new ConcurrentHashMap<>();
    private static final Map<String, Update> UPDATES = new ConcurrentHashMap<>();
    private static final Pattern TOKEN = Pattern.compile("\\s*(<>|<=|>=|[=<>(),+-]|[#:]?[A-Za-z_][A-Za-z0-9_]*)");
    private static final Set<String> COMPARATORS = Set.of("=", "<>", "<", "<=", ">", ">=");
    private static final Set<String> CLAUSES = Set.of("SET", "REMOVE", "ADD", "DELETE");

    private final List<String> tokens = new ArrayList<>();
    private int next;

    private Expressions(String text) {
        Matcher matcher = TOKEN.matcher(text);
        int end = 0;
        while (matcher.lookingAt()) {
            tokens.add(matcher.group(1));
            end = matcher.end();
            matcher.region(end, text.length());
        }
        if (!text.substring(end).isBlank()) {
            throw invalid("Syntax error in expression: " + text);
        }
    }

    static Condition condition(String text) {
        return text == null || text.isEmpty()
                ? scope -> true
                : CONDITIONS.computeIfAbsent(text, all -> new Expressions(all).wholeCondition());
    }

    static Update update(String text) {
        return text == null || text.isEmpty()
                ? (before, result) -> {}
                : UPDATES.computeIfAbsent(text, all -> new Expressions(all).wholeUpdate());
    }

    static DynamoDbException invalid(String message) {
        return (DynamoDbException)
                DynamoDbException.builder().message(message).statusCode(400).build();
    }

    private Condition wholeCondition() {
        Condition condition = either();
        if (next < tokens.size()) {
            throw invalid("Unexpected " + tokens.get(next) + " in " + tokens);
        }
        return condition;
    }

    private Condition either() {
        Condition left = both();
        while (takes("OR")) {
            Condition one = left;
            Condition other = both();
            left = scope -> one.holds(scope) || other.holds(scope);
        }
        return left;
    }

    private Condition both() {
        Condition left = negation();
        while (takes("AND")) {
            Condition one = left;
            Condition other = negation();
            left = scope -> one.holds(scope) && other.holds(scope);
        }
        return left;
    }

    private Condition negation() {
        if (takes("NOT")) {
            Condition positive = negation();
            return scope -> !positive.holds(scope);
        }
        if (takes("(")) {
            Condition inner = either();
            expect(")");
            return inner;
        }
        if (takes("attribute_exists")) {
            Operand path = onlyArgument();
            return scope -> path.in(scope) != null;
        }
        if (takes("attribute_not_exists")) {
            Operand path = onlyArgument();
            return scope -> path.in(scope) == null;
        }
        if (takes("attribute_type")) {
            Operand[] two = bothArguments();
            return scope -> two[0].in(scope) != null
                    && two[0].in(scope).type().name().equals(two[1].in(scope).s());
        }
        if (takes("contains")) {
            Operand[] two = bothArguments();
            return scope -> two[0].in(scope) != null
                    && two[0].in(scope).s().contains(two[1].in(scope).s());
        }
        if (takes("begins_with")) {
            Operand[] two = bothArguments();
            return scope -> two[0].in(scope) != null
                    && two[0].in(scope).s().startsWith(two[1].in(scope).s());
        }
        return comparison();
    }

    private Operand[] bothArguments() {
        expect("(");
        Operand one = operand();
        expect(",");
        Operand other = operand();
        expect(")");
        return new Operand[] {one, other};
    }

    private Operand onlyArgument() {
        expect("(");
        Operand path = operand();
        expect(")");
        return path;
    }

    private Condition comparison() {
        Operand left = operand();
        if (takes("BETWEEN")) {
            Operand lower = operand();
            expect("AND");
            Operand upper = operand();
            return scope ->
                    compares(left.in(scope), ">=", lower.in(scope)) && compares(left.in(scope), "<=", upper.in(scope));
        }
        if (takes("IN")) {
            List<Operand> choices = new ArrayList<>();
            expect("(");
            do {
                choices.add(operand());
            } while (takes(","));
            expect(")");
            return scope -> choices.stream().anyMatch(choice -> compares(left.in(scope), "=", choice.in(scope)));
        }
        String comparator = take();
        if (!COMPARATORS.contains(comparator)) {
            throw invalid("Not a comparator: " + comparator + " in " + tokens);
        }
        Operand right = operand();
        return scope -> compares(left.in(scope), comparator, right.in(scope));
    }

    /** A comparison with a missing attribute is false, except {@code <>}, which is true. */
    private static boolean compares(AttributeValue left, String comparator, AttributeValue right) {
        if (left == null || right == null || left.type() != right.type()) {
            return comparator.equals("<>");
        }
        int order = left.n() != null ? number(left).compareTo(number(right)) : order(left, right);
        return switch (comparator) {
            case "=" -> order == 0;
            case "<>" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    private static int order(AttributeValue left, AttributeValue right) {
        if (left.s() != null) {
            return left.s().compareTo(right.s());
        }
        return left.equals(right) ? 0 : 1;
    }

    private Update wholeUpdate() {
        List<Update> parts = new ArrayList<>();
        while (next < tokens.size()) {
            String clause = take();
            do {
                parts.add(
                        switch (clause) {
                            case "SET" -> assignment();
                            case "REMOVE" -> removal();
                            case "ADD" -> addition();
                            default -> throw invalid("Not a clause: " + clause + " in " + tokens);
                        });
            } while (takes(","));
            if (next < tokens.size() && !CLAUSES.contains(tokens.get(next))) {
                throw invalid("Unexpected " + tokens.get(next) + " in " + tokens);
            }
        }
        return (before, result) -> parts.forEach(part -> part.apply(before, result));
    }

    private Update assignment() {
        String path = take();
        expect("=");
        Operand value = sum();
        return (before, result) -> result.put(name(path, before), existing(value.in(before)));
    }

    private Operand sum() {
        Operand left = term();
        if (takes("+")) {
            Operand right = term();
            return scope -> number(number(left.in(scope)).add(number(right.in(scope))));
        }
        if (takes("-")) {
            Operand right = term();
            return scope -> number(number(left.in(scope)).subtract(number(right.in(scope))));
        }
        return left;
    }

    private Operand term() {
        if (takes("if_not_exists")) {
            expect("(");
            Operand path = operand();
            expect(",");
            Operand otherwise = term();
            expect(")");
            return scope -> path.in(scope) == null ? otherwise.in(scope) : path.in(scope);
        }
        return operand();
    }

    private Update removal() {
        String path = take();
        return (before, result) -> result.remove(name(path, before));
    }

    private Update addition() {
        String path = take();
        Operand value = operand();
        return (before, result) -> {
            AttributeValue old = before.item().get(name(path, before));
            BigDecimal start = old == null ? BigDecimal.ZERO : number(old);
            result.put(name(path, before), number(start.add(number(value.in(before)))));
        };
    }

    private Operand operand() {
        String token = take();
        if (token.startsWith(":")) {
            return scope -> existing(scope.values().get(token));
        }
        return scope -> scope.item().get(name(token, scope));
    }

    private static String name(String path, Scope scope) {
        if (!path.startsWith("#")) {
            return path;
        }
        String name = scope.names().get(path);
        if (name == null) {
            throw invalid("An expression attribute name used in the document path is not defined: " + path);
        }
        return name;
    }

    private static AttributeValue existing(AttributeValue value) {
        if (value == null) {
            throw invalid("The provided expression refers to an attribute that does not exist in the item");
        }
        return value;
    }

    private static BigDecimal number(AttributeValue value) {
        String digits = existing(value).n();
        if (digits == null) {
            throw invalid("An operand in the update expression has an incorrect data type");
        }
        return new BigDecimal(digits);
    }

    private static AttributeValue number(BigDecimal value) {
        return AttributeValue.fromN(value.toPlainString());
    }

    private boolean takes(String token) {
        if (next < tokens.size() && tokens.get(next).equals(token)) {
            next++;
            return true;
        }
        return false;
    }

    private void expect(String token) {
        if (!takes(token)) {
            throw invalid("Expected " + token + " at token " + next + " of " + tokens);
        }
    }

    private String take() {
        if (next == tokens.size()) {
            throw invalid("Unexpected end of " + tokens);
        }
        return tokens.get(next++);
    }

    /** Returns a mutable copy of an item. */
    static Map<String, AttributeValue> copy(Map<String, AttributeValue> item) {
        return new HashMap<>(item);
    }
}
