package io.github.visitorcounter.embeddedstack.template;

import io.github.visitorcounter.embeddedstack.isolation.Isolation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Finds the class path of a function from its {@code CodeUri}, in the output folders of common build tools. */
final class CodeLocation {

    /** Folders of classes, and folders of the jars that belong to them. */
    private static final List<String> CLASSES =
            List.of("target/classes", "build/classes/java/main", "build/classes/kotlin/main", "build/resources/main");

    private static final List<String> LIBRARIES =
            List.of("lib", "target/lib", "target/dependency", "build/lib", "build/dependencies");

    private static final List<String> ARCHIVES = List.of("target", "build/libs");

    private final Path folder;
    private final List<Path> everywhere;

    /**
     * Creates an instance.
     *
     * @param folder the template's folder
     * @param everywhere the class path of all functions, or empty
     */
    CodeLocation(Path folder, List<Path> everywhere) {
        this.folder = folder;
        this.everywhere = everywhere;
    }

    /**
     * Returns the class path of a function; empty for the class path of the stack itself.
     *
     * @param logicalId its id in the template, which is the name of its folder in the output of {@code sam build}
     * @param handler its handler
     * @param codeUri the location of its code, relative to the template
     */
    List<Path> classPath(String logicalId, String handler, String codeUri) {
        String file = handler.replaceFirst("::.*", "").replace('.', '/') + ".class";
        if (!everywhere.isEmpty() || Isolation.project().getResource(file) != null) {
            return everywhere;
        }
        Path built = folder.resolve(".aws-sam/build").resolve(logicalId);
        if (Files.isDirectory(built)) {
            return of(built);
        }
        return codeUri.contains("://") ? List.of() : of(folder.resolve(codeUri));
    }

    private static List<Path> of(Path code) {
        if (Files.isRegularFile(code)) {
            return List.of(code);
        }
        List<Path> places = new ArrayList<>();
        CLASSES.stream().map(code::resolve).filter(Files::isDirectory).forEach(places::add);
        if (places.isEmpty() && Files.isDirectory(code)) {
            places.add(code);
        }
        int before = places.size();
        LIBRARIES.stream().map(code::resolve).forEach(library -> places.addAll(jars(library)));
        if (places.size() == before) {
            // Without a folder of dependencies, they may be in the deployment archive, which is the largest jar.
            ARCHIVES.stream()
                    .flatMap(archives -> jars(code.resolve(archives)).stream())
                    .max(Comparator.comparing(CodeLocation::size))
                    .ifPresent(places::add);
        }
        return places;
    }

    private static List<Path> jars(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
