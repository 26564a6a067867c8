import org.w3c.dom.Document;
import org.xml.sax.SAXException;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * Checks a folder that {@code mvn -Prelease deploy} filled, as Maven Central checks an upload, and that it holds the
 * project's four artifacts and nothing else: {@code java .ci/CheckRelease.java FOLDER VERSION}. Prints every problem
 * and ends with status 1 if there is one. Signatures are verified by {@code gpg}, with the keys it knows.
 *
 * @see <a href="https://central.sonatype.org/publish/requirements/">what Maven Central requires</a>
 */
final class CheckRelease {

    private static final String GROUP = "io/github/visitorcounter";
    private static final String PARENT = "visitor-counter-parent";
    private static final Set<String> ARTIFACTS =
            Set.of(PARENT, "visitor-counter-lib", "visitor-counter-testing", "embedded-websocket-stack");
    private static final Map<String, String> CHECKSUMS = Map.of(".md5", "MD5", ".sha1", "SHA-1");
    private static final List<String> JARS = List.of(".jar", "-sources.jar", "-javadoc.jar");
    private static final List<String> SBOMS = List.of("-cyclonedx.json", "-cyclonedx.xml");
    private static final List<String> REQUIRED_ELEMENTS = List.of(
            "name",
            "description",
            "url",
            "licenses/license/name",
            "licenses/license/url",
            "developers/developer/name",
            "scm/connection",
            "scm/developerConnection",
            "scm/url");
    private static final List<String> FORBIDDEN_ELEMENTS = List.of("repositories", "pluginRepositories");
    private static final int JAVA_17 = 61;

    private final List<String> problems = new ArrayList<>();
    private final XPath xpath = XPathFactory.newInstance().newXPath();
    private final Path root;
    private final String version;

    private CheckRelease(Path root, String version) {
        this.root = root;
        this.version = version;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2) {
            System.err.println("Usage: java .ci/CheckRelease.java FOLDER VERSION");
            System.exit(2);
        }
        CheckRelease check = new CheckRelease(Path.of(arguments[0]), arguments[1]);
        check.run();
        check.problems.forEach(System.err::println);
        System.out.println(check.problems.isEmpty() ? "The release is complete." : check.problems.size() + " problems");
        System.exit(check.problems.isEmpty() ? 0 : 1);
    }

    private void run() throws Exception {
        if (version.endsWith("-SNAPSHOT")) {
            problems.add(version + ": Maven Central takes no snapshots");
        }
        Set<String> expected = new TreeSet<>();
        for (String artifact : ARTIFACTS) {
            expected.addAll(expectedFiles(artifact));
        }
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString().replace('\\', '/'))
                    // Maven Central keeps its own.
                    .filter(file -> !file.contains("/maven-metadata.xml"))
                    .forEach(found::add);
        }
        expected.stream().filter(file -> !found.contains(file)).forEach(file -> problems.add(file + " is missing"));
        found.stream()
                .filter(file -> !expected.contains(file))
                .forEach(file -> problems.add(file + " does not belong here"));
        for (String file : found) {
            checkChecksums(file);
            checkSignature(file);
        }
        for (String artifact : ARTIFACTS) {
            checkPom(artifact);
            if (!artifact.equals(PARENT)) {
                checkJar(artifact);
                checkSourcesAndJavadoc(artifact);
                checkSbom(artifact);
            }
        }
    }

    private Set<String> expectedFiles(String artifact) {
        List<String> ends = new ArrayList<>(List.of(".pom"));
        if (!artifact.equals(PARENT)) {
            ends.addAll(JARS);
            ends.addAll(SBOMS);
        }
        return ends.stream()
                .map(end -> name(artifact, end))
                // Signatures need no checksums.
                .flatMap(file -> Stream.concat(
                        Stream.of(file, file + ".asc"),
                        CHECKSUMS.keySet().stream().map(end -> file + end)))
                .collect(Collectors.toSet());
    }

    private String name(String artifact, String end) {
        return GROUP + "/" + artifact + "/" + version + "/" + artifact + "-" + version + end;
    }

    private Path path(String artifact, String end) {
        return root.resolve(name(artifact, end));
    }

    private void checkChecksums(String file) throws IOException, NoSuchAlgorithmException {
        for (Map.Entry<String, String> checksum : CHECKSUMS.entrySet()) {
            Path stated = root.resolve(file + checksum.getKey());
            if (Files.exists(stated)) {
                byte[] actual =
                        MessageDigest.getInstance(checksum.getValue()).digest(Files.readAllBytes(root.resolve(file)));
                if (!Files.readString(stated).strip().equals(HexFormat.of().formatHex(actual))) {
                    problems.add(file + ": its " + checksum.getValue() + " is another one than " + stated.getFileName()
                            + " says");
                }
            }
        }
    }

    private void checkSignature(String file) throws IOException, InterruptedException {
        if (file.endsWith(".asc")) {
            String signed = file.substring(0, file.length() - ".asc".length());
            Process gpg = new ProcessBuilder(
                            "gpg",
                            "--batch",
                            "--verify",
                            root.resolve(file).toString(),
                            root.resolve(signed).toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(gpg.getInputStream().readAllBytes());
            if (gpg.waitFor() != 0) {
                problems.add(file + ": gpg does not accept it: " + output.strip());
            }
        }
    }

    private void checkPom(String artifact) throws IOException {
        Path file = path(artifact, ".pom");
        if (!Files.exists(file)) {
            return;
        }
        Document pom = parse(file);
        Document parent = parse(path(PARENT, ".pom"));
        for (String element : REQUIRED_ELEMENTS) {
            if (value(pom, element).isEmpty() && value(parent, element).isEmpty()) {
                problems.add(file.getFileName() + ": neither it nor its parent has <" + element + ">");
            }
        }
        for (String element : FORBIDDEN_ELEMENTS) {
            if (!value(pom, element).isEmpty()) {
                problems.add(file.getFileName() + ": has <" + element
                        + ">, which a build on another machine need not reach");
            }
        }
        String own = value(pom, "version");
        if (!(own.isEmpty() ? value(pom, "parent/version") : own).equals(version)) {
            problems.add(file.getFileName() + ": its version is not " + version);
        }
        if (Files.readString(file).contains("-SNAPSHOT")) {
            problems.add(file.getFileName() + ": names a snapshot");
        }
    }

    private String value(Document pom, String element) {
        try {
            return xpath.evaluate("/project/" + element, pom).strip();
        } catch (XPathExpressionException impossible) {
            throw new IllegalStateException(element, impossible);
        }
    }

    private static Document parse(Path pom) throws IOException {
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
        } catch (ParserConfigurationException | SAXException wrong) {
            throw new IOException(pom.toString(), wrong);
        }
    }

    private void checkJar(String artifact) throws IOException {
        Path file = path(artifact, ".jar");
        if (!Files.exists(file)) {
            return;
        }
        try (JarFile jar = new JarFile(file.toFile())) {
            requireEntries(file, jar, "META-INF/LICENSE", "META-INF/NOTICE");
            Manifest manifest = jar.getManifest();
            if (jar.getEntry("module-info.class") == null
                    && manifest.getMainAttributes().getValue("Automatic-Module-Name") == null) {
                problems.add(file.getFileName() + ": has neither module-info.class nor Automatic-Module-Name");
            }
            for (ZipEntry entry : jar.stream()
                    .filter(each -> each.getName().endsWith(".class"))
                    .toList()) {
                try (DataInputStream data = new DataInputStream(jar.getInputStream(entry))) {
                    data.skipNBytes(6);
                    int classFile = data.readUnsignedShort();
                    if (classFile != JAVA_17) {
                        problems.add(file.getFileName() + ": " + entry.getName() + " has class file version "
                                + classFile + ", not that of Java 17");
                    }
                }
            }
            long classes = jar.stream()
                    .filter(entry -> entry.getName().endsWith(".class"))
                    .count();
            System.out.printf("%s: %d classes, %d kB%n", file.getFileName(), classes, Files.size(file) / 1_000);
        }
    }

    private void checkSourcesAndJavadoc(String artifact) throws IOException {
        Path jarFile = path(artifact, ".jar");
        Path sourcesFile = path(artifact, "-sources.jar");
        Path javadocFile = path(artifact, "-javadoc.jar");
        if (!Files.exists(jarFile) || !Files.exists(sourcesFile) || !Files.exists(javadocFile)) {
            return;
        }
        try (JarFile jar = new JarFile(jarFile.toFile());
                JarFile sources = new JarFile(sourcesFile.toFile());
                JarFile javadoc = new JarFile(javadocFile.toFile())) {
            requireEntries(sourcesFile, sources, "META-INF/LICENSE", "META-INF/NOTICE");
            requireEntries(javadocFile, javadoc, "index.html", "META-INF/LICENSE", "META-INF/NOTICE");
            String[] sourcesOfClasses = jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".class") && !name.contains("$"))
                    .map(name -> name.replaceAll("\\.class$", ".java"))
                    .toArray(String[]::new);
            requireEntries(sourcesFile, sources, sourcesOfClasses);
        }
    }

    private void requireEntries(Path file, JarFile jar, String... names) {
        for (String name : names) {
            if (jar.getEntry(name) == null) {
                problems.add(file.getFileName() + ": lacks " + name);
            }
        }
    }

    private void checkSbom(String artifact) throws IOException {
        Path file = path(artifact, "-cyclonedx.json");
        if (Files.exists(file)) {
            try (InputStream stream = Files.newInputStream(file)) {
                String sbom = new String(stream.readAllBytes());
                String self = "pkg:maven/io.github.visitorcounter/" + artifact + "@" + version + "?type=jar";
                if (!sbom.contains("\"CycloneDX\"")
                        || !sbom.contains(self)
                        || !sbom.contains("pkg:maven/com.fasterxml.jackson.core/jackson-databind@")) {
                    problems.add(file.getFileName() + ": is no CycloneDX list of what " + artifact + " is made of");
                }
            }
        }
    }
}
