package io.github.visitorcounter.embeddedstack.chat;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.client.HandshakeRejectedException;
import io.github.visitorcounter.embeddedstack.client.WebSocketClient;
import io.github.visitorcounter.embeddedstack.junit.EmbeddedStackTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A template's authorizer, from its resource to the events of its routes. */
@EmbeddedStackTest("src/test/resources/templates/guarded.yaml")
class GuardedIT {

    @Test
    void functions_receive_the_authorizer_s_result(EmbeddedStack stack) {
        try (WebSocketClient ann = stack.client().query("token", "ann").connect()) {
            ann.send("who am I?");

            assertThat(ann.awaitMessage()).isEqualTo("{\"principalId\":\"ann\",\"tenant\":\"acme\"}");
        }
    }

    @ParameterizedTest
    @CsvSource({"token, '', 401", "tokens, ann, 401", "token, expired, 401", "token, nobody, 403", "token, broken, 500"
    })
    void others_are_rejected(String parameter, String value, int status, EmbeddedStack stack) {
        assertThatExceptionOfType(HandshakeRejectedException.class)
                .isThrownBy(() -> stack.client().query(parameter, value).connect())
                .satisfies(e -> assertThat(e.status()).isEqualTo(status));
    }
}
