package io.github.visitorcounter.demo;

import org.junit.jupiter.api.Test;

import java.io.File;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DemoOptionsTest {

    private final Properties properties = new Properties();

    @Test
    void without_a_template_the_demo_has_its_own_stack() {
        set("site", TestSite.JS_CLIENT.toString());
        set("template", ""); // As Maven passes it when there is none.
        set("template.parameters", "");

        DemoOptions options = DemoOptions.from(properties);

        assertThat(options.port()).isEqualTo(8080);
        assertThat(options.template()).isEmpty();
        assertThat(options.parameters()).isEmpty();
    }

    @Test
    void parameters_are_written_as_for_sam_deploy() {
        set("site", TestSite.JS_CLIENT.toString());
        set("template", "../../examples-sam/template.yaml");
        set("template.parameters", "AllowedCounters=site,blog Empty=  Title=\"Two words\" Last=1");

        DemoOptions options = DemoOptions.from(properties);

        assertThat(options.template()).contains(Path.of("../../examples-sam/template.yaml"));
        assertThat(options.parameters())
                .isEqualTo(Map.of("AllowedCounters", "site,blog", "Empty", "", "Title", "Two words", "Last", "1"));
    }

    @Test
    void a_foreign_template_has_imports_and_classes() {
        set("site", TestSite.JS_CLIENT.toString());
        set("template.imports", "shared:Vpc=vpc-1 shared:Name=\"Two words\"");
        set("classpath", "a.jar" + File.pathSeparator + "classes");

        DemoOptions options = DemoOptions.from(properties);

        assertThat(options.imports()).isEqualTo(Map.of("shared:Vpc", "vpc-1", "shared:Name", "Two words"));
        assertThat(options.classPath()).containsExactly(Path.of("a.jar"), Path.of("classes"));
    }

    @Test
    void all_problems_are_reported_at_once() {
        set("site", "nowhere");
        set("port", "70000");
        set("dynamodbPort", "some");
        set("template", "no-template.yaml");
        set("template.parameters", "AllowedCounters=site blog");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> DemoOptions.from(properties))
                .withMessageContainingAll(
                        "-Dsite=nowhere: there is no demo/demo.html",
                        "-Dport=70000: must be a port",
                        "-DdynamodbPort=some: must be a port",
                        "-Dtemplate=no-template.yaml: there is no such file in ",
                        "-Dtemplate.parameters: can't read 'blog'; must be Name=Value");
    }

    private void set(String name, String value) {
        properties.setProperty(name, value);
    }
}
