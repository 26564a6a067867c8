package io.github.visitorcounter.embeddedstack.template;

import io.github.visitorcounter.embeddedstack.access.Policy;
import io.github.visitorcounter.embeddedstack.access.Policy.Statement;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads the policies of functions' roles: {@code AWS::IAM::Role}, {@code Policy} and {@code ManagedPolicy}. */
final class PolicyReader {

    /** AWS's managed policies without permissions on tables, functions and connections. */
    private static final Pattern OF_NO_CONCERN = Pattern.compile("(arn:aws:iam::aws:policy/(service-role/)?)?"
            + "(AWSLambdaBasicExecutionRole|AWSLambdaVPCAccessExecutionRole|AWSXRayDaemonWriteAccess)");

    private final Resources resources;
    private final Function<Resource, PropertyReader> readers;
    private final Map<String, Optional<Policy>> byRole = new HashMap<>();

    PolicyReader(Resources resources, Function<Resource, PropertyReader> readers) {
        this.resources = resources;
        this.readers = readers;
    }

    /** Returns the policy of a function, or null if the template does not contain all of it, which is reported. */
    @Nullable
    Policy read(PropertyReader function) {
        String roleArn = function.text("Role");
        if (roleArn == null) {
            List<Statement> statements = new ArrayList<>();
            return samPolicies(function, statements) ? new Policy(statements) : null;
        }
        for (Resource role : resources.ofType(Resources.ROLE)) {
            if (roleArn.equals(resources.attribute(role.id(), "Arn"))) {
                return byRole.computeIfAbsent(role.id(), id -> Optional.ofNullable(role(role)))
                        .orElse(null);
            }
        }
        function.reportUnsupported("Role outside the template, so that everything is allowed");
        return null;
    }

    private @Nullable Policy role(Resource role) {
        PropertyReader properties = readers.apply(role);
        properties.irrelevant(
                "AssumeRolePolicyDocument", "RoleName", "Description", "Tags", "Path", "MaxSessionDuration");
        List<Statement> statements = new ArrayList<>();
        properties.objects("Policies").forEach(policy -> {
            policy.irrelevant("PolicyName");
            addStatements(policy.object("PolicyDocument"), statements);
        });
        String name = resources.ref(role.id());
        for (String type : List.of("AWS::IAM::Policy", Resources.MANAGED_POLICY)) {
            for (Resource policy : resources.ofType(type)) {
                PropertyReader attached = readers.apply(policy);
                if (attached.texts("Roles").contains(name)) {
                    addStatements(attached.object("PolicyDocument"), statements);
                }
            }
        }
        boolean complete = true;
        for (String arn : properties.texts("ManagedPolicyArns")) {
            complete &= managed(arn, properties, statements);
        }
        properties.finish();
        return complete ? new Policy(statements) : null;
    }

    private boolean managed(String arn, PropertyReader role, List<Statement> statements) {
        for (Resource policy : resources.ofType(Resources.MANAGED_POLICY)) {
            if (arn.equals(resources.ref(policy.id()))) {
                addStatements(readers.apply(policy).object("PolicyDocument"), statements);
                return true;
            }
        }
        if (OF_NO_CONCERN.matcher(arn).matches()) {
            return true;
        }
        role.reportUnsupported("with " + arn + ", so that everything is allowed");
        return false;
    }

    /** SAM's own property: policy documents are read; names of policies and SAM's policy templates are not. */
    private boolean samPolicies(PropertyReader function, List<Statement> statements) {
        List<?> policies = function.value("Policies", Nodes::list);
        if (policies == null) {
            return true; // SAM's role allows logging only.
        }
        boolean documents = policies.stream().allMatch(PolicyReader::isWrittenOut);
        if (!documents) {
            function.reportUnsupported("Policies that are not written out, so that everything is allowed");
            return false;
        }
        function.objectsAmong("Policies").forEach(document -> addStatements(document, statements));
        return true;
    }

    private static boolean isWrittenOut(Object policy) {
        return policy instanceof Map<?, ?> document
                ? document.containsKey("Statement")
                : OF_NO_CONCERN.matcher(policy.toString()).matches();
    }

    private static void addStatements(PropertyReader document, List<Statement> statements) {
        document.irrelevant("Version", "Id");
        for (PropertyReader statement : document.objects("Statement")) {
            statement.irrelevant("Sid");
            if (statement.required("Effect").equals("Allow")) {
                statements.add(new Statement(statement.texts("Action"), statement.texts("Resource")));
            } else {
                statement.irrelevant("Action", "Resource");
                statement.reportUnsupported("with the effect " + statement.text("Effect"));
            }
        }
    }
}
