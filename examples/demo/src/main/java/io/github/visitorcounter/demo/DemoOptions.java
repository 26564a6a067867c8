package io.github.visitorcounter.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * The demo's options, as system properties.
 *
 * @param port {@code port}: of everything but DynamoDB, 0 for any free one; default 8080
 * @param dynamodbPort {@code dynamodbPort}: DynamoDB's, 0 for any free one; default 8000
 * @param site {@code site}: the folder of the page's files; default {@code js-client}
 * @param endWithParent {@code endWithParent}: whether to end with the process that started this one; default false
 */
record DemoOptions(int port, int dynamodbPort, Path site, boolean endWithParent) {

    private static final int HIGHEST_PORT = 65_535;

    /**
     * Reads the options.
     *
     * @throws IllegalArgumentException if some are wrong; the message names them all
     */
    static DemoOptions from(Properties properties) {
        List<String> problems = new ArrayList<>();
        DemoOptions options = new DemoOptions(
                port(properties, "port", 8080, problems),
                port(properties, "dynamodbPort", 8000, problems),
                Path.of(properties.getProperty("site", "js-client")),
                Boolean.parseBoolean(properties.getProperty("endWithParent")));
        if (!Files.isRegularFile(options.site().resolve("demo.html"))) {
            problems.add("-Dsite=" + options.site() + ": there is no demo.html; it must be the js-client folder");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join(System.lineSeparator(), problems));
        }
        return options;
    }

    private static int port(Properties properties, String name, int defaultPort, List<String> problems) {
        String value = properties.getProperty(name, Integer.toString(defaultPort));
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= HIGHEST_PORT) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            // Reported below, like a number out of range.
        }
        problems.add("-D" + name + "=" + value + ": must be a port from 1 to 65535, or 0 for any free one");
        return defaultPort;
    }
}
