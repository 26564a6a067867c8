package io.github.visitorcounter.internal.broadcast.delivery;

import io.github.visitorcounter.internal.broadcast.delivery.PostOutcome.Kind;
import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** What every poster does, on any gateway. */
public abstract class PosterContract {

    /** A connection of the gateway, seen from both ends. */
    protected interface Client {

        String connectionId();

        /** The next message; fails when none comes. */
        String next() throws InterruptedException;

        /** Closes the connection; returns when the gateway knows. */
        void close() throws Exception;
    }

    /** What a gateway may do to posts. */
    protected enum Trouble {
        THROTTLES,
        FAILS,
        HANGS
    }

    protected abstract Poster poster();

    protected abstract Client open() throws Exception;

    /** Begins a handshake that is not answered, and returns the id of its connection. */
    protected abstract String beginHandshake() throws Exception;

    /** From now on every post meets this. */
    protected abstract void trouble(Trouble trouble);

    @Test
    void a_message_reaches_the_client() throws Exception {
        Client client = open();

        assertThat(post(client.connectionId(), "Grüße, 世界 👋")).isEqualTo(PostOutcome.DELIVERED);
        assertThat(client.next()).isEqualTo("Grüße, 世界 👋");
    }

    @Test
    void messages_arrive_in_the_order_of_their_posts() throws Exception {
        Client client = open();

        for (int i = 0; i < 20; i++) {
            post(client.connectionId(), "message " + i);
        }

        for (int i : IntStream.range(0, 20).toArray()) {
            assertThat(client.next()).isEqualTo("message " + i);
        }
    }

    @Test
    void a_connection_that_was_closed_is_gone() throws Exception {
        Client client = open();
        client.close();

        assertThat(post(client.connectionId(), "hello")).isEqualTo(PostOutcome.GONE);
    }

    @Test
    void a_connection_that_never_was_is_gone() throws Exception {
        assertThat(post("L0SM9cOFvHcCIhw=", "hello")).isEqualTo(PostOutcome.GONE);
    }

    @Test
    void a_connection_in_its_handshake_is_gone() throws Exception {
        assertThat(post(beginHandshake(), "hello")).isEqualTo(PostOutcome.GONE);
    }

    @Test
    void a_throttled_post_is_not_retried() throws Exception {
        Client client = open();
        trouble(Trouble.THROTTLES);

        assertThat(post(client.connectionId(), "hello").kind()).isEqualTo(Kind.THROTTLED);
    }

    @Test
    void a_failed_post_may_work_the_next_time() throws Exception {
        Client client = open();
        trouble(Trouble.FAILS);

        assertThat(post(client.connectionId(), "hello").kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void a_post_that_is_not_answered_ends_by_itself() throws Exception {
        Client client = open();
        trouble(Trouble.HANGS);

        assertThat(post(client.connectionId(), "hello").kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    private PostOutcome post(String connectionId, String message) throws Exception {
        return poster().post(connectionId, message).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
