package io.github.visitorcounter.embeddedstack.lambda;

import io.github.visitorcounter.embeddedstack.lambda.handlers.PrintingHandler;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** Printed lines are logged, and each invocation has its own trace id. */
class ConsoleTest {

    @Test
    void printed_lines_are_logged_and_in_the_tail() throws Exception {
        try (Lambdas lambdas = Lambdas.of(function("printing"))) {
            Invocation.Answer first = answer(lambdas, "1");
            assertThat(lambdas.log)
                    .startsWith(
                            "[printing] initialised",
                            "[printing] out 1",
                            "[printing] second line",
                            "[printing] err 1",
                            "[printing] java.lang.IllegalStateException: printed")
                    .endsWith("[printing] helper 1", "[printing] no end");
            Invocation.Answer second = answer(lambdas, "2");
            assertThat(tail(first))
                    .contains("out 1\nsecond line\nerr 1\n", "helper 1\nno end\n")
                    .doesNotContain("out 2");
            assertThat(tail(second)).contains("out 2\n", "helper 2\n").doesNotContain("out 1");
            assertThat(first.result().payload())
                    .matches("\"Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0\"")
                    .isNotEqualTo(second.result().payload());
        }
    }

    private static Invocation.Answer answer(Lambdas lambdas, String event) throws Exception {
        InvocationTarget target = lambdas.lambda.find("printing");
        Invocation.Answer answer = target.invoke(
                        lambdas.lambda.settings().requestIds().get(), "\"" + event + "\"")
                .get(20, TimeUnit.SECONDS);
        assertThat(answer.result().failed()).as(answer.result().payload()).isFalse();
        return answer;
    }

    private static String tail(Invocation.Answer answer) {
        return new String(answer.log().tail(), StandardCharsets.UTF_8);
    }

    private static FunctionDefinition function(String name) {
        return FunctionDefinition.builder(name).handler(PrintingHandler.class).build();
    }
}
