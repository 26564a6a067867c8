package io.github.visitorcounter.benchmark.micro;

import io.github.visitorcounter.benchmark.report.Table;
import io.github.visitorcounter.benchmark.scenario.Limits;
import io.github.visitorcounter.benchmark.scenario.Scenario;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The cost of single steps, measured by JMH, each in a fresh JVM. */
public final class MicroCosts implements Scenario {

    @Override
    public String name() {
        return "micro";
    }

    @Override
    public List<Table> run(Plan plan) {
        boolean full = plan.limits().equals(Limits.FULL);
        Collection<RunResult> results;
        try {
            results = new Runner(new OptionsBuilder()
                            .include(MicroCosts.class.getPackageName() + ".")
                            .forks(1)
                            .warmupIterations(full ? 5 : 1)
                            .measurementIterations(full ? 5 : 1)
                            .warmupTime(TimeValue.seconds(1))
                            .measurementTime(TimeValue.seconds(1))
                            .shouldFailOnError(true)
                            .build())
                    .run();
        } catch (RunnerException failure) {
            throw new IllegalStateException("JMH could not run", failure);
        }
        List<List<Object>> rows = new ArrayList<>();
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark();
            double error = result.getPrimaryResult().getScoreError();
            rows.add(List.of(
                    name.substring(MicroCosts.class.getPackageName().length() + 1),
                    result.getPrimaryResult().getScore(),
                    Double.isNaN(error) ? (Object) "-" : error,
                    result.getPrimaryResult().getScoreUnit()));
        }
        return List.of(new Table(
                "micro",
                "Single steps",
                "JMH, average time, one fork with " + (full ? "five" : "one")
                        + " measured iterations of a second; `connect` and `hundredRecords` begin with the bytes of the"
                        + " event.",
                List.of("step", "score", "error (99.9 %)", "unit"),
                rows,
                List.of()));
    }
}
