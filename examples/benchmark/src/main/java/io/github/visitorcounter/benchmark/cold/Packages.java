package io.github.visitorcounter.benchmark.cold;

import io.github.visitorcounter.ConnectHandler;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** The packages that Maven has assembled, and their sizes. */
final class Packages {

    /** The package with the library's handlers. */
    static final Path LIBRARY = Path.of("cold", "library", "target", "package");

    /** The jars of Lambda's runtime. */
    static final Path RUNTIME = Path.of("cold", "library", "target", "runtime");

    private static final double BYTES_PER_MEGABYTE = 1_000_000;

    private Packages() {}

    /** Adds the library's jar to its package. In a build without jars, its classes are in a folder. */
    static void addLibrary() {
        Path jar = LIBRARY.resolve("lib").resolve("visitor-counter-lib.jar");
        try {
            Path built = Path.of(ConnectHandler.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (Files.isDirectory(built)) {
                writeJar(built, jar);
            } else {
                Files.copy(built, jar, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException("The class path has folders and files", impossible);
        }
    }

    private static void writeJar(Path classes, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            for (Path each : files(classes)) {
                out.putNextEntry(
                        new JarEntry(classes.relativize(each).toString().replace('\\', '/')));
                Files.copy(each, out);
                out.closeEntry();
            }
        }
    }

    /** The size that Lambda would unpack. Compressed it is almost the same, because it consists of jars. */
    static double megabytes(Path folder) {
        try {
            long bytes = 0;
            for (Path each : files(folder)) {
                bytes += Files.size(each);
            }
            return bytes / BYTES_PER_MEGABYTE;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
