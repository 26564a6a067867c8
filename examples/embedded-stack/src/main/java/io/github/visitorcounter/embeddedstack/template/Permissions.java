package io.github.visitorcounter.embeddedstack.template;

import io.github.visitorcounter.embeddedstack.access.Policy;
import io.github.visitorcounter.embeddedstack.access.Policy.Statement;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The permissions to invoke functions: {@code AWS::Lambda::Permission}. Without a permission, AWS deploys the caller,
 * whose invocations then fail.
 */
final class Permissions {

    /** A permission as a policy statement: the function is the action, and the caller is the resource. */
    private final List<Statement> statements = new ArrayList<>();

    Permissions(Resources resources, Function<Resource, PropertyReader> readers) {
        for (Resource resource : resources.ofType("AWS::Lambda::Permission")) {
            PropertyReader permission = readers.apply(resource);
            String principal = permission.text("Principal", "").replaceFirst("\\..*", "");
            statements.add(new Statement(
                    List.of(FunctionReader.shortName(permission.required("FunctionName"))),
                    List.of(principal + " " + permission.text("SourceArn", "*"))));
        }
    }

    /**
     * Checks that a function may be invoked.
     *
     * @param caller the resource that invokes the function
     * @param property its property that refers to the function
     * @param function its name, with the alias if it is invoked by one
     * @param service the caller's service, such as {@code apigateway}
     * @param sourceArn the ARN of the caller
     */
    void check(PropertyReader caller, String property, String function, String service, String sourceArn) {
        if (!new Policy(statements).allows(function, service + " " + sourceArn)) {
            caller.problem(
                    property,
                    "leads to " + function + ", which " + service + ".amazonaws.com may not invoke: there is no"
                            + " AWS::Lambda::Permission for " + sourceArn);
        }
    }
}
