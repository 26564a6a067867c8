package io.github.visitorcounter.embeddedstack;

import io.github.visitorcounter.embeddedstack.dynamodb.TableDefinition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

import static org.assertj.core.api.Assertions.assertThat;

/** The access of web pages in the developer's browser to the stack's ports. */
class HostAndOriginIT {

    private static EmbeddedStack stack;

    @BeforeAll
    static void start() {
        stack = EmbeddedStack.builder()
                .table(TableDefinition.keyedBy("Secrets", "id"))
                .start();
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @ParameterizedTest
    @CsvSource({
        // Another host name for 127.0.0.1 is a DNS rebinding attack.
        "dynamodb, POST, /, evil.example, , 403",
        "dynamodb, POST, /, evil.example:80, , 403",
        "lambda, GET, /_local/stats, evil.example, , 403",
        "lambda, PUT, /_local/faults, evil.example, , 403",
        "lambda, POST, /local/@connections/L0SM9cOFvHcCIhw%3D, evil.example, , 403",
        "lambda, POST, /2015-03-31/functions/f/invocations, 127.0.0.1.evil.example, , 403",
        // A page of another origin must not change anything.
        "dynamodb, POST, /, 127.0.0.1, http://evil.example, 403",
        "lambda, PUT, /_local/faults, 127.0.0.1, http://evil.example, 403",
        "lambda, PUT, /_local/faults, 127.0.0.1, null, 403",
        "lambda, POST, /2015-03-31/functions/f/invocations, localhost, http://localhost:5173, 403",
        "lambda, OPTIONS, /_local/faults, 127.0.0.1, http://evil.example, 405",
        // All other requests are allowed.
        "dynamodb, POST, /, 127.0.0.1, , 200",
        "dynamodb, POST, /, localhost, , 200",
        "dynamodb, POST, /, dynamodb.us-east-1.amazonaws.com, , 200",
        "lambda, GET, /_local/stats, localhost, , 200",
        "lambda, GET, /_local/stats, 127.0.0.1, http://evil.example, 200",
        "lambda, PUT, /_local/faults, [::1], , 200",
        "lambda, POST, /2015-03-31/functions/f/invocations, LOCALHOST, , 404"
    })
    void is_limited_by_host_and_origin(String port, String method, String path, String host, String origin, int status)
            throws IOException {
        URI endpoint = port.equals("dynamodb")
                ? stack.endpoints().dynamodb()
                : stack.endpoints().lambda();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.getPort())) {
            String body = port.equals("dynamodb") ? "{\"TableName\":\"Secrets\"}" : "{}";
            String request = method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n"
                    + (origin == null ? "" : "Origin: " + origin + "\r\n")
                    + "X-Amz-Target: DynamoDB_20120810.Scan\r\nContent-Type: application/x-amz-json-1.0\r\n"
                    + "Authorization: AWS4-HMAC-SHA256 Credential=local/20261124/us-east-1/dynamodb/aws4_request,"
                    + " SignedHeaders=host, Signature=00\r\n"
                    + "Content-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(response).startsWith("HTTP/1.1 " + status + " ");
        }
    }
}
