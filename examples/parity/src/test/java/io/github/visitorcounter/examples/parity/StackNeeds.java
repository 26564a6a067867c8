package io.github.visitorcounter.examples.parity;

import io.github.visitorcounter.examples.sam.Deployment;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The table "What your stack needs" of docs/java.md, as the SAM template has it. */
final class StackNeeds {

    private static final String LIBRARY = "io.github.visitorcounter.";

    /** The functions of the library's handlers, in the order of the table. */
    private static final Map<String, String> FUNCTIONS = new LinkedHashMap<>();

    static {
        FUNCTIONS.put("ConnectFunction", "connect");
        FUNCTIONS.put("DisconnectFunction", "disconnect");
        FUNCTIONS.put("MessageFunction", "message");
        FUNCTIONS.put("BroadcastFunction", "broadcast");
        FUNCTIONS.put("WakeUpFunction", "wake-up");
        FUNCTIONS.put("ReconcileFunction", "reconcile");
        FUNCTIONS.put("HttpCountFunction", "http-count");
    }

    private final Deployment stack;

    /**
     * Creates the table of a stack.
     *
     * @param stack with several counters, so that it has the index
     */
    StackNeeds(Deployment stack) {
        this.stack = stack;
    }

    String table() {
        List<String> rows = new ArrayList<>(List.of("| Part | What it needs |", "|---|---|"));
        rows.add(row("Table `ConnectionIDs`", table("ConnectionIDs")));
        rows.add(row("Index `byCounter` of it, for many counters", index()));
        rows.add(row("Table `VisitorCount`", table("VisitorCount") + "; stream `" + streamView() + "`"));
        rows.add(row("Event source mapping to broadcast", mapping("BroadcastFunctionChanges")));
        rows.add(row("Event source mapping to wake-up", mapping("WakeUpFunctionWakeUps")));
        FUNCTIONS.forEach((id, name) -> rows.add(row("Function " + name, function(id))));
        settings().forEach((functions, names) -> rows.add(row(functions, names)));
        return String.join("\n", rows);
    }

    private static String row(String part, String needs) {
        return "| " + part + " | " + needs + " |";
    }

    private String table(String table) {
        return keys(table, list(stack.property(table, "KeySchema"))) + "; time to live on `"
                + stack.property(table, "TimeToLiveSpecification", "AttributeName") + "`";
    }

    private String keys(String table, List<?> schema) {
        Map<Object, Object> types = new TreeMap<>();
        list(stack.property(table, "AttributeDefinitions"))
                .forEach(attribute -> types.put(
                        object(attribute).get("AttributeName"),
                        object(attribute).get("AttributeType")));
        return schema.stream()
                .map(StackNeeds::object)
                .map(key -> (key.get("KeyType").equals("HASH") ? "partition key `" : "sort key `")
                        + key.get("AttributeName") + "` ("
                        + (types.get(key.get("AttributeName")).equals("N") ? "number" : "string") + ")")
                .collect(Collectors.joining(", "));
    }

    private String index() {
        Map<String, Object> index = object(
                list(stack.property("ConnectionIDs", "GlobalSecondaryIndexes")).get(0));
        Map<String, Object> projection = object(index.get("Projection"));
        return keys("ConnectionIDs", list(index.get("KeySchema"))) + "; projects "
                + code(list(projection.get("NonKeyAttributes")));
    }

    private Object streamView() {
        return stack.property("VisitorCount", "StreamSpecification", "StreamViewType");
    }

    private String mapping(String mapping) {
        Object pattern = object(list(stack.property(mapping, "FilterCriteria", "Filters"))
                        .get(0))
                .get("Pattern");
        return "filter `" + pattern + "`; batching window " + stack.property(mapping, "MaximumBatchingWindowInSeconds")
                + " s; " + code(list(stack.property(mapping, "FunctionResponseTypes"))) + "; at most "
                + stack.property(mapping, "MaximumRetryAttempts") + " retries and "
                + stack.property(mapping, "MaximumRecordAgeInSeconds") + " s; an on-failure destination";
    }

    private String function(String function) {
        String handler = stack.property(function, "Handler").toString().substring(LIBRARY.length());
        List<String> parts = new ArrayList<>(List.of("`" + handler + "`"));
        List<String> routes = routes(function);
        if (!routes.isEmpty()) {
            parts.add((routes.size() == 1 ? "route " : "routes ") + code(routes));
        }
        if (hasUrl(function)) {
            parts.add("a function URL");
        }
        allowed(function).forEach((resource, actions) -> parts.add("on " + resource + ": " + code(actions)));
        return String.join("; ", parts);
    }

    private List<String> routes(String function) {
        return stack.resources("AWS::ApiGatewayV2::Route").keySet().stream()
                .filter(route -> integration(route).contains("${" + function + ".Alias}"))
                .map(route -> stack.property(route, "RouteKey").toString())
                .sorted()
                .toList();
    }

    private boolean hasUrl(String function) {
        return stack.resources("AWS::Lambda::Url").keySet().stream()
                .anyMatch(url -> stack.property(url, "TargetFunctionArn").equals("${" + function + ".Alias}"));
    }

    private String integration(String route) {
        String target = stack.property(route, "Target").toString().replaceAll("integrations/\\$\\{(.*)}", "$1");
        Map<String, Object> integration = object(stack.resources().get(target).get("Properties"));
        return integration.getOrDefault("IntegrationUri", "").toString();
    }

    /** The actions of a role by resource; without logs and the queue, which the page's text names. */
    private Map<String, TreeSet<String>> allowed(String function) {
        Map<String, TreeSet<String>> allowed = new TreeMap<>();
        for (String line : stack.allowed(function.replace("Function", "Role"))) {
            int on = line.indexOf(" on ");
            String action = line.substring(0, on);
            if (!action.startsWith("logs:") && !action.startsWith("sqs:")) {
                allowed.computeIfAbsent(resource(line.substring(on + 4)), resource -> new TreeSet<>())
                        .add(action.replaceFirst("^dynamodb:", ""));
            }
        }
        return allowed;
    }

    private static String resource(String arn) {
        String connections = arn.replaceFirst("^.*/prod/", "");
        if (!connections.equals(arn)) {
            return "the stage's `" + connections + "`";
        }
        if (arn.endsWith("Function.Alias}")) {
            return "the function " + FUNCTIONS.get(arn.substring(2, arn.length() - ".Alias}".length()));
        }
        return "`"
                + arn.replaceFirst("^\\$\\{(\\w+)\\.Arn}", "$1")
                        .replaceFirst("^\\$\\{(\\w+)\\.StreamArn}", "$1/stream/…")
                + "`";
    }

    /** The settings by the functions that have them, with those first that most functions share. */
    private Map<String, String> settings() {
        Map<String, List<String>> functionsBySetting = new TreeMap<>();
        FUNCTIONS.forEach((id, name) -> variables(id).forEach(variable -> functionsBySetting
                .computeIfAbsent(variable, key -> new ArrayList<>())
                .add(name)));
        Map<List<String>, Set<String>> settingsByFunctions = new LinkedHashMap<>();
        functionsBySetting.entrySet().stream()
                .sorted((one, other) ->
                        Integer.compare(other.getValue().size(), one.getValue().size()))
                .forEach(entry -> settingsByFunctions
                        .computeIfAbsent(entry.getValue(), functions -> new TreeSet<>())
                        .add(entry.getKey()));
        Map<String, String> rows = new LinkedHashMap<>();
        settingsByFunctions.forEach((functions, names) -> rows.put(
                functions.size() == 1
                        ? "Settings of " + functions.get(0)
                        : "Equal settings of " + String.join(", ", functions),
                code(names)));
        return rows;
    }

    private Set<String> variables(String function) {
        return object(stack.property(function, "Environment", "Variables")).keySet();
    }

    /** The settings that several functions have, with different values. */
    Map<String, Set<Object>> unequal() {
        Map<String, Set<Object>> values = new TreeMap<>();
        FUNCTIONS.keySet().forEach(function -> object(stack.property(function, "Environment", "Variables"))
                .forEach((name, value) ->
                        values.computeIfAbsent(name, key -> new HashSet<>()).add(value)));
        values.values().removeIf(different -> different.size() == 1);
        return values;
    }

    private static String code(Iterable<?> names) {
        List<String> quoted = new ArrayList<>();
        names.forEach(name -> quoted.add("`" + name + "`"));
        return String.join(", ", quoted);
    }

    private static List<?> list(Object node) {
        return (List<?>) node;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object node) {
        return (Map<String, Object>) node;
    }
}
