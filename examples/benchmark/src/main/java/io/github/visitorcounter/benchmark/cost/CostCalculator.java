package io.github.visitorcounter.benchmark.cost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Computes the daily cost of a site. It needs only a JDK and runs in the repository's root:
 *
 * <pre>
 * java examples/benchmark/src/main/java/io/github/visitorcounter/benchmark/cost/CostCalculator.java \
 *     visitors=50000 minutes=3 counters=10 budget=100
 * </pre>
 *
 * <p>The cost of DynamoDB and the functions for each visitor is measured: the benchmark's scenario {@code churn} writes
 * it to {@code docs/benchmarks/churn.csv}. Everything else is computed from list prices. With
 * {@code write=docs/cost.md}, the table and the summary between the page's marks are updated, and the line with the
 * same figures in the READMEs.
 */
public final class CostCalculator {

    /** The marks of the first and the last line of a generated part. */
    static final String BEGIN = "<!-- generated: %s -->";

    static final String END = "<!-- end of generated: %s -->";

    /** The pages with the summary in one line. */
    static final List<String> PAGES_WITH_LINE =
            List.of("README.md", "examples-sam/README.md", "examples-cdk/README.md");

    private static final String CHURN = "docs/benchmarks/churn.csv";
    private static final int SECONDS_A_DAY = 86_400;
    private static final int DAYS_A_MONTH = 30;
    private static final double MILLION = 1e6;
    private static final double GIGABYTE = 1e9;

    private static final double DOLLARS_PER_MESSAGE = 1.00 / MILLION;
    private static final double DOLLARS_PER_CONNECTION_MINUTE = 0.25 / MILLION;
    private static final double DOLLARS_PER_WRITE_UNIT = 0.625 / MILLION;
    private static final double DOLLARS_PER_GIGABYTE_OUT = 0.09;
    private static final double DOLLARS_PER_GIGABYTE_OF_LOGS = 0.50;
    private static final double DOLLARS_PER_ALARM_METRIC = 0.10;
    private static final double DOLLARS_PER_METRIC = 0.30;
    private static final double DOLLARS_PER_DASHBOARD = 3.00;

    private static final double BYTES_PER_MESSAGE = 100;
    /** Some four invocations a visitor, and a kilobyte of log for each. */
    private static final double BYTES_OF_LOGS_PER_VISITOR = 4_000;
    /** An entry of the index byCounter is written when a connection begins and when it ends. */
    private static final int INDEX_WRITES_PER_VISITOR = 2;
    /** Of both stacks: two sums of six functions, and six alarms of one metric each. */
    static final int ALARM_METRICS = 18;

    private static final int METRICS_PER_COUNTER = 10;
    private static final int FREE_ALARM_METRICS = 10;
    private static final int FREE_METRICS = 10;

    /** The properties of a site. */
    record Site(long visitorsADay, double minutes, int counters, int budget) {

        /** Open connections of all counters, on average. */
        double atOnce() {
            return visitorsADay * minutes / (24 * 60);
        }
    }

    /** Measured: dollars for each visitor at a number of visitors at once, with one counter and the default budget. */
    record Measured(double atOnce, double dynamoDb, double functions) {}

    /** Dollars a day. */
    record Cost(
            double messages,
            double connectionMinutes,
            double dynamoDb,
            double functions,
            double logs,
            double dataOut,
            double monitoring) {

        double total() {
            return messages + connectionMinutes + dynamoDb + functions + logs + dataOut + monitoring;
        }

        double withoutMonitoring() {
            return total() - monitoring;
        }
    }

    private final List<Measured> measured;

    CostCalculator(List<Measured> measured) {
        this.measured = List.copyOf(measured);
    }

    /**
     * Prints a table for a site, or writes the pages.
     *
     * @param args settings as {@code name=value}: visitors (a day), minutes (of a visit), counters, budget (messages a
     *     second of each counter); or {@code write=docs/cost.md}
     * @throws IOException if a file of the repository can't be read or written
     */
    public static void main(String[] args) throws IOException {
        Map<String, String> settings = new TreeMap<>();
        for (String arg : args) {
            String[] setting = arg.split("=", 2);
            if (setting.length != 2
                    || !List.of("visitors", "minutes", "counters", "budget", "write")
                            .contains(setting[0])) {
                System.err.println(
                        "'" + arg + "' is not a setting. There are: visitors=100000 minutes=5 counters=1 budget=100"
                                + " write=docs/cost.md");
                System.exit(1);
            }
            settings.put(setting[0], setting[1]);
        }
        Path root = Path.of("");
        CostCalculator calculator = new CostCalculator(read(root.resolve(CHURN)));
        if (settings.containsKey("write")) {
            calculator.write(root);
            return;
        }
        try {
            System.out.println(calculator.table(List.of(new Site(
                    Long.parseLong(settings.getOrDefault("visitors", "100000")),
                    Double.parseDouble(settings.getOrDefault("minutes", "5")),
                    Integer.parseInt(settings.getOrDefault("counters", "1")),
                    Integer.parseInt(settings.getOrDefault("budget", "100"))))));
        } catch (NumberFormatException notANumber) {
            System.err.println("visitors, counters and budget are whole numbers, minutes is a number: " + settings);
            System.exit(1);
        }
    }

    /** Reads the measurements of this library. */
    static List<Measured> read(Path churn) throws IOException {
        List<String> lines = Files.readAllLines(churn);
        List<String> names = List.of(lines.get(0).split(",", -1));
        List<Measured> measured = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            Function<String, String> cell = name -> cells[names.indexOf(name)];
            if (cell.apply("design").equals("this library")) {
                measured.add(new Measured(
                        Double.parseDouble(cell.apply("visitors at a time")),
                        Double.parseDouble(cell.apply("DynamoDB ($)")) / MILLION,
                        Double.parseDouble(cell.apply("functions ($)")) / MILLION));
            }
        }
        if (measured.isEmpty()) {
            throw new IOException(churn + " has no row of 'this library'");
        }
        return measured;
    }

    /** Computes the daily cost of a site. */
    Cost cost(Site site) {
        double atOnceInEach = site.atOnce() / site.counters;
        double visitorsOfEach = (double) site.visitorsADay / site.counters;
        // Each connect and disconnect is sent to all connections, and the count to each new connection, up to the
        // budget.
        double messages =
                site.counters * Math.min(visitorsOfEach * (2 * atOnceInEach + 1), (double) site.budget * SECONDS_A_DAY);
        double index = site.counters > 1 ? INDEX_WRITES_PER_VISITOR * DOLLARS_PER_WRITE_UNIT : 0;
        double metrics = site.visitorsADay > 0 ? DOLLARS_PER_METRIC * METRICS_PER_COUNTER * site.counters : 0;
        return new Cost(
                messages * DOLLARS_PER_MESSAGE,
                site.visitorsADay * site.minutes * DOLLARS_PER_CONNECTION_MINUTE,
                site.visitorsADay * (perVisitor(atOnceInEach, Measured::dynamoDb) + index),
                site.visitorsADay * perVisitor(atOnceInEach, Measured::functions),
                site.visitorsADay * BYTES_OF_LOGS_PER_VISITOR / GIGABYTE * DOLLARS_PER_GIGABYTE_OF_LOGS,
                messages * BYTES_PER_MESSAGE / GIGABYTE * DOLLARS_PER_GIGABYTE_OUT,
                (DOLLARS_PER_ALARM_METRIC * ALARM_METRICS + DOLLARS_PER_DASHBOARD + metrics) / DAYS_A_MONTH);
    }

    /** Interpolates between two measured sizes; outside them, uses the nearest. */
    private double perVisitor(double atOnce, Function<Measured, Double> dollars) {
        Measured below = measured.get(0);
        for (Measured point : measured) {
            if (point.atOnce >= atOnce) {
                double span = point.atOnce - below.atOnce;
                double share = span == 0 ? 0 : (atOnce - below.atOnce) / span;
                return dollars.apply(below) + share * (dollars.apply(point) - dollars.apply(below));
            }
            below = point;
        }
        return dollars.apply(below);
    }

    /** A column for each site. */
    String table(List<Site> sites) {
        List<Cost> costs = sites.stream().map(this::cost).toList();
        StringBuilder table = new StringBuilder("| dollars a day |");
        sites.forEach(site -> table.append(String.format(Locale.ROOT, " %,d visitors a day |", site.visitorsADay)));
        table.append("\n|---|").append("---:|".repeat(sites.size())).append('\n');
        row(
                table,
                "visitors at once",
                sites,
                site -> site.atOnce() >= 100
                        ? String.format(Locale.ROOT, "%,.0f", site.atOnce())
                        : String.format(Locale.ROOT, "%.1f", site.atOnce()));
        row(table, "messages", costs, cost -> dollars(cost.messages));
        row(table, "connection minutes", costs, cost -> dollars(cost.connectionMinutes));
        row(table, "DynamoDB", costs, cost -> dollars(cost.dynamoDb));
        row(table, "functions", costs, cost -> dollars(cost.functions));
        row(table, "logs", costs, cost -> dollars(cost.logs));
        row(table, "data out", costs, cost -> dollars(cost.dataOut));
        row(table, "alarms, metrics, dashboard", costs, cost -> dollars(cost.monitoring));
        row(table, "**total**", costs, cost -> "**" + dollars(cost.total()) + "**");
        row(table, "a month of 30 days", costs, cost -> dollars(cost.total() * DAYS_A_MONTH));
        return table.toString().strip();
    }

    private static <T> void row(StringBuilder table, String name, List<T> columns, Function<T, String> cell) {
        table.append("| ").append(name).append(" |");
        columns.forEach(column -> table.append(' ').append(cell.apply(column)).append(" |"));
        table.append('\n');
    }

    private static String dollars(double dollars) {
        return String.format(Locale.ROOT, dollars < 10 ? "$%,.2f" : "$%,.0f", dollars);
    }

    /** The sites of the page. */
    String table() {
        return table(List.of(site(0), site(1_000), site(10_000), site(100_000), site(1_000_000)));
    }

    /** The summary with its assumptions, for docs/cost.md. */
    String summary() {
        double afterFreeTier = (ALARM_METRICS - FREE_ALARM_METRICS) * DOLLARS_PER_ALARM_METRIC;
        return byVisitors() + ", and "
                + dollars(cost(site(0)).monitoring * DAYS_A_MONTH) + " a month for the alarms and the dashboard and "
                + dollars(DOLLARS_PER_METRIC * METRICS_PER_COUNTER)
                + " for the metrics of each counter that `AllowedCounters` names (" + dollars(afterFreeTier)
                + " in all for one counter, where CloudWatch's free tier of " + FREE_ALARM_METRICS + " alarm metrics, "
                + FREE_METRICS + " metrics and three dashboards is not used otherwise).\n"
                + "Assumed: one counter, visits of 5 minutes spread evenly over the day, the default budget of 100 messages a"
                + " second, list prices of us-east-1 without other free tiers, before taxes. What DynamoDB and the functions do"
                + " for a visitor is measured on the embedded stack; nothing of it is from a bill.";
    }

    /** The summary in one line, for the READMEs. */
    String line() {
        double monitoring = cost(site(0)).monitoring * DAYS_A_MONTH + DOLLARS_PER_METRIC * METRICS_PER_COUNTER;
        return byVisitors() + "; alarms, dashboard and the metrics of one counter " + dollars(monitoring)
                + " a month. Computed from list prices and the measurements of the embedded stack, not from a bill.";
    }

    private String byVisitors() {
        return "**"
                + dollars(cost(site(1_000)).withoutMonitoring()) + " a day for 1,000 visitors a day, "
                + dollars(cost(site(100_000)).withoutMonitoring()) + " for 100,000, "
                + dollars(cost(site(1_000_000)).withoutMonitoring()) + " for 1,000,000**";
    }

    private static Site site(long visitorsADay) {
        return new Site(visitorsADay, 5, 1, 100);
    }

    /** Writes the table, the summary and the line between the marks of the pages. */
    void write(Path root) throws IOException {
        Path page = root.resolve("docs/cost.md");
        String withTable = replace(Files.readString(page), "cost-table", table());
        Files.writeString(page, replace(withTable, "cost-summary", summary()));
        for (String name : PAGES_WITH_LINE) {
            Path file = root.resolve(name);
            Files.writeString(file, replace(Files.readString(file), "cost-line", line()));
        }
    }

    /** Replaces the text between two marks, and nothing else. */
    static String replace(String page, String name, String text) {
        String begin = String.format(BEGIN, name);
        int from = page.indexOf(begin);
        int to = page.indexOf(String.format(END, name));
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("The page needs a line '" + begin + "' and after it its end");
        }
        return page.substring(0, from + begin.length()) + "\n\n" + text + "\n\n" + page.substring(to);
    }
}
