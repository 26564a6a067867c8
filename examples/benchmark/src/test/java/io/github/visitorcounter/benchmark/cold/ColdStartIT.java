package io.github.visitorcounter.benchmark.cold;

import io.github.visitorcounter.benchmark.pass.EndpointProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Functions start in Lambda's own runtime, with and without snapshots. The times are not checked. */
@EnabledOnOs(OS.LINUX)
@Tag("slow")
class ColdStartIT {

    private static final Path NAIVE = Path.of("cold/naive/target/package");

    @TempDir
    static Path folder;

    private static ColdStack stack;
    private static Start start;
    private static JavaRuntime java;

    @BeforeAll
    static void prepare() {
        Packages.addLibrary();
        java = new JavaRuntime(Packages.RUNTIME);
        stack = ColdStack.start();
        start = new Start(stack, folder.resolve("output.log"));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @ParameterizedTest
    @EnumSource
    void the_library_s_package_starts_in_lambda_s_runtime(Function function) throws Exception {
        Variant variant =
                new Variant("library", Packages.LIBRARY, (each, options) -> java.managed(each.handler(), options));

        FunctionProcess.Times times = start.run(variant, function, List.of());

        assertThat(times.initMillis()).isPositive();
        assertThat(times.invocationMillis()).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void the_package_with_the_sdk_s_defaults_starts_as_well(Function function) throws Exception {
        Variant variant = new Variant("defaults", NAIVE, (each, options) -> java.managed(each.naiveHandler(), options));

        assertThat(start.run(variant, function, List.of()).totalMillis()).isPositive();
    }

    /** Lambda's runtime refers to the hooks weakly and collects garbage before the snapshot; they must still exist. */
    @ParameterizedTest
    @EnumSource
    void a_function_is_primed_before_its_snapshot(Function function) throws Exception {
        Variant variant = new Variant(
                "restored",
                Packages.LIBRARY,
                (each, options) -> java.managedWithSnapshot(each.handler(), options),
                true);
        long before = stack.calls();

        start.run(variant, function, List.of());

        long callsOfOneInvocation = 6;
        assertThat(stack.calls() - before).isGreaterThan(callsOfOneInvocation);
    }

    /** A fifth of the templates' default is free: for the code of a subclass, and newer runtimes. */
    @Test
    void the_wake_up_function_needs_no_more_than_its_memory() throws Exception {
        try (ColdStack tables = ColdStack.start();
                EndpointProcess endpoint = EndpointProcess.start()) {
            WakeUpStart wakeUp = new WakeUpStart(tables, endpoint, folder.resolve("memory.log"));
            wakeUp.connections(1_000);

            assertThat(wakeUp.run(256).peakMegabytes()).as("peak in MB").isBetween(50.0, 205.0);
        }
    }
}
