package io.github.visitorcounter.examples.sam;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

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

    private static void succeeds(String otherwise, String... command) throws InterruptedException {
        Tools.Result result = Tools.run(command).orElseGet(() -> abort(otherwise));
        assertThat(result.status()).as(result.output()).isZero();
    }
}
