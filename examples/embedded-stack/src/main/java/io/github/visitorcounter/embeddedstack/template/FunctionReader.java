package io.github.visitorcounter.embeddedstack.template;

import io.github.visitorcounter.embeddedstack.lambda.AsyncRetryPolicy;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import io.github.visitorcounter.embeddedstack.lambda.LogFormat;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.regex.Pattern;

/** Reads {@code AWS::Lambda::Function} with its aliases, its role and its settings for asynchronous invocations. */
final class FunctionReader {

    /** An unresolved reference to a resource that is not emulated. */
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(?<resource>[A-Za-z0-9]+)[^}]*}");

    private static final int MOST_INSTANCES = 1_000;

    private FunctionReader() {}

    /** Returns the name, or name and alias, of a function's ARN; other references are returned unchanged. */
    static String shortName(String reference) {
        return reference.replaceFirst("^arn:.*:function:", "");
    }

    /**
     * Reads a function.
     *
     * @param name its physical name
     * @param code its class path
     * @return null if it is not a Java function, which is reported
     */
    static FunctionDefinition.@Nullable Builder read(
            PropertyReader properties, String name, Resources resources, CodeLocation code) {
        properties.irrelevant("FunctionName", "Code", "Description", "Architectures", "Tags", "Role", "Policies");
        String runtime = properties.text("Runtime", "java");
        if (!runtime.startsWith("java")) {
            properties.reportUnsupported("with the runtime " + runtime);
            return null;
        }
        if (properties.text("PackageType", "Zip").equals("Image")) {
            properties.reportUnsupported("of an image");
            return null;
        }
        String handler = properties.required("Handler");
        FunctionDefinition.Builder function = FunctionDefinition.builder(name)
                .handler(handler.isEmpty() ? "Missing" : handler) // Already reported as a problem.
                .classPath(code.classPath(properties.resource(), handler, codeUri(properties)))
                .timeout(Duration.ofSeconds(properties.number("Timeout", 3)))
                .memoryMegabytes(properties.number("MemorySize", 128));
        int reserved = properties.number("ReservedConcurrentExecutions", -1);
        if (reserved >= 0) {
            function.reservedConcurrency(Math.min(reserved, MOST_INSTANCES));
        }
        PropertyReader logging = properties.object("LoggingConfig");
        function.logFormat("JSON".equals(logging.text("LogFormat", "Text")) ? LogFormat.JSON : LogFormat.TEXT);
        PropertyReader variables = properties.object("Environment").object("Variables");
        for (String variable : variables.names()) {
            String value = variables.text(variable, "");
            if (REFERENCE.matcher(value).find()) {
                variables.reportUnsupported(variable + ", which is " + value + " here");
            }
            function.environment(variable, endpoints -> resources.target().local(value, endpoints));
        }
        return function;
    }

    /** SAM also accepts a bucket and a key, which are not on this machine. */
    private static String codeUri(PropertyReader properties) {
        String uri = properties.value("CodeUri", node -> node instanceof String text ? text : "s3://");
        return uri == null ? "." : uri;
    }

    /** Reads {@code AWS::Lambda::EventInvokeConfig}. */
    static AsyncRetryPolicy retryPolicy(PropertyReader properties) {
        properties.irrelevant("FunctionName", "Qualifier");
        return new AsyncRetryPolicy(
                properties.number("MaximumRetryAttempts", AsyncRetryPolicy.DEFAULT.maximumRetryAttempts()),
                Duration.ofSeconds(properties.number("MaximumEventAgeInSeconds", (int)
                        AsyncRetryPolicy.DEFAULT.maximumEventAge().toSeconds())));
    }
}
