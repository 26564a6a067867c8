package io.github.visitorcounter.demo;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The demo's options, as system properties.
 *
 * @param port {@code port}: the port of everything but DynamoDB, 0 for any free one; default 8080
 * @param dynamodbPort {@code dynamodbPort}: DynamoDB's, 0 for any free one; default 8000
 * @param site {@code site}: the folder of the page's files; default {@code js-client}
 * @param template {@code template}: a CloudFormation or SAM template to start instead of the demo's own stack; default
 *     none
 * @param parameters {@code template.parameters}: values of its parameters, in the syntax of {@code sam deploy}:
 *     {@code Name=Value Name="Value with spaces"}
 * @param imports {@code template.imports}: values of {@code Fn::ImportValue}, written like the parameters
 * @param classPath {@code -Dclasspath}: the jars and folders of the template's functions; default: this JVM's class
 *     path, and for other handlers, their {@code CodeUri}
 * @param endWithParent {@code endWithParent}: whether to end with the process that started this one; default false
 */
record DemoOptions(
        int port,
        int dynamodbPort,
        Path site,
        Optional<Path> template,
        Map<String, String> parameters,
        Map<String, String> imports,
        List<Path> classPath,
        boolean endWithParent) {

    private static final int HIGHEST_PORT = 65_535;
    private static final Pattern PARAMETER =
            Pattern.compile("(?<name>[\\w:-]+)=(?:\"(?<quoted>[^\"]*)\"|(?<plain>\\S*))\\s*");

    /**
     * Reads the options.
     *
     * @throws IllegalArgumentException if options are invalid; the message lists all of them
     */
    static DemoOptions from(Properties properties) {
        List<String> problems = new ArrayList<>();
        DemoOptions options = new DemoOptions(
                port(properties, "port", 8080, problems),
                port(properties, "dynamodbPort", 8000, problems),
                Path.of(properties.getProperty("site", "js-client")),
                template(properties, problems),
                named(properties, "template.parameters", problems),
                named(properties, "template.imports", problems),
                classPath(properties),
                Boolean.parseBoolean(properties.getProperty("endWithParent")));
        if (!Files.isRegularFile(options.site().resolve("demo/demo.html"))) {
            problems.add("-Dsite=" + options.site() + ": there is no demo/demo.html; it must be the js-client folder");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join(System.lineSeparator(), problems));
        }
        return options;
    }

    private static Optional<Path> template(Properties properties, List<String> problems) {
        String name = properties.getProperty("template", "");
        if (name.isBlank()) {
            return Optional.empty();
        }
        Path file = Path.of(name);
        if (!Files.isRegularFile(file)) {
            problems.add("-Dtemplate=" + name + ": there is no such file in "
                    + Path.of("").toAbsolutePath());
        }
        return Optional.of(file);
    }

    private static List<Path> classPath(Properties properties) {
        return Arrays.stream(properties.getProperty("classpath", "").split(File.pathSeparator, -1))
                .filter(path -> !path.isBlank())
                .map(Path::of)
                .toList();
    }

    private static Map<String, String> named(Properties properties, String option, List<String> problems) {
        String text = properties.getProperty(option, "").strip();
        Map<String, String> parameters = new LinkedHashMap<>();
        Matcher parameter = PARAMETER.matcher(text);
        int end = 0;
        while (parameter.find() && parameter.start() == end) {
            end = parameter.end();
            String quoted = parameter.group("quoted");
            parameters.put(parameter.group("name"), quoted == null ? parameter.group("plain") : quoted);
        }
        if (end < text.length()) {
            problems.add("-D" + option + ": can't read '" + text.substring(end)
                    + "'; must be Name=Value or Name=\"Value with spaces\", separated by spaces");
        }
        return parameters;
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
