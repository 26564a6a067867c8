package io.github.visitorcounter;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads all settings and collects every problem. One instance reads once. */
final class SettingsReader {

    private static final String PREFIX = "VISITOR_COUNTER_";

    private final Map<String, String> environment;
    private final Map<Setting<?>, Object> overrides;
    private final Map<Setting<?>, Object> values = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    SettingsReader(Map<String, String> environment, Map<Setting<?>, Object> overrides) {
        this.environment = environment;
        this.overrides = overrides;
    }

    Map<Setting<?>, Object> read(List<Setting<?>> required) {
        Setting.all().forEach(this::read);
        required.stream()
                .filter(setting -> !overrides.containsKey(setting)
                        && fromEnvironment(setting).isEmpty())
                .forEach(setting -> problems.add(missing(setting)));
        rejectSameTable();
        rejectUnknownVariables();
        if (!problems.isEmpty()) {
            throw new InvalidConfigurationException(problems);
        }
        allowDefaultAndSiteCounter();
        return values;
    }

    static String missing(Setting<?> setting) {
        return setting + " is not set: must be " + setting.allowed();
    }

    /** A value set by code overrides the variable, so an invalid variable of the same setting is ignored. */
    @SuppressWarnings("unchecked") // the builder takes values of the settings' types only
    private <T> void read(Setting<T> setting) {
        Object override = overrides.get(setting);
        String text = fromEnvironment(setting);
        try {
            if (override != null) {
                // A custom policy or format has no text.
                if (!setting.equals(Setting.STALE_CONNECTION_POLICY) && !setting.equals(Setting.MESSAGE_FORMAT)) {
                    setting.format((T) override);
                }
                values.put(setting, override);
            } else if (!text.isEmpty()) {
                values.put(setting, setting.parse(text));
            } else {
                setting.defaultValue().ifPresent(value -> values.put(setting, value));
            }
        } catch (IllegalArgumentException wrong) {
            problems.add(wrong.getMessage());
        }
    }

    private String fromEnvironment(Setting<?> setting) {
        return environment.getOrDefault(setting.variable(), "").strip();
    }

    private void allowDefaultAndSiteCounter() {
        Set<Object> counters = new HashSet<>((Set<?>) values.getOrDefault(Setting.ALLOWED_COUNTERS, Set.of()));
        counters.add(values.get(Setting.DEFAULT_COUNTER));
        Optional.ofNullable(values.get(Setting.SITE_COUNTER)).ifPresent(counters::add);
        values.put(Setting.ALLOWED_COUNTERS, Set.copyOf(counters));
    }

    private void rejectSameTable() {
        Object table = values.get(Setting.CONNECTIONS_TABLE);
        if (table != null && table.equals(values.get(Setting.COUNTERS_TABLE))) {
            problems.add(Setting.CONNECTIONS_TABLE + " and " + Setting.COUNTERS_TABLE + " are both '" + table
                    + "': must be two tables");
        }
    }

    /** Without this check, a misspelt variable would silently leave its setting at the default. */
    private void rejectUnknownVariables() {
        List<String> known = Setting.all().stream().map(Setting::variable).toList();
        environment.keySet().stream()
                .filter(name -> name.toUpperCase(Locale.ROOT).startsWith(PREFIX) && !known.contains(name))
                .sorted()
                .map(name -> name + " is not a setting of the visitor counter: did you mean "
                        + known.stream()
                                .min(Comparator.comparingInt(
                                        candidate -> edits(name.toUpperCase(Locale.ROOT), candidate)))
                                .orElseThrow()
                        + "? docs/settings.md lists all; other variables must not begin with " + PREFIX)
                .forEach(problems::add);
    }

    /** Returns the Levenshtein distance of two strings. */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
