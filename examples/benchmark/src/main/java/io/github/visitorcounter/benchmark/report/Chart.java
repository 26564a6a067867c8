package io.github.visitorcounter.benchmark.report;

import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler;

import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A bar chart with a logarithmic axis: bars by case, one colour for each design. Not thread-safe. */
public final class Chart {

    private static final int WIDTH = 860;
    private static final int HEIGHT = 380;
    private static final Color[] COLOURS = {new Color(0xb0b4ba), new Color(0x1f6feb), new Color(0x2da44e)};

    private final String id;
    private final String title;
    private final String axis;
    private final List<String> cases = new ArrayList<>();
    private final Map<String, Map<String, Double>> series = new LinkedHashMap<>();

    /**
     * Creates a chart without bars.
     *
     * @param id names its file
     * @param title its heading
     * @param axis what its bars show, with the unit
     */
    public Chart(String id, String title, String axis) {
        this.id = id;
        this.title = title;
        this.axis = axis;
    }

    /** Adds a bar. Because the axis is logarithmic, values near zero are shown as the smallest visible bar. */
    public void bar(String name, String caseName, double value) {
        if (!cases.contains(caseName)) {
            cases.add(caseName);
        }
        series.computeIfAbsent(name, first -> new LinkedHashMap<>()).put(caseName, value);
    }

    /** Returns the name of its file. */
    public String file() {
        return id + ".png";
    }

    /** Returns the alternative text. */
    public String alternative() {
        return title + ": " + axis;
    }

    /** Writes it as PNG: as SVG it would be ten times as large. */
    void write(Path folder) throws IOException {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .yAxisTitle(axis)
                .build();
        chart.getStyler()
                .setSeriesColors(COLOURS)
                .setLegendPosition(Styler.LegendPosition.OutsideS)
                .setLegendLayout(Styler.LegendLayout.Horizontal)
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false);
        chart.getStyler().setYAxisLogarithmic(true).setYAxisMin(floor());
        series.forEach((name, bars) -> chart.addSeries(
                name,
                cases,
                cases.stream()
                        .map(each -> Math.max(Objects.requireNonNullElse(bars.get(each), 0.0), floor()))
                        .toList()));
        try (OutputStream file = Files.newOutputStream(folder.resolve(file()))) {
            BitmapEncoder.saveBitmap(chart, file, BitmapFormat.PNG);
        }
    }

    /** Returns a power of ten below all values above zero. */
    private double floor() {
        double smallest = series.values().stream()
                .flatMap(bars -> bars.values().stream())
                .filter(value -> value > 0)
                .min(Double::compare)
                .orElse(1.0);
        return Math.pow(10, Math.floor(Math.log10(smallest)));
    }
}
