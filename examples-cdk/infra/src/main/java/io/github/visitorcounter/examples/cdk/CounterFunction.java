package io.github.visitorcounter.examples.cdk;

import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.LoggingFormat;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.SnapStartConf;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A function with its logs, its role, and the alias that everyone calls. */
final class CounterFunction extends Construct {

    private final Alias alias;

    private CounterFunction(Builder parts) {
        super(parts.scope, parts.id);
        LogGroup logs = LogGroup.Builder.create(this, "Logs")
                // Because a log group that Lambda makes by itself keeps everything for ever.
                .retention(RetentionDays.TWO_WEEKS)
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        parts.allow(logs.getLogGroupArn(), "logs:CreateLogStream", "logs:PutLogEvents");
        Function function = Function.Builder.create(this, "Function")
                .description(parts.description)
                .code(parts.code)
                .handler(parts.handler)
                .runtime(Runtime.JAVA_21)
                .architecture(Architecture.ARM_64)
                .memorySize(1024)
                .timeout(parts.timeout)
                .environment(parts.settings)
                .role(role(parts.statements))
                .logGroup(logs)
                // Because the library logs with levels, and only JSON keeps them.
                .loggingFormat(LoggingFormat.JSON)
                // Because a visitor waits for $connect, and a snapshot starts in a fraction of Java's start-up time.
                .snapStart(SnapStartConf.ON_PUBLISHED_VERSIONS)
                .build();
        Annotations.of(function)
                .acknowledgeWarning(
                        "@aws-cdk/aws-lambda:snapStartRequirePublish", "The alias below publishes a version");
        // Because only published versions have snapshots: every caller names this alias, never the function itself.
        this.alias = Alias.Builder.create(this, "Live")
                .aliasName("live")
                .version(function.getCurrentVersion())
                .build();
    }

    /** Not the role that the CDK makes by itself: that may write to the logs of every function. */
    private Role role(List<PolicyStatement> statements) {
        return Role.Builder.create(this, "Role")
                .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
                .inlinePolicies(Map.of(
                        "calls",
                        PolicyDocument.Builder.create().statements(statements).build()))
                .build();
    }

    /** Collects what one function is made of. Not thread-safe. */
    static final class Builder {

        private final Construct scope;
        private final String id;
        private final String handler;
        private final Code code;
        private final Map<String, String> settings = new TreeMap<>();
        private final List<PolicyStatement> statements = new ArrayList<>();
        private String description;
        private Duration timeout;

        Builder(Construct scope, String id, String handler, Code code) {
            this.scope = scope;
            this.id = id;
            this.handler = handler;
            this.code = code;
        }

        Builder description(String description) {
            this.description = description;
            return this;
        }

        Builder timeout(Duration timeout) {
            this.timeout = timeout;
            return this;
        }

        Builder setting(String variable, String value) {
            settings.put(variable, value);
            return this;
        }

        Builder allow(String resource, String... actions) {
            statements.add(PolicyStatement.Builder.create()
                    .actions(List.of(actions))
                    .resources(List.of(resource))
                    .build());
            return this;
        }

        /** Adds the function to its scope, and returns the alias to call it by. */
        Alias build() {
            return new CounterFunction(this).alias;
        }
    }
}
