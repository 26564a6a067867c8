package io.github.visitorcounter.embeddedstack.template;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The values of a template's parameters: the given ones, and the defaults of the others. */
final class Parameters {

    private Parameters() {}

    /**
     * Determines and checks the values as CloudFormation does.
     *
     * @param declared the section {@code Parameters}
     * @param given the values that differ from the defaults
     * @param problems the list to which problems are added
     * @return strings, and lists of strings for the list types
     */
    static Map<String, Object> values(Map<String, Object> declared, Map<String, String> given, List<String> problems) {
        given.keySet().stream()
                .filter(name -> !declared.containsKey(name))
                .forEach(name -> problems.add("There is no parameter " + name + ". Parameters: " + declared.keySet()));
        Map<String, Object> values = new TreeMap<>();
        declared.forEach((name, node) -> {
            Map<String, Object> parameter = Nodes.object(node);
            String value = given.getOrDefault(name, text(parameter, "Default"));
            if (value == null) {
                problems.add("Parameter " + name + " has no default and was not given");
                values.put(name, ""); // So that its uses are not reported as well.
            } else {
                check(name, value, parameter, problems);
                boolean isList = String.valueOf(parameter.get("Type")).matches("CommaDelimitedList|List<.*>");
                values.put(name, isList ? List.of(value.split("\\s*,\\s*")) : value);
            }
        });
        return values;
    }

    private static void check(String name, String value, Map<String, Object> parameter, List<String> problems) {
        String problem = problem(value, parameter);
        if (problem != null) {
            String constraint = text(parameter, "ConstraintDescription");
            problems.add("Parameter " + name + " is '" + value + "'. Allowed: "
                    + (constraint == null ? problem : constraint));
        }
    }

    private static @Nullable String problem(String value, Map<String, Object> parameter) {
        if (parameter.get("AllowedValues") instanceof List<?> allowed && !allowed.contains(value)) {
            return "one of " + allowed;
        }
        String pattern = text(parameter, "AllowedPattern");
        if (pattern != null && !value.matches(pattern)) {
            return "what matches " + pattern;
        }
        return "Number".equals(parameter.get("Type")) ? numberProblem(value, parameter) : null;
    }

    private static @Nullable String numberProblem(String value, Map<String, Object> parameter) {
        String minimum = text(parameter, "MinValue");
        String maximum = text(parameter, "MaxValue");
        try {
            BigDecimal number = new BigDecimal(value);
            boolean fits = (minimum == null || number.compareTo(new BigDecimal(minimum)) >= 0)
                    && (maximum == null || number.compareTo(new BigDecimal(maximum)) <= 0);
            return fits
                    ? null
                    : "a number"
                            + (minimum == null ? "" : " from " + minimum)
                            + (maximum == null ? "" : " up to " + maximum);
        } catch (NumberFormatException notANumber) {
            return "a number";
        }
    }

    private static @Nullable String text(Map<String, Object> parameter, String name) {
        Object value = parameter.get(name);
        return value == null ? null : value.toString();
    }
}
