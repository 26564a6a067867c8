package io.github.visitorcounter.benchmark.cold;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lambda's Java runtime with its settings for a memory size, on this machine's Java. */
final class JavaRuntime {

    private static final String MAIN = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
    private static final String NATIVE_CLIENT =
            "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";
    private static final int FIRST_WITH_ALL_TIERS_FOR_SNAPSHOTS = 25;

    private static final List<String> ALWAYS = List.of(
            "-XX:+UseSerialGC",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac");

    private static final List<String> FIRST_TIER_ONLY = List.of("-XX:+TieredCompilation", "-XX:TieredStopAtLevel=1");

    private static final int DEFAULT_MEGABYTES = 1_024;
    private static final int HEAP_PERCENT = 85;

    private final Path runtime;
    private final int megabytes;

    /**
     * Creates the runtime of functions with 1,024 MB.
     *
     * @param runtime the folder with the jars of Lambda's runtime; its native library is copied there
     */
    JavaRuntime(Path runtime) {
        this(runtime, DEFAULT_MEGABYTES);
    }

    /** Creates the runtime of functions with this memory. */
    JavaRuntime(Path runtime, int megabytes) {
        this.runtime = runtime;
        this.megabytes = megabytes;
        extractNativeClient();
    }

    /** As Lambda starts a function that is a zip file: the function's jars are loaded from the working folder. */
    List<String> managed(String handler, List<String> options) {
        return command(FIRST_TIER_ONLY, jars(runtime), handler, options);
    }

    /** As {@link #managed}, for a function with a snapshot. */
    List<String> managedWithSnapshot(String handler, List<String> options) {
        boolean allTiers = Runtime.version().feature() >= FIRST_WITH_ALL_TIERS_FOR_SNAPSHOTS;
        return command(allTiers ? List.of() : FIRST_TIER_ONLY, jars(runtime), handler, options);
    }

    /** As a function that is a container image can start: everything is on the class path. */
    List<String> image(Path folder, String handler, List<String> options) {
        return command(
                FIRST_TIER_ONLY, jars(runtime) + File.pathSeparator + jars(folder.resolve("lib")), handler, options);
    }

    private List<String> command(List<String> tiers, String classPath, String handler, List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:MaxHeapSize=" + megabytes * 1_024 * HEAP_PERCENT / 100 + "k");
        command.addAll(ALWAYS);
        command.addAll(tiers);
        command.add("-D" + NATIVE_CLIENT + "=" + nativeClient());
        command.addAll(options);
        command.addAll(List.of("-classpath", classPath, MAIN, handler));
        return command;
    }

    private static String jars(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .map(file -> file.toAbsolutePath().toString())
                    .sorted()
                    .collect(Collectors.joining(File.pathSeparator));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Path nativeClient() {
        return runtime.resolve("libaws-lambda-jni.so").toAbsolutePath();
    }

    /** On Lambda it is a file. Loaded from the jar, it would be unpacked at each start. */
    private void extractNativeClient() {
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
        Path client = runtime.resolve("aws-lambda-java-runtime-interface-client.jar");
        try (FileSystem jar = FileSystems.newFileSystem(client);
                InputStream library =
                        Files.newInputStream(jar.getPath("jni", "libaws-lambda-jni.linux-" + architecture + ".so"))) {
            Files.write(nativeClient(), library.readAllBytes());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
