package io.github.visitorcounter.examples.parity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.examples.sam.SamTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The workflows that deploy the stacks from GitHub, and what their READMEs say about them. */
class DeployWorkflowTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern ACTION = Pattern.compile("uses: ([\\w./-]+)@(.*)");
    private static final Pattern PINNED = Pattern.compile("[0-9a-f]{40} # v\\d+(\\.\\d+)*");
    private static final Pattern JSON = Pattern.compile("^ *```json\n(.*?)^ *```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern CDK = Pattern.compile("aws-cdk@[\\d.]+");

    /** YAML reads the key {@code on} as true. */
    @ParameterizedTest
    @ValueSource(strings = {"examples-sam", "examples-cdk"})
    void it_asks_for_a_token_and_for_nothing_else(String stack) throws IOException {
        Map<String, Object> workflow = SamTemplate.read(workflow(stack));

        assertThat(workflow).containsEntry("permissions", Map.of("contents", "read", "id-token", "write"));
        assertThat(workflow.get("jobs").toString()).doesNotContain("permissions");
        assertThat(Files.readString(workflow(stack))).doesNotContain("secrets.").doesNotContain("pull_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"examples-sam", "examples-cdk"})
    void credentials_come_after_the_tests_and_from_the_role_of_the_readme(String stack) throws IOException {
        List<Map<String, Object>> steps = steps(stack);
        int credentials = index(steps, "configure-aws-credentials");

        assertThat(credentials).isBetween(index(steps, "Build and test") + 1, index(steps, "Deploy") - 1);
        assertThat(steps.get(credentials))
                .containsEntry(
                        "with",
                        Map.of("role-to-assume", "${{ vars.AWS_ROLE_ARN }}", "aws-region", "${{ vars.AWS_REGION }}"));
        assertThat(readme(stack)).contains("`AWS_ROLE_ARN`", "`AWS_REGION`");
    }

    /** A role without a condition on {@code sub} would trust every repository on GitHub. */
    @ParameterizedTest
    @ValueSource(strings = {"examples-sam", "examples-cdk"})
    void the_role_of_the_readme_trusts_one_branch_of_one_repository(String stack) throws IOException {
        List<String> policies = JSON.matcher(readme(stack))
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.contains("AssumeRoleWithWebIdentity"))
                .toList();
        assertThat(policies).hasSize(1);
        JsonNode statement =
                new ObjectMapper().readTree(policies.get(0)).get("Statement").get(0);

        JsonNode condition = statement.get("Condition");
        assertThat(condition.size()).isEqualTo(1);
        JsonNode equal = condition.get("StringEquals");
        assertThat(equal.get("token.actions.githubusercontent.com:aud").textValue())
                .isEqualTo("sts.amazonaws.com");
        assertThat(equal.get("token.actions.githubusercontent.com:sub").textValue())
                .isEqualTo("repo:<owner>@<owner-id>/<repository>@<repository-id>:ref:refs/heads/main");
    }

    @Test
    void actions_are_pinned_and_the_same_everywhere() throws IOException {
        Map<String, TreeSet<String>> versions = new TreeMap<>();
        List<Path> workflows;
        try (Stream<Path> own = Files.list(ROOT.resolve(".github/workflows"))) {
            workflows = Stream.concat(own, Stream.of(workflow("examples-sam"), workflow("examples-cdk")))
                    .toList();
        }
        for (Path workflow : workflows) {
            ACTION.matcher(Files.readString(workflow)).results().forEach(action -> versions.computeIfAbsent(
                            action.group(1), any -> new TreeSet<>())
                    .add(action.group(2)));
        }

        assertThat(versions).containsKey("aws-actions/configure-aws-credentials");
        assertThat(versions).allSatisfy((action, pins) -> {
            assertThat(pins).hasSize(1);
            assertThat(pins.first()).matches(PINNED);
        });
    }

    @Test
    void the_cdk_is_the_one_of_the_readme() throws IOException {
        TreeSet<String> versions = new TreeSet<>();
        for (String text : List.of(readme("examples-cdk"), Files.readString(workflow("examples-cdk")))) {
            CDK.matcher(text).results().forEach(version -> versions.add(version.group()));
        }
        assertThat(versions).hasSize(1);
    }

    private static Path workflow(String stack) {
        return ROOT.resolve(stack).resolve(".github/workflows/deploy.yml");
    }

    private static String readme(String stack) throws IOException {
        return Files.readString(ROOT.resolve(stack).resolve("README.md"));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> steps(String stack) throws IOException {
        Map<String, Object> jobs =
                (Map<String, Object>) SamTemplate.read(workflow(stack)).get("jobs");
        Map<String, Object> deploy = (Map<String, Object>) jobs.get("deploy");
        return (List<Map<String, Object>>) deploy.get("steps");
    }

    private static int index(List<Map<String, Object>> steps, String text) {
        for (int i = 0; i < steps.size(); i++) {
            String name = String.valueOf(steps.get(i).get("name"));
            if (name.equals(text) || String.valueOf(steps.get(i).get("uses")).contains(text)) {
                return i;
            }
        }
        throw new AssertionError("There is no step " + text);
    }
}
