package io.github.visitorcounter.examples.parity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The words that docs/glossary.md replaces, as they stand in identifiers, comments, strings and prose. */
final class RetiredWords {

    /** The words by the term that replaces them, in all forms in which they were used. A word may be several. */
    private static final Map<String, List<String>> BY_TERM = Map.ofEntries(
            Map.entry(
                    "reject",
                    List.of("refuse", "refuses", "refused", "refusing", "refusal", "turn away", "turned away")),
            Map.entry("prime", List.of("practise", "practises", "practised", "practising", "rehearse", "rehearses")),
            Map.entry("follow-up", List.of("straggler", "stragglers", "late look", "late looks")),
            Map.entry("wake-up", List.of("pacer", "pacers")),
            Map.entry("debounce", List.of("linger", "lingers", "lingered", "lingering", "leave grace")),
            Map.entry("repair", List.of("heal", "heals", "healed", "healing")),
            Map.entry("stale connection", List.of("ghost", "ghosts")),
            Map.entry("arrival", List.of("newcomer", "newcomers")),
            Map.entry("receive", List.of("hears", "overhear")),
            Map.entry("time source", List.of("timekeeper", "timekeepers")),
            Map.entry("request validator", List.of("door", "doors")),
            Map.entry("connect decision", List.of("admission", "admissions")),
            Map.entry("visit timeout", List.of("visit window", "visit windows")),
            Map.entry("fan-out", List.of("heir", "hand over", "hands over")));

    /** Environment variables that have other names now. */
    private static final Set<String> SETTINGS = Set.of(
            "VISITOR_COUNTER_COUNT_TABLE",
            "VISITOR_COUNTER_COUNTERS",
            "VISITOR_COUNTER_LIVE_LIMIT",
            "VISITOR_COUNTER_LIVE_COUNTS",
            "VISITOR_COUNTER_ARRIVALS_PER_ADDRESS",
            "VISITOR_COUNTER_VISIT_WINDOW_SECONDS",
            "VISITOR_COUNTER_LEAVE_GRACE_MILLIS",
            "VISITOR_COUNTER_MESSAGES_PER_SECOND",
            "VISITOR_COUNTER_MESSAGES_PER_MINUTE",
            "VISITOR_COUNTER_MINIMUM_INTERVAL_MILLIS",
            "VISITOR_COUNTER_PROBES",
            "VISITOR_COUNTER_STALE_CONNECTIONS");

    private static final Pattern WORD = Pattern.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+");
    private static final Pattern SETTING = Pattern.compile("\\bVISITOR_COUNTER_[A-Z0-9_]+\\b");
    private static final Map<String, String> TERMS = new LinkedHashMap<>();

    static {
        BY_TERM.forEach((term, words) -> words.forEach(word -> TERMS.put(" " + word + " ", term)));
    }

    private RetiredWords() {}

    /**
     * A retired word in a line.
     *
     * @param word the word
     * @param term the glossary's
     */
    record Found(String word, String term) {}

    /** The terms of the glossary that replace words. */
    static Set<String> terms() {
        return BY_TERM.keySet();
    }

    /** Finds the retired words of a line; in {@code practisedAt} there is one, and in {@code healthy} there is none. */
    static List<Found> in(String line) {
        String words = WORD.matcher(line)
                .results()
                .map(MatchResult::group)
                .map(word -> word.toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" ", " ", " "));
        List<Found> found = new ArrayList<>();
        TERMS.forEach((word, term) -> {
            if (words.contains(word)) {
                found.add(new Found(word.strip(), term));
            }
        });
        SETTING.matcher(line)
                .results()
                .map(MatchResult::group)
                .filter(SETTINGS::contains)
                .forEach(name -> found.add(new Found(name, "a setting of docs/settings.md")));
        return found;
    }
}
