package io.github.visitorcounter.demo;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** The README is short, and its example compiles. */
class ReadmeTest {

    private static final int MAX_LINES = 130;

    @TempDir
    private Path folder;

    @Test
    void its_handler_compiles() throws Exception {
        List<String> examples = MarkdownPage.read(Path.of("README.md")).blocks("java");

        assertThat(examples).hasSize(1);
        ExampleCode.compile(examples, folder);
        assertThat(folder.resolve("SiteConnectHandler.class")).exists();
    }

    @Test
    void it_is_short() throws Exception {
        assertThat(Files.readAllLines(MarkdownPage.ROOT.resolve("README.md"))).hasSizeLessThanOrEqualTo(MAX_LINES);
    }
}
