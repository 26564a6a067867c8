package io.github.visitorcounter.demo;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
