package io.github.visitorcounter.embeddedstack.chat;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.client.WebSocketClient;
import io.github.visitorcounter.embeddedstack.template.StackTemplate;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Runs the chat of the template in a JVM of its own: functions, table, stream and posts. */
public final class LaptopMain {

    private LaptopMain() {}

    public static void main(String[] arguments) throws Exception {
        try (EmbeddedStack stack = StackTemplate.read(
                        Path.of("src/test/resources/templates/chat.yaml"), Map.of("StageName", "live"))
                .describe()
                .start()) {
            // Long, because other JVMs run on the same small machine.
            WebSocketClient client =
                    stack.client().timeout(Duration.ofSeconds(80)).connect();
            client.send("{\"action\":\"say\",\"text\":\"hello\"}");
            String answer = client.awaitMessage();
            if (!"{\"action\":\"say\",\"text\":\"hello\"}".equals(answer)) {
                throw new IllegalStateException("The chat answered " + answer);
            }
            if (stack.dynamoDb().scan(request -> request.tableName("Members")).count() != 1) {
                throw new IllegalStateException("The stack's own client does not see the member");
            }
        }
        System.exit(0); // Jobs of DynamoDB Local would keep the JVM for ten seconds.
    }
}
