package io.github.visitorcounter.embeddedstack.lambda;

import io.github.visitorcounter.embeddedstack.lambda.handlers.EchoHandler;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class FunctionDefinitionTest {

    @Test
    void defaults_are_those_of_aws() {
        FunctionDefinition function =
                FunctionDefinition.builder("echo").handler(EchoHandler.class).build();

        assertThat(function.handler()).isEqualTo(EchoHandler.class.getName());
        assertThat(function.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(function.asyncRetryPolicy()).isEqualTo(new AsyncRetryPolicy(2, Duration.ofHours(6)));
    }

    @Test
    void all_problems_are_reported_at_once() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FunctionDefinition.builder("a function")
                        .handler("example.Handler process")
                        .environment("AWS_REGION", "mars-1")
                        .environment("2ND", "x")
                        .timeout(Duration.ofMinutes(16))
                        .memoryMegabytes(64)
                        .maximumConcurrency(0)
                        .build())
                .withMessageContainingAll(
                        "'a function'",
                        "name must be",
                        "'example.Handler process'",
                        "'AWS_REGION' is reserved",
                        "'2ND'",
                        "PT16M",
                        "not 64",
                        "not 0");
    }

    @Test
    void a_function_has_a_name_or_objects_for_its_handler_and_not_both() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FunctionDefinition.builder("f").build())
                .withMessageContaining("either a handler's name or handler objects");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FunctionDefinition.builder("f")
                        .handler(EchoHandler.class)
                        .handlerObjects(EchoHandler::new)
                        .build())
                .withMessageContaining("either a handler's name or handler objects");
    }

    @Test
    void handler_objects_have_no_environment_and_no_class_path() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FunctionDefinition.builder("f")
                        .handlerObjects(EchoHandler::new)
                        .environment("TABLE", "t")
                        .classPath(List.of(java.nio.file.Path.of("x.jar")))
                        .build())
                .withMessageContainingAll("environment variables", "class path");
    }

    @Test
    void a_retry_policy_stays_within_what_aws_allows() {
        assertThatIllegalArgumentException().isThrownBy(() -> new AsyncRetryPolicy(3, Duration.ofHours(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new AsyncRetryPolicy(0, Duration.ofHours(7)));
        assertThatIllegalArgumentException().isThrownBy(() -> new AsyncRetryPolicy(0, Duration.ZERO));
    }
}
