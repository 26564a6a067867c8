package io.github.visitorcounter.embeddedstack;

import org.junit.jupiter.api.Test;

import java.io.File;
import java.nio.file.Path;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LauncherOptionsTest {

    @Test
    void the_command_line_is_parsed() {
        LauncherOptions options = LauncherOptions.parse(
                "--parameter",
                "Stage=a=b",
                "template.yaml",
                "--import",
                "shared:Vpc=vpc-1",
                "--parameter",
                "Empty=",
                "--classpath",
                "a.jar" + File.pathSeparator + "classes",
                "--port",
                "8080",
                "--dynamodb-port",
                "0");

        assertThat(options.template()).isEqualTo(Path.of("template.yaml"));
        assertThat(options.forTemplate().parameters()).isEqualTo(Map.of("Stage", "a=b", "Empty", ""));
        assertThat(options.forTemplate().imports()).isEqualTo(Map.of("shared:Vpc", "vpc-1"));
        assertThat(options.forTemplate().classPath()).containsExactly(Path.of("a.jar"), Path.of("classes"));
        assertThat(options.port()).isEqualTo(8080);
        assertThat(options.dynamoDbPort()).isZero();
    }

    @Test
    void all_problems_are_reported_at_once() {
        assertThatExceptionOfType(LauncherOptions.InvalidOptionsException.class)
                .isThrownBy(
                        () -> LauncherOptions.parse("--port", "70000", "--parameter", "Stage", "--no", "x", "--import"))
                .withMessageContainingAll(
                        "--port 70000: must be a port",
                        "--parameter Stage: must be a name, =, and a value",
                        "There is no option --no",
                        "--import needs a value",
                        "There is no template",
                        "Usage: TEMPLATE");
    }
}
