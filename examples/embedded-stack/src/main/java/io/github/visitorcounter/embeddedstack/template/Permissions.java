package io.github.visitorcounter.embeddedstack.template;

import io.github.visitorcounter.embeddedstack.access.Policy;
import io.github.visitorcounter.embeddedstack.access.Policy.Statement;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Who may invoke which function: {@code AWS::Lambda::Permission}. Without one, AWS deploys the caller, which then fails. */
final class Permissions {

    /** A function, as the action of a policy, and who may invoke it, as its resource. */
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
     * @param caller the resource that leads to it
     * @param property the property that does
     * @param function its name, with the alias if it is invoked by one
     * @param service the caller's service, such as {@code apigateway}
     * @param sourceArn the caller
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
