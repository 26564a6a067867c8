package io.github.visitorcounter.embeddedstack;

import io.github.visitorcounter.embeddedstack.template.TemplateOptions;
import org.jspecify.annotations.Nullable;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;

/** The command line of the {@link Launcher}. */
record LauncherOptions(Path template, TemplateOptions forTemplate, int port, int dynamoDbPort) {

    private static final int HIGHEST_PORT = 65_535;
    private static final String USAGE = "Usage: TEMPLATE [--parameter Name=Value]... [--import Export=Value]..."
            + " [--classpath PATHS] [--port N] [--dynamodb-port N]";

    /** Thrown if the command line is invalid; the message lists the allowed options. */
    static final class InvalidOptionsException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        InvalidOptionsException(List<String> problems) {
            super(String.join(System.lineSeparator(), problems) + System.lineSeparator() + USAGE);
        }
    }

    /**
     * Reads a command line.
     *
     * @throws InvalidOptionsException if an option is invalid; the message lists every problem
     */
    static LauncherOptions parse(String... arguments) {
        List<String> problems = new ArrayList<>();
        @Nullable Path template = null;
        TemplateOptions forTemplate = TemplateOptions.NONE;
        int port = 0;
        int dynamoDbPort = 0;
        Iterator<String> rest = Arrays.asList(arguments).iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            if (!argument.startsWith("--")) {
                if (template != null) {
                    problems.add("There are two templates: " + template + " and " + argument);
                }
                template = Path.of(argument);
            } else if (!rest.hasNext()) {
                problems.add(argument + " needs a value");
            } else {
                String value = rest.next();
                switch (argument) {
                    case "--parameter" ->
                        forTemplate = named(argument, value, forTemplate::withParameter, forTemplate, problems);
                    case "--import" ->
                        forTemplate = named(argument, value, forTemplate::withImport, forTemplate, problems);
                    case "--classpath" -> forTemplate = forTemplate.withClassPath(paths(value));
                    case "--port" -> port = port(argument, value, problems);
                    case "--dynamodb-port" -> dynamoDbPort = port(argument, value, problems);
                    default -> problems.add("There is no option " + argument);
                }
            }
        }
        if (template == null) {
            problems.add("There is no template");
        }
        if (template == null || !problems.isEmpty()) {
            throw new InvalidOptionsException(problems);
        }
        return new LauncherOptions(template, forTemplate, port, dynamoDbPort);
    }

    private static List<Path> paths(String value) {
        return Arrays.stream(value.split(File.pathSeparator, -1))
                .filter(path -> !path.isBlank())
                .map(Path::of)
                .toList();
    }

    private static TemplateOptions named(
            String option,
            String value,
            BiFunction<String, String, TemplateOptions> adding,
            TemplateOptions before,
            List<String> problems) {
        int equals = value.indexOf('=');
        if (equals < 1) {
            problems.add(option + " " + value + ": must be a name, =, and a value");
            return before;
        }
        return adding.apply(value.substring(0, equals), value.substring(equals + 1));
    }

    private static int port(String option, String value, List<String> problems) {
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= HIGHEST_PORT) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            // Reported below, like a number out of range.
        }
        problems.add(option + " " + value + ": must be a port from 1 to 65535, or 0 for any free one");
        return 0;
    }
}
