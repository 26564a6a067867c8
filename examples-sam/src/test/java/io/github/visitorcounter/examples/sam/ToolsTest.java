package io.github.visitorcounter.examples.sam;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

/** What only other tools can check, where they are installed. */
class ToolsTest {

    @Test
    void cfn_lint_finds_nothing_in_the_template() throws Exception {
        succeeds(
                "cfn-lint is not installed (pip install cfn-lint), so the template is not checked",
                "cfn-lint",
                "template.yaml");
    }

    @Test
    void the_page_is_published_and_cleared_away() throws Exception {
        succeeds(
                "Node.js is not installed, so page/publish.mjs is not tested",
                "node",
                "--test",
                Path.of("src", "test", "js", "publish.test.mjs").toString());
    }

    private static void succeeds(String otherwise, String... command) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException notInstalled) {
            abort(otherwise);
            return;
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }
}
