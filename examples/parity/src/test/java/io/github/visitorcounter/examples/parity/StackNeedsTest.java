package io.github.visitorcounter.examples.parity;

import io.github.visitorcounter.examples.sam.Deployment;
import io.github.visitorcounter.examples.sam.SamTemplate;
import io.github.visitorcounter.examples.sam.SamTransform;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** docs/java.md says what a stack needs as examples-sam/template.yaml has it. */
class StackNeedsTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final String BEGIN = "<!-- checked: stack-needs -->";
    private static final String END = "<!-- end of checked: stack-needs -->";

    private static StackNeeds needs;

    @BeforeAll
    static void read_the_template() throws IOException {
        Map<String, Object> template = SamTransform.apply(SamTemplate.read(ROOT.resolve("examples-sam/template.yaml")));
        // Without a page of its own, whose origin only the connect function would have to allow.
        Map<String, String> parameters = Map.of(
                "AllowedCounters", "site,blog",
                "AllowedOrigins", "https://www.example.org",
                "HttpCount", "CloudFront",
                "Page", "None");
        needs = new StackNeeds(Deployment.of(template, parameters, name -> name));
    }

    @Test
    void the_table_is_what_the_template_deploys() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/java.md"));
        assertThat(page).contains(BEGIN, END);
        String table = page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END))
                .strip();

        assertThat(table)
                .as("docs/java.md, between the marks; write there what the template says:%n%s", needs.table())
                .isEqualTo(needs.table());
    }

    @Test
    void shared_settings_are_equal() {
        assertThat(needs.unequal()).isEmpty();
    }
}
