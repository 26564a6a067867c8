package io.github.visitorcounter.benchmark.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A table of results.
 *
 * @param id names its files
 * @param title its heading
 * @param text how it was measured, in Markdown
 * @param columns their headings, with units
 * @param rows one cell for each column: a number, or a string where there is no number
 * @param charts pictures of it
 */
public record Table(
        String id, String title, String text, List<String> columns, List<List<Object>> rows, List<Chart> charts) {

    /** Copies the lists. */
    public Table {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        charts = List.copyOf(charts);
    }

    /** Returns the table in Markdown, with aligned columns. */
    public String markdown() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns);
        rows.forEach(row -> lines.add(row.stream().map(Table::text).toList()));
        int[] widths = new int[columns.size()];
        lines.forEach(line -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        });
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            for (int column = 0; column < widths.length; column++) {
                text.append("| ")
                        .append(pad(lines.get(i).get(column), widths[column]))
                        .append(' ');
            }
            text.append("|\n");
            if (i == 0) {
                for (int width : widths) {
                    text.append("|").append("-".repeat(width + 1)).append(':');
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }

    /** Returns the table as CSV, with unrounded numbers. */
    public String csv() {
        StringBuilder text = new StringBuilder();
        text.append(csvLine(columns));
        rows.forEach(row -> text.append(csvLine(row)));
        return text.toString();
    }

    private static String csvLine(List<?> cells) {
        return String.join(
                        ",", cells.stream().map(cell -> quoted(cell.toString())).toList()) + "\n";
    }

    private static String quoted(String cell) {
        return cell.matches("[^,\"\\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }

    private static String pad(String cell, int width) {
        return " ".repeat(width - cell.length()) + cell;
    }

    private static String text(Object cell) {
        if (cell instanceof Double number) {
            double size = Math.abs(number);
            int decimals = size >= 100 ? 0 : size >= 10 ? 1 : 2;
            return String.format(Locale.ROOT, "%,." + decimals + "f", number);
        }
        if (cell instanceof Number number) {
            return String.format(Locale.ROOT, "%,d", number.longValue());
        }
        return cell.toString();
    }
}
