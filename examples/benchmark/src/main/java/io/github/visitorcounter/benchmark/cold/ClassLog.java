package io.github.visitorcounter.benchmark.cold;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How many classes a start loads.
 *
 * @param loaded all of them; 0 where there are no classes
 * @param fromArchive those that came ready-made from an archive, the JDK's own included
 */
record ClassLog(long loaded, long fromArchive) {

    /** Counts them in a start of its own, because a log costs time. */
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
