package io.github.visitorcounter.embeddedstack.lambda;

import io.github.visitorcounter.embeddedstack.StackEndpoints;
import io.github.visitorcounter.embeddedstack.access.AccessKeys;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The environment variables that a function sees: Lambda's, those that lead the AWS SDK to this stack, and its own. */
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
            "AWS_LAMBDA_LOG_GROUP_NAME",
            "AWS_LAMBDA_LOG_STREAM_NAME",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN");

    private FunctionEnvironment() {}

    static Map<String, String> of(FunctionDefinition definition, FunctionIdentity identity, StackEndpoints endpoints) {
        Map<String, String> variables = new LinkedHashMap<>();
        // Of the process's own environment only this: everything else would make a run depend on the machine.
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

        // Not on AWS: the SDK's own variables point its clients at this stack ...
        variables.put("AWS_ENDPOINT_URL_DYNAMODB", endpoints.dynamodb().toString());
        variables.put("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", endpoints.dynamodb().toString());
        variables.put("AWS_ENDPOINT_URL_LAMBDA", endpoints.lambda().toString());
        variables.put(
                "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI",
                endpoints.management().toString());
        // ... and these keep it from reading the developer's ~/.aws, which Lambda does not have.
        variables.put("AWS_CONFIG_FILE", "/dev/null");
        variables.put("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");

        definition.environment().forEach((name, value) -> variables.put(name, value.apply(endpoints)));
        return Collections.unmodifiableMap(variables);
    }
}
