package io.github.visitorcounter.demo;

import io.github.visitorcounter.Setting;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** The README tells the truth. */
class ReadmeTest {

    private static final Path ROOT = Path.of("..", "..");

    private final String readme = read(ROOT.resolve("README.md"));

    @Test
    void its_example_is_a_file_that_the_tests_run() {
        String example = readme.substring(readme.indexOf("```java\n") + 8);
        example = example.substring(0, example.indexOf("```"));

        assertThat(read(ROOT.resolve("examples/website/src/main/java/com/example/website/SiteConnectHandler.java")))
                .contains(example);
    }

    @Test
    void its_table_of_settings_names_them_all() {
        Set<String> settings =
                Setting.all().stream().map(Setting::variable).collect(Collectors.toCollection(TreeSet::new));

        Set<String> documented = Pattern.compile("\\| `(VISITOR_COUNTER_[A-Z_]+)` \\|")
                .matcher(readme)
                .results()
                .map((MatchResult row) -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented).isEqualTo(settings);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
