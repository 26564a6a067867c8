package io.github.visitorcounter.examples.cdk;

import software.amazon.awscdk.App;
import software.amazon.awscdk.services.lambda.Code;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Synthesises the stack; {@code cdk.json} tells the CDK to start it. */
public final class VisitorCounterApp {

    /** What {@code mvn package} leaves of the module {@code functions}. */
    private static final Path FUNCTIONS = Path.of("functions", "target", "package");

    private VisitorCounterApp() {}

    /**
     * Synthesises the stack. The counters come from the CDK's context: {@code cdk deploy -c counters=site,blog}.
     *
     * @param args none
     * @throws IllegalStateException if the functions have not been built
     */
    public static void main(String[] args) {
        if (!Files.isDirectory(FUNCTIONS)) {
            throw new IllegalStateException("There is no folder " + FUNCTIONS.toAbsolutePath()
                    + ": build the functions first, with mvn package");
        }
        App app = new App();
        VisitorCounterProps.Builder props = VisitorCounterProps.builder().code(Code.fromAsset(FUNCTIONS.toString()));
        Object counters = app.getNode().tryGetContext("counters");
        if (counters != null) {
            props.counters(List.of(counters.toString().split(",")));
        }
        new VisitorCounterStack(app, "visitor-counter", props.build());
        app.synth();
    }
}
