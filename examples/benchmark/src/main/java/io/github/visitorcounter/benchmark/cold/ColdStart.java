package io.github.visitorcounter.benchmark.cold;

import io.github.visitorcounter.benchmark.cold.ColdStartResults.Case;
import io.github.visitorcounter.benchmark.report.Table;
import io.github.visitorcounter.benchmark.scenario.Scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The time from the start of a process to its first response, with Lambda's runtime client: what a visitor waits for if
 * no instance of the function is running.
 */
public final class ColdStart implements Scenario {

    private static final Path SOURCES = Path.of("cold");
    private static final Path WORK = Path.of("target", "cold");
    private static final Path NAIVE = SOURCES.resolve("naive/target/package");
    private static final Path LOG = WORK.resolve("output.log");
    private static final int STARTS_FOR_EACH_PASS = 3;
    private static final int FIRST_WITH_CACHE = 25;

    @Override
    public String name() {
        return "cold";
    }

    @Override
    public List<Table> run(Plan plan) throws InterruptedException {
        createDirectories();
        Packages.addLibrary();
        ColdStartResults results = new ColdStartResults();
        try (ColdStack stack = ColdStack.start()) {
            Start start = new Start(stack, LOG);
            List<Variant> variants = variants(start, results, plan);
            for (Variant variant : variants) {
                for (Function function : Function.values()) {
                    plan.progress().accept("measuring " + function.title() + ", " + variant.title());
                    results.classes(new Case(function, variant), ClassLog.of(start, variant, function, WORK));
                }
            }
            int starts = STARTS_FOR_EACH_PASS * plan.limits().passes();
            for (int round = 1; round <= starts; round++) {
                plan.progress().accept("round " + round + " of " + starts);
                for (Variant variant : variants) {
                    for (Function function : Function.values()) {
                        results.add(new Case(function, variant), start.run(variant, function, List.of()));
                    }
                }
            }
            return List.of(results.table(starts));
        }
    }

    private static List<Variant> variants(Start start, ColdStartResults results, Plan plan)
            throws InterruptedException {
        JavaRuntime java = new JavaRuntime(Packages.RUNTIME);
        List<Variant> variants = new ArrayList<>();
        variants.add(new Variant(
                "SDK's defaults", NAIVE, (function, options) -> java.managed(function.naiveHandler(), options)));
        variants.add(new Variant(
                "this library", Packages.LIBRARY, (function, options) -> java.managed(function.handler(), options)));
        variants.add(archive(java, start, "CDS", "-XX:ArchiveClassesAtExit=", "-XX:SharedArchiveFile="));
        if (Runtime.version().feature() >= FIRST_WITH_CACHE) {
            variants.add(archive(java, start, "AOT", "-XX:AOTCacheOutput=", "-XX:AOTCache="));
        } else {
            results.note("library, AOT", "not measured: needs Java " + FIRST_WITH_CACHE);
        }
        variants.add(new Variant(
                "defaults, restored",
                NAIVE,
                (function, options) -> java.managedWithSnapshot(function.naiveHandler(), options),
                true));
        variants.add(new Variant(
                "library, restored",
                Packages.LIBRARY,
                (function, options) -> java.managedWithSnapshot(function.handler(), options),
                true));
        plan.progress().accept("installing the AWS SDK for JavaScript");
        Path node = WORK.resolve("node");
        String problem = NodePackage.install(SOURCES.resolve("node"), node, LOG);
        if (problem.isEmpty()) {
            variants.add(new Variant(
                    "Node " + NodePackage.version(),
                    node,
                    (function, options) -> List.of("node", "runtime.mjs", "./" + function.script())));
        } else {
            results.note("Node", problem);
        }
        return variants;
    }

    /** The library with an archive that was created during one run. */
    private static Variant archive(JavaRuntime java, Start start, String title, String make, String use)
            throws InterruptedException {
        String extension = title.replace(' ', '-');
        for (Function function : Function.values()) {
            Variant training = new Variant(
                    title, Packages.LIBRARY, (each, options) -> java.image(Packages.LIBRARY, each.handler(), options));
            start.run(training, function, List.of(make + file(function, extension)));
        }
        return new Variant("library, " + title, Packages.LIBRARY, (function, options) -> {
            List<String> all = new ArrayList<>(options);
            all.add(use + file(function, extension));
            return java.image(Packages.LIBRARY, function.handler(), all);
        });
    }

    private static Path file(Function function, String extension) {
        return WORK.resolve(function.name() + "." + extension).toAbsolutePath();
    }

    private static void createDirectories() {
        try {
            Files.createDirectories(WORK);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
