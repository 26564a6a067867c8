package io.github.visitorcounter.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.embeddedstack.StackEndpoints;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The {@code config.json} beside the page, which contains the address of the counter; in a deployed stack the template
 * writes it.
 */
final class PageConfig implements AutoCloseable {

    private static final String FILE_NAME = "config.json";

    private final Path folder;

    private PageConfig(Path folder) {
        this.folder = folder;
    }

    static PageConfig create() throws IOException {
        return new PageConfig(Files.createTempDirectory("visitor-counter-demo"));
    }

    Path folder() {
        return folder;
    }

    void write(StackEndpoints endpoints, boolean hasHttpCount) throws IOException {
        Map<String, String> addresses = new TreeMap<>(Map.of(
                "websocket", endpoints.websocket().toString(),
                "control", endpoints.control().toString()));
        if (hasHttpCount) {
            addresses.put("count", endpoints.page().resolve("count").toString());
        }
        new ObjectMapper().writeValue(folder.resolve(FILE_NAME).toFile(), addresses);
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(folder.resolve(FILE_NAME));
            Files.deleteIfExists(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
