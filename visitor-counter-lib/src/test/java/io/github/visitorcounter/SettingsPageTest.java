package io.github.visitorcounter;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares the settings with their documentation. */
class SettingsPageTest {

    private static final Path PAGE = Path.of("..", "docs", "settings.md");
    private static final Path CONSTANTS = Path.of("src/main/java/io/github/visitorcounter/Setting.java");
    private static final String WRITE = "writeSettings";
    private static final String COMMAND = "mvn -q -pl visitor-counter-lib -am test -Dtest=SettingsPageTest -D" + WRITE
            + " -Dsurefire.failIfNoSpecifiedTests=false";

    @Test
    void page_is_generated_from_the_constants() throws IOException {
        if (System.getProperty(WRITE) != null) {
            Files.writeString(PAGE, page());
        }

        assertThat(PAGE)
                .as("docs/settings.md is out of date. Write it with: %s", COMMAND)
                .content()
                .isEqualTo(page());
    }

    /** The Javadoc must contain the default, as the page does. */
    @Test
    void every_constant_has_its_default_in_its_javadoc() throws IOException {
        String source = Files.readString(CONSTANTS);
        for (Setting<?> setting : Setting.all()) {
            Matcher definition = Pattern.compile(
                            "/\\*\\*((?:(?!\\*/).)*)\\*/\\s+public static final Setting<[^=]*=\\s+define\\(\\s*\""
                                    + setting.variable() + "\"",
                            Pattern.DOTALL)
                    .matcher(source);
            assertThat(definition.find()).as("the Javadoc of %s", setting).isTrue();
            assertThat(definition.group(1).replaceAll("\\s+\\*\\s+", " "))
                    .as("the Javadoc of %s", setting)
                    .containsPattern(defaultInWords(setting));
        }
    }

    private static String defaultInWords(Setting<?> setting) {
        return setting.defaultValue()
                .map(value -> value instanceof Integer number ? "Default %,d(?!,?[0-9])".formatted(number) : "Default ")
                .orElse("No default|by default");
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # Settings

                Environment variables of the functions. Code can set them too:
                `VisitorCounterConfig.builder().set(Setting.…, …)`; a value that code sets overrides the environment.
                A function does not start with an invalid or unknown setting; its log lists all problems.
                An empty variable counts as unset.

                This page is generated from the constants of `Setting`. Write it with
                `%s`.

                | Variable | Default | Allowed | Meaning |
                |---|---|---|---|
                """.formatted(COMMAND));
        Setting.all().forEach(setting -> page.append(row(setting)));
        return page.append("""

                Code can set a message format of its own: `VisitorCounterConfig.builder().messageFormat(…)`.
                The variables of the AWS SDK configure how AWS is reached, for instance `AWS_REGION`,
                and `AWS_ENDPOINT_URL_DYNAMODB` for an emulator.
                """).toString();
    }

    private static <T> String row(Setting<T> setting) {
        String defaultValue = setting.defaultValue()
                .map(value -> "`" + setting.format(value) + "`")
                .orElse("(unset)");
        return "| `%s` | %s | %s | %s |\n"
                .formatted(setting.variable(), defaultValue, setting.allowed().replace("*", "\\*"), setting.meaning());
    }
}
