package io.github.visitorcounter.examples.cdk;

import io.github.visitorcounter.Setting;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.IManagedPolicy;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.CfnFunction;
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
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A function with its logs, its role, and the alias that everyone calls. */
final class CounterFunction extends Construct {

    private final String name;
    private final String dashedName;
    private final Function function;
    private final Role role;
    private final Alias alias;

    private CounterFunction(Builder parts) {
        super(parts.scope, parts.id);
        this.name = parts.id;
        this.dashedName = parts.dashedId();
        LogGroup logs = LogGroup.Builder.create(this, "Logs")
                // A log group that Lambda creates never expires its logs.
                .retention(parts.logRetention)
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        parts.allow(logs.getLogGroupArn(), "logs:CreateLogStream", "logs:PutLogEvents");
        this.role = role(parts);
        this.function = Function.Builder.create(this, "Function")
                .description(parts.description)
                .code(parts.code)
                .handler(parts.handler)
                .runtime(parts.runtime)
                .architecture(Architecture.ARM_64)
                .memorySize(parts.memoryMegabytes)
                .timeout(parts.timeout)
                .environment(parts.settings)
                .role(role.withoutPolicyUpdates())
                .reservedConcurrentExecutions(parts.concurrency)
                .logGroup(logs)
                // The library logs with levels. Only the JSON format keeps them.
                .loggingFormat(LoggingFormat.JSON)
                // A visitor waits for $connect. Starting from a snapshot takes a fraction of Java's start-up time.
                .snapStart(parts.runtime == Runtime.JAVA_21 ? SnapStartConf.ON_PUBLISHED_VERSIONS : null)
                .build();
        ((CfnFunction) function.getNode().getDefaultChild())
                .setTracingConfig(CfnFunction.TracingConfigProperty.builder()
                        .mode(parts.tracing)
                        .build());
        Annotations.of(function)
                .acknowledgeWarning(
                        "@aws-cdk/aws-lambda:snapStartRequirePublish", "The alias below publishes a version");
        // Only published versions have snapshots: every caller names this alias, never the function itself.
        this.alias = Alias.Builder.create(this, "Live")
                .aliasName("live")
                .version(function.getCurrentVersion())
                .build();
    }

    /** Its id in the scope, for the ids of what belongs to it. */
    String name() {
        return name;
    }

    /** {@code wake-up} for {@code WakeUp}. */
    String dashedName() {
        return dashedName;
    }

    Function function() {
        return function;
    }

    Role role() {
        return role;
    }

    /** What to call it by. */
    Alias alias() {
        return alias;
    }

    /** Not the role that the CDK makes by itself: that may write to the logs of every function. */
    private Role role(Builder parts) {
        return Role.Builder.create(this, "Role")
                .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
                .managedPolicies(parts.policies)
                .inlinePolicies(Map.of(
                        parts.dashedId(),
                        PolicyDocument.Builder.create()
                                .statements(parts.statements)
                                .build()))
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
        private final List<IManagedPolicy> policies = new ArrayList<>();
        private final RetentionDays logRetention;
        private String description;
        private Duration timeout;
        private Runtime runtime = Runtime.JAVA_21;
        private int memoryMegabytes = 1024;
        private String tracing = "PassThrough";
        private Integer concurrency;

        Builder(Construct scope, String id, String handler, Code code, RetentionDays logRetention) {
            this.scope = scope;
            this.id = id;
            this.handler = handler;
            this.code = code;
            this.logRetention = logRetention;
        }

        Builder runtime(Runtime runtime, int memoryMegabytes) {
            this.runtime = runtime;
            this.memoryMegabytes = memoryMegabytes;
            return this;
        }

        Builder memory(int megabytes) {
            this.memoryMegabytes = megabytes;
            return this;
        }

        Builder tracedWith(IManagedPolicy policy) {
            this.tracing = "Active";
            policies.add(policy);
            return this;
        }

        Builder concurrency(int concurrency) {
            this.concurrency = concurrency;
            return this;
        }

        Builder description(String description) {
            this.description = description;
            return this;
        }

        Builder timeout(Duration timeout) {
            this.timeout = timeout;
            return this;
        }

        <T> Builder setting(Setting<T> setting, T value) {
            settings.put(setting.variable(), setting.format(value));
            return this;
        }

        /** Sets what is not known before the deployment, and cannot be checked here. */
        Builder reference(Setting<?> setting, String value) {
            settings.put(setting.variable(), value);
            return this;
        }

        Builder allow(String resource, String... actions) {
            statements.add(PolicyStatement.Builder.create()
                    .actions(List.of(actions))
                    .resources(List.of(resource))
                    .build());
            return this;
        }

        /** WakeUp is wake-up. */
        private String dashedId() {
            return id.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
        }

        /** Adds the function to its scope. */
        CounterFunction build() {
            return new CounterFunction(this);
        }
    }
}
