package io.github.visitorcounter.embeddedstack.lambda;

import io.github.visitorcounter.embeddedstack.lambda.handlers.PlainHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Handler methods are selected and called as on Lambda. */
class PlainHandlersTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Objects               | {\"n\":7} | \"f 7\"",
                "Objects::sum          | [1,2,3]   | 6",
                "Objects::nothing      | \"x\"     | ``",
                "Objects::noParameters | {}        | \"called\"",
                "Objects::contextOnly  | {}        | \"f\"",
                "Streams::inAndOut     | 12        | \"12\"",
                "Streams::withContext  | 123       | \"f3\"",
                "Streams::inOnly       | 12345     | 5",
                "Overloaded::longest   | \"x\"     | \"three\"",
                "Overloaded::withContext | \"x\"   | \"context\"",
                "Static                | \"x\"     | \"static x\"",
                "Inherited             | \"x\"     | \"hello x\"",
                "Bridged               | 1         | \"number 2\""
            })
    void a_class_without_interfaces_is_called(String handler, String event, String answer) throws Exception {
        InvocationResult result = invoke(handler, event);
        assertThat(result.failed()).as(result.payload()).isFalse();
        assertThat(result.payload()).isEqualTo(answer);
    }

    @Test
    void its_exception_is_the_functions_error() throws Exception {
        assertThat(invoke("Objects::throwing", "\"here\"").payload())
                .startsWith("{\"errorMessage\":\"not here\",\"errorType\":\"java.io.IOException\",\"stackTrace\":[\""
                        + PlainHandlers.Objects.class.getName() + ".throwing(");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Objects::missing | No public method named missing with appropriate method signature found on class",
                "Objects::wrong   | can't be a handler: its parameters must be"
            })
    void an_invalid_method_is_reported(String handler, String message) throws Exception {
        InvocationResult result = invoke(handler, "\"x\"");
        assertThat(result.failed()).isTrue();
        assertThat(result.payload()).contains(message);
    }

    private static InvocationResult invoke(String handler, String event) throws Exception {
        FunctionDefinition function = FunctionDefinition.builder("f")
                .handler(PlainHandlers.class.getName() + "$" + handler)
                .build();
        try (Lambdas lambdas = Lambdas.of(function)) {
            return lambdas.invoke("f", event);
        }
    }
}
