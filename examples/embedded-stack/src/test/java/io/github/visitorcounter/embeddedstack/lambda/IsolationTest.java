package io.github.visitorcounter.embeddedstack.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.embeddedstack.lambda.handlers.EnvironmentHandler;
import io.github.visitorcounter.embeddedstack.lambda.handlers.ShutdownHookHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

class IsolationTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void functions_have_their_own_environment_and_static_state() throws Exception {
        FunctionDefinition german = greeting("german", "Hallo");
        FunctionDefinition french = greeting("french", "Salut");
        try (Lambdas lambdas = Lambdas.of(german, french)) {
            JsonNode first = read(lambdas.invoke("german", "{}"));
            JsonNode second = read(lambdas.invoke("german", "{}"));
            JsonNode other = read(lambdas.invoke("french", "{}"));

            assertThat(first.path("atInitialisation").textValue()).isEqualTo("Hallo");
            assertThat(first.path("byReference").textValue()).isEqualTo("Hallo");
            assertThat(first.path("all").path("GREETING").textValue()).isEqualTo("Hallo");
            assertThat(other.path("atInitialisation").textValue()).isEqualTo("Salut");
            assertThat(Stream.of(first, second, other)
                            .map(seen -> seen.path("calls").intValue()))
                    .containsExactly(1, 2, 1);
        }
    }

    @Test
    void a_function_sees_lambdas_variables_and_nothing_of_the_process() throws Exception {
        try (Lambdas lambdas = Lambdas.of(greeting("german", "Hallo"))) {
            JsonNode all = read(lambdas.invoke("german", "{}")).path("all");

            assertThat(all.properties().stream().map(java.util.Map.Entry::getKey))
                    .containsExactlyInAnyOrder(
                            "PATH",
                            "LANG",
                            "TZ",
                            "_HANDLER",
                            "AWS_EXECUTION_ENV",
                            "AWS_REGION",
                            "AWS_DEFAULT_REGION",
                            "AWS_ACCESS_KEY_ID",
                            "AWS_SECRET_ACCESS_KEY",
                            "AWS_SESSION_TOKEN",
                            "AWS_LAMBDA_FUNCTION_NAME",
                            "AWS_LAMBDA_FUNCTION_VERSION",
                            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                            "AWS_LAMBDA_LOG_GROUP_NAME",
                            "AWS_LAMBDA_LOG_STREAM_NAME",
                            "AWS_LAMBDA_INITIALIZATION_TYPE",
                            "AWS_LAMBDA_LOG_FORMAT",
                            "AWS_LAMBDA_RUNTIME_API",
                            "LAMBDA_TASK_ROOT",
                            "LAMBDA_RUNTIME_DIR",
                            "_X_AMZN_TRACE_ID",
                            "AWS_XRAY_CONTEXT_MISSING",
                            "AWS_XRAY_DAEMON_ADDRESS",
                            "AWS_ENDPOINT_URL_DYNAMODB",
                            "AWS_ENDPOINT_URL_DYNAMODB_STREAMS",
                            "AWS_ENDPOINT_URL_LAMBDA",
                            "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI",
                            "AWS_CONFIG_FILE",
                            "AWS_SHARED_CREDENTIALS_FILE",
                            "GREETING");
            assertThat(all.path("AWS_REGION").textValue()).isEqualTo("eu-central-1");
            assertThat(all.path("AWS_LAMBDA_FUNCTION_NAME").textValue()).isEqualTo("german");
            assertThat(all.path("AWS_LAMBDA_FUNCTION_MEMORY_SIZE").textValue()).isEqualTo("512");
            assertThat(all.path("AWS_LAMBDA_LOG_STREAM_NAME").textValue())
                    .matches("\\d{4}/\\d\\d/\\d\\d/\\[\\$LATEST][0-9a-f]{32}");
        }
    }

    @Test
    void a_value_may_depend_on_the_stacks_ports() throws Exception {
        FunctionDefinition function = FunctionDefinition.builder("callback")
                .handler(EnvironmentHandler.class)
                .environment("GREETING", endpoints -> endpoints.management().toString())
                .build();
        try (Lambdas lambdas = Lambdas.of(function)) {
            assertThat(read(lambdas.invoke("callback", "{}"))
                            .path("atInitialisation")
                            .textValue())
                    .isEqualTo("http://127.0.0.1:4711/local");
        }
    }

    @Test
    void the_context_class_loader_is_the_functions_own() throws Exception {
        try (Lambdas lambdas = Lambdas.of(greeting("german", "Hallo"))) {
            assertThat(read(lambdas.invoke("german", "{}"))
                            .path("contextClassLoader")
                            .booleanValue())
                    .isTrue();
        }
    }

    @Test
    void shutdown_hooks_run_when_the_functions_are_closed(@TempDir Path folder) throws Exception {
        FunctionDefinition function = FunctionDefinition.builder("hooks")
                .handler(ShutdownHookHandler.class)
                .environment("FOLDER", folder.toString())
                .build();
        try (Lambdas lambdas = Lambdas.of(function)) {
            lambdas.invoke("hooks", "{}");
            assertThat(folder).isEmptyDirectory();
        }

        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("called", "by-reference", "started-was-rejected");
    }

    private static FunctionDefinition greeting(String name, String greeting) {
        return FunctionDefinition.builder(name)
                .handler(EnvironmentHandler.class)
                .environment("GREETING", greeting)
                .build();
    }

    private static JsonNode read(InvocationResult result) throws Exception {
        assertThat(result.functionError()).as(result.payload()).isNull();
        return JSON.readTree(result.payload());
    }
}
