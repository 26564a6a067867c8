package io.github.visitorcounter.embeddedstack.junit;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.StackStartException;
import io.github.visitorcounter.embeddedstack.template.StackTemplate;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.commons.support.AnnotationSupport;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The stack of a test class.
 *
 * @param test the test class that owns the stack
 * @param stack the stack
 * @param logs the log lines of its functions
 * @param notEmulated the unsupported resources of the template, for the report of a failure; empty if none
 */
record TestClassStack(String test, EmbeddedStack stack, TestLogs logs, String notEmulated) {

    static TestClassStack ofTemplate(Class<?> testClass) {
        EmbeddedStackTest test = AnnotationSupport.findAnnotation(testClass, EmbeddedStackTest.class)
                .orElseThrow(() -> new ExtensionConfigurationException(
                        testClass.getName() + " has no @EmbeddedStackTest: put it on the class, or use"
                                + " EmbeddedStackExtension.of with @RegisterExtension"));
        StackTemplate template;
        try {
            template = StackTemplate.read(Path.of(test.value()), parameters(test));
        } catch (IOException e) {
            throw new ExtensionConfigurationException(
                    "The template " + Path.of(test.value()).toAbsolutePath() + " could not be read", e);
        }
        return start(testClass.getName(), template.describe(), String.join("\n", template.unsupportedResources()));
    }

    static TestClassStack start(String test, EmbeddedStack.Builder description, String notEmulated) {
        TestLogs logs = new TestLogs();
        try {
            return new TestClassStack(test, description.logSink(logs).start(), logs, notEmulated);
        } catch (StackStartException e) {
            System.err.println(logs.report("Logs of the functions until the stack of " + test + " failed to start"));
            throw e;
        }
    }

    String report(String failedTest) {
        return logs.report("Logs of the functions during " + failedTest)
                + (notEmulated.isEmpty() ? "" : "\nNot emulated of the template:\n" + notEmulated);
    }

    private static Map<String, String> parameters(EmbeddedStackTest test) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String parameter : test.parameters()) {
            int equals = parameter.indexOf('=');
            if (equals < 1) {
                throw new ExtensionConfigurationException(
                        "The parameter '" + parameter + "' of @EmbeddedStackTest. Allowed: Name=value");
            }
            parameters.put(parameter.substring(0, equals), parameter.substring(equals + 1));
        }
        return parameters;
    }
}
