import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Packs the SAM example for those who deploy without Maven and a JDK: {@code java .ci/PackageStack.java FOLDER
 * ARCHIVE}. The folder is the example, built, with its dependencies in {@code target/dependency}. The archive contains
 *
 * <ul>
 *   <li>{@code functions.zip}: the classes, and the jars in {@code lib}, as Lambda expects them;
 *   <li>{@code page.zip}: the function that publishes the page, with the page;
 *   <li>{@code template.yaml}: the template, in which each function refers to one of these;
 *   <li>{@code samconfig.toml}: as it is.
 * </ul>
 *
 * Fails if a function's handler is not in its package. The same input gives the same bytes: entries are sorted, have a
 * fixed time, and are not compressed, because compressors differ (almost all bytes are in jars, which are compressed).
 */
final class PackageStack {

    private static final String FUNCTIONS = "functions.zip";
    private static final String PAGE = "page.zip";

    /** Not the first time that an archive can have: with that one, Java also writes the machine's time zone. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private static final Pattern GLOBAL_CODE = Pattern.compile("(?m)^    CodeUri: \\.\n");
    private static final Pattern PAGE_CODE = Pattern.compile("(?m)^      CodeUri: page$");
    private static final Pattern HANDLER = Pattern.compile("(?m)^      Handler: (\\S+)$");
    private static final Pattern FUNCTION = Pattern.compile("(?m)^    Type: AWS::Serverless::Function$");
    private static final Pattern CODE = Pattern.compile("(?m)^ +CodeUri: ");

    private PackageStack() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("Usage: java .ci/PackageStack.java FOLDER ARCHIVE");
            System.exit(2);
        }
        Path folder = Path.of(arguments[0]);
        Map<String, byte[]> functions = below(folder.resolve("target/classes"), "");
        functions.putAll(below(folder.resolve("target/dependency"), "lib/"));
        Map<String, byte[]> page = below(folder.resolve("page"), "");
        String template = template(Files.readString(folder.resolve("template.yaml")));

        List<String> problems = problems(template, functions, page);
        if (!problems.isEmpty()) {
            problems.forEach(System.err::println);
            System.exit(1);
        }
        Map<String, byte[]> archive = new TreeMap<>();
        archive.put(FUNCTIONS, zip(functions));
        archive.put(PAGE, zip(page));
        archive.put("template.yaml", template.getBytes(StandardCharsets.UTF_8));
        archive.put("samconfig.toml", Files.readAllBytes(folder.resolve("samconfig.toml")));
        byte[] bytes = zip(archive);
        Files.write(Path.of(arguments[1]), bytes);
        System.out.printf(
                "%s: %,d bytes, %d jars%n",
                arguments[1], bytes.length, jars(functions).size());
    }

    /**
     * Writes the location of the code into each function. {@code aws cloudformation package} does not know the one of
     * the section {@code Globals}: it would upload the template's folder for each function.
     */
    private static String template(String template) {
        String text = once(GLOBAL_CODE, template, "");
        text = once(PAGE_CODE, text, "      CodeUri: ./" + PAGE);
        return HANDLER.matcher(text)
                .replaceAll(handler -> Matcher.quoteReplacement(
                        isJava(handler) ? "      CodeUri: ./" + FUNCTIONS + "\n" + handler.group() : handler.group()));
    }

    private static String once(Pattern pattern, String text, String replacement) {
        if (pattern.matcher(text).results().count() != 1) {
            throw new IllegalStateException("template.yaml: must have this line once: " + pattern);
        }
        return pattern.matcher(text).replaceFirst(replacement);
    }

    private static boolean isJava(MatchResult handler) {
        return !handler.group(1).equals("publish.handler");
    }

    private static List<String> problems(String template, Map<String, byte[]> functions, Map<String, byte[]> page)
            throws IOException {
        List<String> problems = new ArrayList<>();
        long declared = FUNCTION.matcher(template).results().count();
        long located = CODE.matcher(template).results().count();
        if (declared == 0 || declared != located) {
            problems.add(declared + " functions in template.yaml, and " + located + " have a package");
        }
        Set<String> classes = classes(functions);
        for (MatchResult handler : HANDLER.matcher(template).results().toList()) {
            String file = isJava(handler)
                    ? handler.group(1).replaceFirst("::.*", "").replace('.', '/') + ".class"
                    : "publish.mjs";
            if (!(isJava(handler) ? classes : page.keySet()).contains(file)) {
                problems.add("The handler " + handler.group(1) + " of template.yaml is not in its package");
            }
        }
        long platforms = jars(functions).stream()
                .filter(jar -> jar.startsWith("lib/aws-crt-"))
                .filter(jar -> jar.contains("linux"))
                .count();
        if (platforms != 1) {
            problems.add("The CRT of " + platforms + " platforms is in the functions' package; it must be one");
        }
        return problems;
    }

    private static Set<String> jars(Map<String, byte[]> files) {
        Set<String> jars = new TreeSet<>(files.keySet());
        jars.removeIf(name -> !name.endsWith(".jar"));
        return jars;
    }

    /** The names of the class files, of the package itself and of its jars. */
    private static Set<String> classes(Map<String, byte[]> functions) throws IOException {
        Set<String> classes = new TreeSet<>(functions.keySet());
        for (String jar : jars(functions)) {
            try (ZipInputStream content = new ZipInputStream(new ByteArrayInputStream(functions.get(jar)))) {
                for (ZipEntry entry = content.getNextEntry(); entry != null; entry = content.getNextEntry()) {
                    classes.add(entry.getName());
                }
            }
        }
        return classes;
    }

    private static Map<String, byte[]> below(Path folder, String prefix) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.filter(Files::isRegularFile).forEach(file -> {
                String name = prefix + folder.relativize(file).toString().replace('\\', '/');
                try {
                    files.put(name, Files.readAllBytes(file));
                } catch (IOException unreadable) {
                    throw new UncheckedIOException(unreadable);
                }
            });
        }
        return files;
    }

    private static byte[] zip(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                CRC32 sum = new CRC32();
                sum.update(file.getValue());
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(TIME);
                entry.setSize(file.getValue().length);
                entry.setCrc(sum.getValue());
                zip.putNextEntry(entry);
                zip.write(file.getValue());
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
