package io.github.visitorcounter.benchmark;

import com.sun.management.OperatingSystemMXBean;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Describes the machine. */
final class Machine {

    private static final Path CPU = Path.of("/proc/cpuinfo");
    private static final long BYTES_PER_MEGABYTE = 1024L * 1024;
    private static final long BYTES_PER_GIGABYTE = 1024 * BYTES_PER_MEGABYTE;

    private Machine() {}

    static String describe() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return Runtime.getRuntime().availableProcessors() + " cores (" + model() + "), "
                + Math.round((double) system.getTotalMemorySize() / BYTES_PER_GIGABYTE) + " GB, " + system.getName()
                + ", Java " + Runtime.version().feature() + " (heap "
                + Runtime.getRuntime().maxMemory() / BYTES_PER_MEGABYTE + " MB)";
    }

    private static String model() {
        if (!Files.isReadable(CPU)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(CPU)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
