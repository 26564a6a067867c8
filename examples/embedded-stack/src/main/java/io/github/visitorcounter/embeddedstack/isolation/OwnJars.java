package io.github.visitorcounter.embeddedstack.isolation;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Finds the jars that the stack's own side is loaded from. */
final class OwnJars {

    private static final String FOLDER = "META-INF/embedded-stack/";
    private static final String LIBRARIES = FOLDER + "lib/";
    private static final String SETTINGS = FOLDER + "conf/";

    /** A class of DynamoDB Local, whose jar is not inside this artifact but on the project's class path. */
    private static final String DYNAMODB_LOCAL =
            "software/amazon/dynamodb/services/local/server/LocalDynamoDBServerHandler.class";

    private OwnJars() {}

    /**
     * Finds them.
     *
     * @param project the class loader that this artifact was loaded by
     * @throws IllegalStateException if one of them is missing
     */
    static URL[] find(ClassLoader project) {
        try {
            Path artifact = container(OwnJars.class.getName().replace('.', '/') + ".class", project);
            List<Path> places = new ArrayList<>(List.of(artifact));
            places.addAll(
                    Files.isDirectory(artifact)
                            ? inside(artifact.resolve(FOLDER), artifact)
                            : inside(unpacked(artifact), artifact));
            places.add(container(DYNAMODB_LOCAL, project));
            URL[] urls = new URL[places.size()];
            for (int i = 0; i < urls.length; i++) {
                urls[i] = places.get(i).toUri().toURL();
            }
            return urls;
        } catch (IOException e) {
            throw new IllegalStateException(
                    "The jars inside embedded-websocket-stack could not be copied to the folder for temporary files, "
                            + System.getProperty("java.io.tmpdir") + ": " + e.getMessage(),
                    e);
        }
    }

    /** The jar or folder of the class path that has a file. */
    private static Path container(String file, ClassLoader project) {
        URL resource = project.getResource(file);
        if (resource == null) {
            throw new IllegalStateException(
                    "DynamoDB Local is not on the class path: add"
                            + " software.amazon.dynamodb:DynamoDBLocal, which embedded-websocket-stack brings unless it is excluded");
        }
        String address = resource.toString();
        String container = address.substring(0, address.length() - file.length());
        if (container.startsWith("jar:")) {
            container = container.substring("jar:".length(), container.length() - "!/".length());
        }
        try {
            return Path.of(new URI(container));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "The stack must be on a class path of jar files and folders, not in " + container, e);
        }
    }

    private static List<Path> inside(Path folder, Path artifact) throws IOException {
        List<Path> places = new ArrayList<>(List.of(folder.resolve("conf")));
        Path libraries = folder.resolve("lib");
        if (Files.isDirectory(libraries)) {
            try (Stream<Path> jars = Files.list(libraries)) {
                jars.filter(jar -> jar.toString().endsWith(".jar")).sorted().forEach(places::add);
            }
        }
        if (places.size() == 1) {
            throw new IllegalStateException("There are no jars in " + LIBRARIES + " of " + artifact
                    + ": build the module with Maven, whose phase generate-resources puts them there");
        }
        return places;
    }

    /** Copies them to a temporary folder, because a class loader cannot read jars inside a jar. */
    private static Path unpacked(Path artifact) throws IOException {
        Path folder = Files.createTempDirectory("embedded-stack");
        // deleteOnExit deletes in the reverse order of its calls.
        folder.toFile().deleteOnExit();
        for (String part : List.of("conf", "lib")) {
            Files.createDirectory(folder.resolve(part)).toFile().deleteOnExit();
        }
        try (JarFile jar = new JarFile(artifact.toFile())) {
            List<JarEntry> entries = jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .filter(entry -> entry.getName().startsWith(LIBRARIES)
                            || entry.getName().startsWith(SETTINGS))
                    .toList();
            for (JarEntry entry : entries) {
                File copy = folder.resolve(entry.getName().substring(FOLDER.length()))
                        .toFile();
                copy.deleteOnExit();
                try (InputStream in = jar.getInputStream(entry)) {
                    Files.copy(in, copy.toPath());
                }
            }
        }
        return folder;
    }
}
