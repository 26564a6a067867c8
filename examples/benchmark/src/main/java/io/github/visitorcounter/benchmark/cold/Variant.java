package io.github.visitorcounter.benchmark.cold;

import java.nio.file.Path;
import java.util.List;

/**
 * A way of packaging and starting the functions.
 *
 * @param title its name in tables
 * @param folder the package, which is the process's working folder, as on Lambda
 * @param command the command line for a function
 * @param restored whether the time counts from the restore of a snapshot instead of the start of the process
 */
record Variant(String title, Path folder, Command command, boolean restored) {

    /** Creates the command line. */
    @FunctionalInterface
    interface Command {

        /**
         * The command line that starts a function.
         *
         * @param options more options for a Java virtual machine; ignored by others
         */
        List<String> of(Function function, List<String> options);
    }

    Variant(String title, Path folder, Command command) {
        this(title, folder, command, false);
    }
}
