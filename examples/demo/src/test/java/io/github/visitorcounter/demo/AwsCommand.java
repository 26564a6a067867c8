package io.github.visitorcounter.demo;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A command of the AWS CLI as the documentation has it. A shell evaluates the page's block, with a program {@code aws}
 * that only writes down its arguments, so that the test runs without the AWS CLI and without a shell parser of its own.
 */
record AwsCommand(List<String> arguments) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Evaluates a block of shell commands that calls {@code aws} once. */
    static AwsCommand evaluate(String block, Path folder) throws IOException, InterruptedException {
        Path written = folder.resolve("arguments");
        Path aws = folder.resolve("aws");
        Files.writeString(aws, "#!/bin/sh\nprintf '%s\\0' \"$@\" >>'" + written.toAbsolutePath() + "'\n");
        assertThat(aws.toFile().setExecutable(true)).isTrue();
        Files.deleteIfExists(written);

        ProcessBuilder shell = new ProcessBuilder("sh", "-eu", "-c", block).redirectErrorStream(true);
        shell.environment().merge("PATH", "", (path, none) -> folder.toAbsolutePath() + ":" + path);
        Process process = shell.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return new AwsCommand(List.of(Files.readString(written).split("\0", -1)));
    }

    /** The command as a request; fails if it has an option that this does not know. */
    UpdateItemRequest updateItem() throws IOException {
        assertThat(arguments.subList(0, 2)).containsExactly("dynamodb", "update-item");
        UpdateItemRequest.Builder request = UpdateItemRequest.builder();
        // The last argument is followed by a separator.
        for (int i = 2; i < arguments.size() - 1; i += 2) {
            String value = arguments.get(i + 1);
            switch (arguments.get(i)) {
                case "--table-name" -> request.tableName(value);
                case "--key" -> request.key(values(value));
                case "--condition-expression" -> request.conditionExpression(value);
                case "--update-expression" -> request.updateExpression(value);
                case "--expression-attribute-names" ->
                    request.expressionAttributeNames(
                            JSON.readValue(value, new TypeReference<Map<String, String>>() {}));
                case "--expression-attribute-values" -> request.expressionAttributeValues(values(value));
                default -> throw new AssertionError("An option that this test does not know: " + arguments.get(i));
            }
        }
        return request.build();
    }

    private static Map<String, AttributeValue> values(String json) throws IOException {
        Map<String, AttributeValue> values = new HashMap<>();
        JSON.readValue(json, new TypeReference<Map<String, Map<String, String>>>() {})
                .forEach((name, value) -> values.put(name, value(value)));
        return values;
    }

    private static AttributeValue value(Map<String, String> value) {
        String number = value.get("N");
        return number == null ? AttributeValue.fromS(value.get("S")) : AttributeValue.fromN(number);
    }
}
