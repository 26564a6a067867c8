package io.github.visitorcounter.examples.parity;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Words that docs/glossary.md retired do not come back: not in code, comments, messages, templates or documentation.
 */
class GlossaryTest {

    private static final Path ROOT = Path.of("..", "..");

    /** Kinds of files that people write. */
    private static final Pattern READ = Pattern.compile(".*\\.(java|md|ya?ml|xml|m?js|ts|css|html|py|json|properties)");

    private static final Set<String> SKIPPED_FOLDERS =
            Set.of("target", "node_modules", ".git", "cdk.out", ".aws-sam", "surefire-reports");

    /** Names the retired words, or is generated. */
    private static final Pattern SKIPPED_FILES = Pattern.compile(
            "docs/glossary\\.md|.*/RetiredWords(Test)?\\.java|.*/GlossaryTest\\.java|.*\\.min\\.js|.*package-lock\\.json");

    /**
     * A word that may stand somewhere.
     *
     * @param files a regular expression of paths
     * @param word the word
     * @param reason why
     */
    private record Allowed(String files, String word, String reason) {}

    private static final List<Allowed> EXCEPTIONS = List.of(
            new Allowed("docs/rehearsal/.*|.*/RehearsalIT\\.java", "rehearse", "the name of the script"),
            new Allowed(".*/RawClient\\.java", "linger", "the name of the socket option"),
            new Allowed(".*/embeddedstack/dynamodb/.*", "admission", "whether DynamoDB lets an operation run"));

    /** A retired word in a file. */
    private record Occurrence(String file, int line, RetiredWords.Found found) {

        @Override
        public String toString() {
            return file + ":" + line + ": '" + found.word() + "', the glossary says '" + found.term() + "'";
        }
    }

    private static List<Occurrence> occurrences;

    @BeforeAll
    static void read_everything() throws IOException {
        occurrences = new ArrayList<>();
        int files = 0;
        for (Path file : files()) {
            files++;
            List<String> lines = Files.readAllLines(ROOT.resolve(file));
            for (int i = 0; i < lines.size(); i++) {
                for (RetiredWords.Found found : RetiredWords.in(lines.get(i))) {
                    occurrences.add(new Occurrence(name(file), i + 1, found));
                }
            }
        }
        assertThat(files).as("files that were read").isGreaterThan(500);
    }

    @Test
    void no_retired_word_is_used() {
        assertThat(occurrences.stream().filter(occurrence -> EXCEPTIONS.stream()
                        .noneMatch(exception -> covers(exception, occurrence))))
                .isEmpty();
    }

    @Test
    void exceptions_are_still_needed() {
        assertThat(EXCEPTIONS).allSatisfy(exception -> assertThat(occurrences)
                .as("uses of '%s' in %s: %s", exception.word(), exception.files(), exception.reason())
                .anyMatch(occurrence -> covers(exception, occurrence)));
    }

    @Test
    void the_glossary_has_the_words_to_use() throws IOException {
        Set<String> terms = new TreeSet<>();
        for (String row : Files.readAllLines(ROOT.resolve("docs/glossary.md"))) {
            if (row.startsWith("| **")) {
                terms.addAll(Pattern.compile("\\*\\*([^*]+)\\*\\*")
                        .matcher(row)
                        .results()
                        .map((MatchResult term) -> term.group(1))
                        .toList());
            }
        }
        assertThat(terms).containsAll(RetiredWords.terms());
    }

    @Test
    void words_are_found_in_identifiers_and_sentences_but_not_in_other_words() {
        assertThat(RetiredWords.in("long practisedAt = 1;"))
                .extracting(RetiredWords.Found::word)
                .containsExactly("practised");
        assertThat(RetiredWords.in("// Visitors are turned away."))
                .extracting(RetiredWords.Found::term)
                .containsExactly("reject");
        assertThat(RetiredWords.in("int LIVE_LIMIT; // healthy, doorbell, in practice"))
                .isEmpty();
        assertThat(RetiredWords.in("VISITOR_COUNTER_COUNTERS=site VISITOR_COUNTER_COUNTERS_TABLE=t"))
                .hasSize(1);
    }

    private static boolean covers(Allowed exception, Occurrence occurrence) {
        return occurrence.found().word().equals(exception.word())
                && occurrence.file().matches(exception.files());
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> paths = Files.walk(ROOT)) {
            return paths.filter(Files::isRegularFile)
                    .map(ROOT::relativize)
                    .filter(file -> READ.matcher(name(file)).matches())
                    .filter(file -> !SKIPPED_FILES.matcher(name(file)).matches())
                    .filter(file -> Stream.of(name(file).split("/")).noneMatch(SKIPPED_FOLDERS::contains))
                    .toList();
        }
    }

    private static String name(Path file) {
        return file.toString().replace('\\', '/');
    }
}
