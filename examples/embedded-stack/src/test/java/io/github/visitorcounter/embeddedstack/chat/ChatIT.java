package io.github.visitorcounter.embeddedstack.chat;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.client.WebSocketClient;
import io.github.visitorcounter.embeddedstack.junit.EmbeddedStackTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@EmbeddedStackTest(value = "src/test/resources/templates/chat.yaml", parameters = "StageName=live")
class ChatIT {

    @Test
    void everyone_receives_what_one_says(EmbeddedStack stack, WebSocketClient ann, WebSocketClient bob) {
        ann.send("{\"action\":\"say\",\"text\":\"hello\"}");

        assertThat(bob.awaitMessage("text", "hello")).isEqualTo(ann.awaitMessage());
        assertThat(stack.dynamoDb()
                        .scan(request -> request.tableName("Members"))
                        .count())
                .isEqualTo(2);
    }
}
