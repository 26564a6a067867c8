package io.github.visitorcounter.embeddedstack.junit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** The newest log lines of the functions. Thread-safe. */
final class TestLogs implements Consumer<String> {

    static final int MAX_LINES = 2_000;

    private final Deque<String> lines = new ArrayDeque<>();
    private int dropped;

    @Override
    public synchronized void accept(String line) {
        if (lines.size() == MAX_LINES) {
            lines.removeFirst();
            dropped++;
        }
        lines.addLast(line);
    }

    synchronized void clear() {
        lines.clear();
        dropped = 0;
    }

    /** Returns all lines, under a title. */
    synchronized String report(String title) {
        StringBuilder report = new StringBuilder("---- ").append(title).append(" ----\n");
        if (dropped > 0) {
            report.append(dropped).append(" earlier lines are left out\n");
        }
        if (lines.isEmpty()) {
            report.append("No function has logged anything.\n");
        }
        lines.forEach(line -> report.append(line).append('\n'));
        return report.append("----").toString();
    }
}
