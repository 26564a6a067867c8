package io.github.visitorcounter.embeddedstack.lambda;

import io.github.visitorcounter.embeddedstack.StackEndpoints;
import io.github.visitorcounter.embeddedstack.access.AccessKeys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The environment variables of a function: Lambda's, those that direct the AWS SDK to this stack, and its own. */
final class FunctionEnvironment {

    /** Names that a definition cannot set. AWS lists more, which this stack does not set either. */
    static final Set<String> RESERVED = Set.of(
            "_HANDLER",
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
            "AWS_EXECUTION_ENV",
            "AWS_LAMBDA_FUNCTION_NAME",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            "AWS_LAMBDA_FUNCTION_VERSION",
            "AWS_LAMBDA_INITIALIZATION_TYPE",
            "AWS_LAMBDA_LOG_FORMAT",
            "AWS_LAMBDA_LOG_LEVEL",
            "AWS_LAMBDA_RUNTIME_API",
            "LAMBDA_TASK_ROOT",
            "LAMBDA_RUNTIME_DIR",
            "_X_AMZN_TRACE_ID",
            "AWS_XRAY_CONTEXT_MISSING",
            "AWS_XRAY_DAEMON_ADDRESS",
            "AWS_LAMBDA_LOG_GROUP_NAME",
            "AWS_LAMBDA_LOG_STREAM_NAME",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN");

    /** AWS's address of the runtime interface. Only a custom runtime would call it; nothing listens there. */
    private static final String RUNTIME_API = "127.0.0.1:9001";

    private FunctionEnvironment() {}

    static Map<String, String> of(FunctionDefinition definition, FunctionIdentity identity, StackEndpoints endpoints) {
        Map<String, String> variables = new LinkedHashMap<>();
        // The only variable of the process's own environment: others would make a run depend on the machine.
        String path = System.getenv("PATH");
        if (path != null) {
            variables.put("PATH", path);
        }
        variables.put("LANG", "en_US.UTF-8");
        variables.put("TZ", ":UTC");
        if (definition.handler() != null) {
            variables.put("_HANDLER", definition.handler());
        }
        variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_java" + Runtime.version().feature());
        variables.put("AWS_REGION", identity.region());
        variables.put("AWS_DEFAULT_REGION", identity.region());
        variables.put("AWS_ACCESS_KEY_ID", AccessKeys.of(definition.name()));
        variables.put("AWS_SECRET_ACCESS_KEY", "local");
        variables.put("AWS_SESSION_TOKEN", "local");
        variables.put("AWS_LAMBDA_FUNCTION_NAME", definition.name());
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", FunctionIdentity.VERSION);
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(definition.memoryMegabytes()));
        variables.put("AWS_LAMBDA_LOG_GROUP_NAME", identity.logGroupName());
        variables.put("AWS_LAMBDA_LOG_STREAM_NAME", identity.logStreamName());
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        if (definition.logFormat() == LogFormat.JSON) {
            variables.put("AWS_LAMBDA_LOG_FORMAT", "JSON");
            variables.put("AWS_LAMBDA_LOG_LEVEL", "INFO");
        } else {
            variables.put("AWS_LAMBDA_LOG_FORMAT", "Text");
        }
        variables.put("AWS_LAMBDA_RUNTIME_API", RUNTIME_API);
        variables.put("LAMBDA_TASK_ROOT", taskRoot(definition));
        variables.put("LAMBDA_RUNTIME_DIR", "/var/runtime");
        variables.put("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR");
        variables.put("AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:2000");

        // Not set on AWS: these SDK variables direct its clients to this stack ...
        variables.put("AWS_ENDPOINT_URL_DYNAMODB", endpoints.dynamodb().toString());
        variables.put("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", endpoints.dynamodb().toString());
        variables.put("AWS_ENDPOINT_URL_LAMBDA", endpoints.lambda().toString());
        variables.put(
                "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI",
                endpoints.management().toString());
        // ... and these prevent it from reading the developer's ~/.aws, which does not exist on Lambda.
        variables.put("AWS_CONFIG_FILE", EmptyFile.PATH);
        variables.put("AWS_SHARED_CREDENTIALS_FILE", EmptyFile.PATH);

        definition.environment().forEach((name, value) -> variables.put(name, value.apply(endpoints)));
        return Collections.unmodifiableMap(variables);
    }

    /** The folder with the function's classes, or the one with its first jar; on AWS /var/task. */
    private static String taskRoot(FunctionDefinition definition) {
        List<Path> classPath = definition.classPath();
        if (classPath.isEmpty()) {
            return Path.of("").toAbsolutePath().toString();
        }
        Path first = classPath.stream().filter(Files::isDirectory).findFirst().orElse(classPath.get(0));
        Path folder = Files.isDirectory(first) ? first : first.toAbsolutePath().getParent();
        return String.valueOf(folder == null ? first : folder.toAbsolutePath());
    }

    /** An empty configuration file for the AWS SDKs; version 1 prints a stack trace if it is not a regular file. */
    private static final class EmptyFile {

        private static final String PATH = create();

        private static String create() {
            try {
                Path file = Files.createTempFile("embedded-stack-aws", ".config");
                file.toFile().deleteOnExit();
                return file.toString();
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "An empty file could not be created in the folder for temporary files", e);
            }
        }
    }
}
