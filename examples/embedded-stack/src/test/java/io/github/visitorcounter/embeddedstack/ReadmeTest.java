package io.github.visitorcounter.embeddedstack;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

class ReadmeTest {

    private static final Path TESTS = Path.of("src/test/java/io/github/visitorcounter/embeddedstack");

    private static String readme;

    @BeforeAll
    static void read() throws IOException {
        readme = Files.readString(Path.of("README.md"));
    }

    @Test
    void its_test_runs_and_has_at_most_15_lines() throws IOException {
        String source = Files.readString(TESTS.resolve("chat/ChatIT.java"));
        String test = source.substring(source.indexOf("@EmbeddedStackTest("));

        assertThat(blocks("java").get(0)).isEqualTo(test);
        assertThat(test.lines().filter(line -> !line.isBlank())).hasSizeLessThanOrEqualTo(15);
    }

    @Test
    void its_other_snippets_compile() throws IOException {
        String snippets = withoutSpace(Files.readString(TESTS.resolve("ReadmeSnippets.java")));

        assertThat(blocks("java")).hasSize(3);
        for (String block : blocks("java").subList(1, 3)) {
            assertThat(snippets).contains(withoutSpace(block));
        }
    }

    @Test
    void its_coordinates_are_those_of_the_pom() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String parent = pom.substring(pom.indexOf("<parent>"), pom.indexOf("</parent>"));
        String coordinates = blocks("xml").get(0);

        assertThat(first(coordinates, "groupId")).isEqualTo(first(parent, "groupId"));
        assertThat(first(coordinates, "artifactId"))
                .isEqualTo(first(pom.substring(pom.indexOf("</parent>")), "artifactId"));
        assertThat(first(coordinates, "version")).isEqualTo(first(parent, "version"));
        assertThat(readme)
                .contains("\"" + first(coordinates, "groupId") + ":" + first(coordinates, "artifactId") + ":"
                        + first(coordinates, "version") + "\"");
    }

    @Test
    void its_links_lead_somewhere() {
        assertThat(Pattern.compile("]\\((?!http)([^)]+)\\)").matcher(readme).results())
                .isNotEmpty()
                .allSatisfy(link -> assertThat(Path.of(link.group(1))).exists());
    }

    private static List<String> blocks(String language) {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(readme)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static String first(String xml, String tag) {
        return xml.replaceFirst("(?s).*?<" + tag + ">(.*?)</" + tag + ">.*", "$1");
    }

    private static String withoutSpace(String code) {
        return code.replaceAll("\\s", "");
    }
}
