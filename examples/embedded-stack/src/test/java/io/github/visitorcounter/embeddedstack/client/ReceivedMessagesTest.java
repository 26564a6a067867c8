package io.github.visitorcounter.embeddedstack.client;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ReceivedMessagesTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final ReceivedMessages received = new ReceivedMessages();

    @Test
    void messages_before_the_matching_one_are_skipped() {
        for (String message : new String[] {"a1", "b1", "a2", "b2"}) {
            received.add(message);
        }

        assertThat(received.take("b", message -> message.startsWith("b"), LONG)).isEqualTo("b1");
        assertThat(received.take("any", message -> true, LONG)).isEqualTo("a2");
        assertThat(received.all()).containsExactly("a1", "b1", "a2", "b2");
    }

    @Test
    void a_later_message_is_awaited() throws Exception {
        CompletableFuture<String> taken = CompletableFuture.supplyAsync(() -> received.take("x", "x"::equals, LONG));
        received.add("w");
        received.add("x");

        assertThat(taken.get(20, TimeUnit.SECONDS)).isEqualTo("x");
    }

    @Test
    void a_timeout_lists_the_received_messages() {
        received.add("first");
        received.take("message", message -> true, LONG);
        received.add("{\"live\":1}");

        assertThatThrownBy(() -> received.take("message with \"live\": 2", message -> false, Duration.ofMillis(20)))
                .isInstanceOf(AssertionError.class)
                .hasMessage("No message with \"live\": 2 within PT0.02S. Received instead: \n  {\"live\":1}\n"
                        + "Received before: \n  first");
        // The message was not removed.
        assertThat(received.take("any", message -> true, LONG)).isEqualTo("{\"live\":1}");
    }

    @Test
    void the_end_of_the_connection_ends_the_wait_at_once() {
        received.closed(new WebSocketClient.Close(1001, "Going away"));

        assertThatThrownBy(() -> received.take("message", message -> true, LONG))
                .isInstanceOf(AssertionError.class)
                .hasMessage("No message; the connection was closed with Close[code=1001, reason=Going away]."
                        + " Received instead: nothing");
        assertThat(received.awaitClose(LONG).code()).isEqualTo(1001);
    }

    @Test
    void a_connection_that_stays_open_fails_too() {
        assertThatThrownBy(() -> received.awaitClose(Duration.ofMillis(20)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("The connection was not closed within PT0.02S");
    }
}
