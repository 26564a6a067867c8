package io.github.visitorcounter.benchmark.cold;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The number of classes that a start loads.
 *
 * @param loaded all of them; 0 where there are no classes
 * @param fromArchive those loaded from a class-data archive, including the JDK's own
 */
record ClassLog(long loaded, long fromArchive) {

    /** Counts them in a separate start, because logging takes time. */
    static ClassLog of(Start start, Variant variant, Function function, Path folder) throws InterruptedException {
        Path log = folder.resolve(function.name() + "-classes.log").toAbsolutePath();
        try {
            Files.deleteIfExists(log);
            start.run(variant, function, List.of("-Xlog:class+load:file=" + log + ":none"));
            return Files.exists(log)
                    ? new ClassLog(count(log, " source: "), count(log, "shared objects file"))
                    : new ClassLog(0, 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static long count(Path log, String text) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(text)).count();
        }
    }
}
