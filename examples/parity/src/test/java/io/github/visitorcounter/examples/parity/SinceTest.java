package io.github.visitorcounter.examples.parity;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Every type of the published API says in which version it came. */
class SinceTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final List<String> PUBLISHED =
            List.of("visitor-counter-lib", "examples/testing", "examples/embedded-stack");
    private static final Pattern PUBLIC_TYPE = Pattern.compile(
            "^public (?:(?:abstract|final|sealed|non-sealed) )*(?:class|interface|record|enum|@interface) ",
            Pattern.MULTILINE);
    private static final Pattern SINCE = Pattern.compile("^ \\* @since \\d+\\.\\d+\\.\\d+$", Pattern.MULTILINE);

    @Test
    void every_public_type_names_its_first_version() throws IOException {
        List<Path> types = new ArrayList<>();
        List<Path> without = new ArrayList<>();
        for (String module : PUBLISHED) {
            for (Path file : sources(module)) {
                String source = Files.readString(file);
                Matcher type = PUBLIC_TYPE.matcher(source);
                if (type.find()) {
                    types.add(file);
                    if (!SINCE.matcher(source.substring(0, type.start())).find()) {
                        without.add(file);
                    }
                }
            }
        }

        assertThat(types).as("public types").hasSizeGreaterThan(40);
        assertThat(without).as("public types without @since in their Javadoc").isEmpty();
    }

    private static List<Path> sources(String module) throws IOException {
        Path main = ROOT.resolve(module).resolve("src/main/java");
        try (Stream<Path> files = Files.walk(main)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().replace('\\', '/').contains("/internal/"))
                    .toList();
        }
    }
}
