package io.github.visitorcounter.embeddedstack.template;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.lambda.InvocationResult;
import io.github.visitorcounter.embeddedstack.lambda.handlers.EchoHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

class BrokenFunctionIT {

    @TempDir
    private Path folder;

    @Test
    void an_unloadable_function_rejects_its_own_invocations_only() throws Exception {
        Path template = Files.writeString(folder.resolve("template.yaml"), """
                Resources:
                  Good: {Type: AWS::Serverless::Function, Properties: {Handler: %s, Timeout: 30}}
                  Gone: {Type: AWS::Serverless::Function, Properties: {Handler: com.example.Gone, CodeUri: nowhere}}
                  Odd: {Type: AWS::Serverless::Function, Properties: {Handler: src/handler.main}}
                """.formatted(EchoHandler.class.getName()));
        List<String> log = new CopyOnWriteArrayList<>();
        try (EmbeddedStack stack = StackTemplate.read(template, TemplateOptions.NONE)
                .describe()
                .logSink(log::add)
                .start()) {
            assertThat(invoke(stack, "Good").failed()).isFalse();
            InvocationResult gone = invoke(stack, "Gone");
            assertThat(gone.functionError()).isEqualTo("Unhandled");
            assertThat(gone.payload()).contains("Class not found: com.example.Gone");
            assertThat(invoke(stack, "Odd").payload()).contains("Class not found: src/handler.main");
        }
        assertThat(log)
                .anyMatch(line -> line.contains("Function 'Gone' (handler com.example.Gone)")
                        && line.contains("Class not found: com.example.Gone"))
                .anyMatch(line -> line.startsWith("[Gone]") && line.contains("Class not found: com.example.Gone"));
    }

    private static InvocationResult invoke(EmbeddedStack stack, String function) throws Exception {
        return stack.invoke(function, "{}").get(60, TimeUnit.SECONDS);
    }
}
