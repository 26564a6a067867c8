package io.github.visitorcounter.embeddedstack;

import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import io.github.visitorcounter.embeddedstack.lambda.handlers.EchoHandler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** Every error response is JSON with an error type, as on AWS, and never an HTML page. */
class ErrorAnswersIT {

    private static EmbeddedStack stack;

    @BeforeAll
    static void start() {
        stack = EmbeddedStack.builder()
                .function(FunctionDefinition.builder("echo")
                        .handler(EchoHandler.class)
                        .build())
                .start();
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @ParameterizedTest
    @CsvSource({
        // Unknown paths.
        "GET / HTTP/1.1, 403, ForbiddenException",
        "GET /favicon.ico HTTP/1.1, 403, ForbiddenException",
        "GET /prod HTTP/1.1, 403, ForbiddenException",
        "POST /prod/@connections/AAAAAAAAAAAAAAA= HTTP/1.1, 403, ForbiddenException",
        "POST /@connections/AAAAAAAAAAAAAAA= HTTP/1.1, 403, ForbiddenException",
        "GET /local HTTP/1.1, 426, UpgradeRequiredException",
        "GET /local/@connections/AAAAAAAAAAAAAAA= HTTP/1.1, 403, MissingAuthenticationTokenException",
        // Lambda's other operations.
        "GET /2015-03-31/functions HTTP/1.1, 404, UnknownOperationException",
        "GET /2015-03-31/functions/ HTTP/1.1, 404, UnknownOperationException",
        "GET /2015-03-31/functions/echo HTTP/1.1, 404, UnknownOperationException",
        "GET /2015-03-31/functions/echo/invocations HTTP/1.1, 404, UnknownOperationException",
        "GET /2015-03-31/event-source-mappings HTTP/1.1, 404, UnknownOperationException",
        "POST /2014-11-13/functions/echo/invoke-async HTTP/1.1, 404, UnknownOperationException",
        "POST /2015-03-31/functions/nobody/invocations HTTP/1.1, 404, ResourceNotFoundException",
        // Errors of the web server itself.
        "GET /local/@connections/A%2FB HTTP/1.1, 400, BadRequestException",
        "GET /%zz HTTP/1.1, 400, BadRequestException",
        "BREW /local HTTP/9.9, 505, InternalServerErrorException",
        "nonsense, 400, BadRequestException",
    })
    void an_error_has_the_form_of_aws(String requestLine, int status, String errorType) throws IOException {
        assertThat(send(requestLine, ""))
                .startsWith("HTTP/1.1 " + status + " ")
                .containsIgnoringCase("content-type: application/json")
                .contains("x-amzn-ErrorType: " + errorType)
                .containsPattern("(?s)\\r\\n\\r\\n\\{.*\"[Mm]essage\":\".*}$")
                .doesNotContain("<html", "Jetty");
    }

    @Test
    void too_large_headers_are_431() throws IOException {
        assertThat(send("GET / HTTP/1.1", "Much: " + "x".repeat(70_000) + "\r\n"))
                .startsWith("HTTP/1.1 431 ")
                .contains("x-amzn-ErrorType: RequestHeaderFieldsTooLargeException")
                .endsWith("{\"message\":\"Request Header Fields Too Large\"}");
    }

    @Test
    void an_unknown_path_of_a_site_is_404(@TempDir Path site) throws Exception {
        Files.writeString(site.resolve("index.html"), "<h1>Chat</h1>");
        try (EmbeddedStack withSite = EmbeddedStack.builder().site(site).start()) {
            var answer = Http.send("GET", withSite.endpoints().page().getPort(), "/missing", "");

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).isEqualTo("{\"message\":\"Not Found\"}");
        }
    }

    private static String send(String requestLine, String header) throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), stack.endpoints().page().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write((requestLine + "\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n" + header
                                    + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
