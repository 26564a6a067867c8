import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.client.WebSocketClient;
import io.github.visitorcounter.embeddedstack.template.StackTemplate;
import io.github.visitorcounter.embeddedstack.template.TemplateOptions;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Runs what {@code .ci/package-stack} made on the embedded stack: {@code java -cp … .ci/CheckStack.java ARCHIVE FOLDER
 * CRT}. Unpacks the archive and the functions' package into the folder, as Lambda unpacks it, and starts the template
 * with these classes only. The CRT is replaced by the jar for this machine, because the package has the functions'
 * platform. Two pages connect, and one disconnects; each number must reach the pages.
 */
final class CheckStack {

    private static final String ORIGIN = "https://www.example.org";

    private CheckStack() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[1]);
        unpack(Path.of(arguments[0]), folder);
        Path functions = folder.resolve("functions");
        unpack(folder.resolve("functions.zip"), functions);
        StackTemplate template = StackTemplate.read(
                folder.resolve("template.yaml"),
                new TemplateOptions(
                        Map.of("Page", "None", "AllowedOrigins", ORIGIN),
                        Map.of(),
                        classPath(functions, Path.of(arguments[2]))));
        try (EmbeddedStack stack = template.describe().start();
                WebSocketClient first = connect(stack)) {
            first.awaitMessage("total", 1);
            try (WebSocketClient second = connect(stack)) {
                second.awaitMessage("total", 2);
                first.awaitMessage("live", 2);
            }
            first.awaitMessage("live", 1);
        }
        System.out.println(
                "The packaged template on the embedded stack: two pages were counted, and one after the other left.");
        // DynamoDB Local may leave threads.
        System.exit(0);
    }

    private static WebSocketClient connect(EmbeddedStack stack) {
        return stack.client().header("Origin", ORIGIN).connect();
    }

    private static List<Path> classPath(Path functions, Path crt) throws IOException {
        List<Path> classPath = new ArrayList<>(List.of(functions, crt));
        try (var jars = Files.list(functions.resolve("lib"))) {
            jars.filter(jar -> !jar.getFileName().toString().matches("aws-crt-[0-9.]+-linux.*"))
                    .sorted()
                    .forEach(classPath::add);
        }
        return classPath;
    }

    private static void unpack(Path archive, Path folder) throws IOException {
        try (InputStream bytes = Files.newInputStream(archive);
                ZipInputStream zip = new ZipInputStream(bytes)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(entry.getName()).normalize();
                if (!file.startsWith(folder)) {
                    throw new IOException(archive + " has an entry outside of its folder: " + entry.getName());
                }
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
    }
}
