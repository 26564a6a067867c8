package io.github.visitorcounter.benchmark.visitors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class VirtualVisitorsTest {

    private static final long PATIENCE_SECONDS = 10;

    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stopListening() throws IOException {
        server.close();
    }

    @Test
    void a_rejected_visitor_retries() throws Exception {
        CompletableFuture<Void> served = CompletableFuture.runAsync(() -> {
            answer("503 Service Unavailable");
            answer("101 Switching Protocols");
        });

        try (VirtualVisitors virtualVisitors = virtualVisitors()) {
            Visitor visitor = virtualVisitors.connect(1).get(0);
            visitor.accepted().get(PATIENCE_SECONDS, SECONDS);
            served.get(PATIENCE_SECONDS, SECONDS);

            assertThat(visitor.gone()).isNotDone();
        }
    }

    @Test
    void a_visitor_gives_up_after_repeated_rejections() {
        CompletableFuture<Void> served = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 6; i++) {
                answer("503 Service Unavailable");
            }
        });

        try (VirtualVisitors virtualVisitors = virtualVisitors()) {
            Visitor visitor = virtualVisitors.connect(1).get(0);

            assertThatThrownBy(() -> visitor.accepted().get(PATIENCE_SECONDS, SECONDS))
                    .hasMessageContaining("Rejected: HTTP/1.1 503 Service Unavailable");
            assertThat(served).succeedsWithin(Duration.ofSeconds(PATIENCE_SECONDS));
        }
    }

    private VirtualVisitors virtualVisitors() {
        return VirtualVisitors.at(URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/dev"), Page.NEWEST_VERSION);
    }

    /** Answers one handshake; a rejection closes the connection, an acceptance leaves it open. */
    private void answer(String status) {
        try {
            Socket socket = server.accept();
            byte[] request = new byte[4_096];
            int length = 0;
            while (!new String(request, 0, length, StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
                length += socket.getInputStream().read(request, length, request.length - length);
            }
            socket.getOutputStream().write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            if (!status.startsWith("101")) {
                socket.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
