package io.github.visitorcounter.embeddedstack.site;

import io.github.visitorcounter.embeddedstack.Http;
import io.github.visitorcounter.embeddedstack.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SiteHandlerIT {

    @TempDir
    Path temporary;

    private Path page;
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        page = Files.createDirectories(temporary.resolve("page"));
        Files.writeString(temporary.resolve("secret.txt"), "secret");
        Files.writeString(page.resolve("index.html"), "<h1>Grüezi</h1>");
        Files.writeString(page.resolve("both.js"), "first");
        server = TestServer.of(new SiteHandler(List.of(page.toUri(), jar()), "index.html"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void the_root_is_the_index_page() throws Exception {
        HttpResponse<String> response = Http.send("GET", server.port(), "/", "");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("<h1>Grüezi</h1>");
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-cache");
    }

    @Test
    void a_file_comes_from_the_first_root_that_has_it() throws Exception {
        assertThat(Http.send("GET", server.port(), "/both.js", "").body()).isEqualTo("first");

        HttpResponse<String> fromJar = Http.send("GET", server.port(), "/only/in-jar.js", "");
        assertThat(fromJar.body()).isEqualTo("export {}");
        assertThat(fromJar.headers().firstValue("Content-Type").orElse("")).startsWith("text/javascript");
    }

    @Test
    void edits_are_visible_and_unchanged_files_are_304() throws Exception {
        String etag = Http.send("GET", server.port(), "/both.js", "")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        assertThat(Http.send("GET", server.port(), "/both.js", "", "If-None-Match", etag)
                        .statusCode())
                .isEqualTo(304);

        Files.writeString(page.resolve("both.js"), "edited by hand");

        HttpResponse<String> edited = Http.send("GET", server.port(), "/both.js", "", "If-None-Match", etag);
        assertThat(edited.statusCode()).isEqualTo(200);
        assertThat(edited.body()).isEqualTo("edited by hand");
    }

    @Test
    void files_outside_the_roots_are_not_served() throws Exception {
        for (String path :
                List.of("/../secret.txt", "/%2e%2e/secret.txt", "/only/../../secret.txt", "/..%2fsecret.txt")) {
            assertThat(raw(path)).as(path).doesNotContain("200 OK").doesNotContain("secret\n");
        }
        assertThat(Http.send("GET", server.port(), "/only/", "").statusCode()).isIn(403, 404);
        assertThat(Http.send("GET", server.port(), "/missing.js", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void missing_folders_are_reported() {
        URI missing = temporary.resolve("missing").toUri();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SiteHandler(List.of(page.toUri(), missing), "index.html"))
                .withMessageContaining(missing.toString());
        assertThatIllegalArgumentException().isThrownBy(() -> new SiteHandler(List.of(), "index.html"));
    }

    private URI jar() throws Exception {
        Path jar = temporary.resolve("site.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String folder : List.of("web/", "web/only/")) {
                out.putNextEntry(new JarEntry(folder));
            }
            out.putNextEntry(new JarEntry("web/both.js"));
            out.write("second".getBytes(StandardCharsets.UTF_8));
            out.putNextEntry(new JarEntry("web/only/in-jar.js"));
            out.write("export {}".getBytes(StandardCharsets.UTF_8));
        }
        return URI.create("jar:" + jar.toUri() + "!/web/");
    }

    /** The JDK's client would normalise the path. */
    private String raw(String path) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            try (InputStream in = socket.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }
}
