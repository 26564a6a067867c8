package io.github.visitorcounter.internal.broadcast.delivery;

import io.github.visitorcounter.internal.broadcast.delivery.PostOutcome.Kind;
import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** The contract of {@link Poster}. */
public abstract class PosterContract {

    /** A client of the gateway and its connection id. */
    protected interface Client {

        String connectionId();

        /** Returns the next message; fails if none is received. */
        String next() throws InterruptedException;

        /** Closes the connection; returns when the gateway has registered it. */
        void close() throws Exception;
    }

    /** A fault of the gateway. */
    protected enum Trouble {
        THROTTLES,
        FAILS,
        HANGS
    }

    protected abstract Poster poster();

    protected abstract Client open() throws Exception;

    /** Begins a handshake that is not answered; returns the connection id. */
    protected abstract String beginHandshake() throws Exception;

    /** Applies a fault to every post from now on. */
    protected abstract void trouble(Trouble trouble);

    @Test
    void client_receives_the_message() throws Exception {
        Client client = open();

        assertThat(post(client.connectionId(), "Grüße, 世界 👋")).isEqualTo(PostOutcome.DELIVERED);
        assertThat(client.next()).isEqualTo("Grüße, 世界 👋");
    }

    @Test
    void messages_are_received_in_order() throws Exception {
        Client client = open();

        for (int i = 0; i < 20; i++) {
            post(client.connectionId(), "message " + i);
        }

        for (int i : IntStream.range(0, 20).toArray()) {
            assertThat(client.next()).isEqualTo("message " + i);
        }
    }

    @Test
    void closed_connection_is_gone() throws Exception {
        Client client = open();
        client.close();

        assertThat(post(client.connectionId(), "hello")).isEqualTo(PostOutcome.GONE);
    }

    @Test
    void unknown_connection_is_gone() throws Exception {
        assertThat(post("L0SM9cOFvHcCIhw=", "hello")).isEqualTo(PostOutcome.GONE);
    }

    @Test
    void connection_in_its_handshake_is_gone() throws Exception {
        assertThat(post(beginHandshake(), "hello")).isEqualTo(PostOutcome.GONE);
    }

    @Test
    void throttled_post_is_not_retried() throws Exception {
        Client client = open();
        trouble(Trouble.THROTTLES);

        assertThat(post(client.connectionId(), "hello").kind()).isEqualTo(Kind.THROTTLED);
    }

    @Test
    void failed_post_is_unavailable() throws Exception {
        Client client = open();
        trouble(Trouble.FAILS);

        assertThat(post(client.connectionId(), "hello").kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void unanswered_post_times_out() throws Exception {
        Client client = open();
        trouble(Trouble.HANGS);

        assertThat(post(client.connectionId(), "hello").kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    private PostOutcome post(String connectionId, String message) throws Exception {
        return poster().post(connectionId, message).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
