package io.github.visitorcounter.internal.reconcile;

import org.jspecify.annotations.Nullable;

/**
 * By how much a counter's {@code live} differs from what its connections' rows say, as far as that can be known while visitors
 * come and go: at least {@code low} and at most {@code high}.
 *
 * <p>Every arrival and departure changes the rows and {@code live} in one transaction, both alike, and adds one to {@code
 * version}: the drift stays the same whatever happens. So it need not be read at one moment. (A connect or disconnect that changes no {@code live} changes the version all the same, or
 * no number at all; several rows of a counter are read as sums.) With the counter before a scan of the
 * rows (<i>live₁</i>, <i>version₁</i>), the number <i>n</i> that the scan saw, and the counter after it (<i>live₂</i>,
 * <i>version₂</i>):
 *
 * <ul>
 *   <li>Same version: nothing came or went, the scan saw exactly the rows there were: drift = <i>live₁ − n</i>.
 *   <li>Otherwise at most <i>a</i> = <i>version₂ − version₁</i> visitors came, one fewer if {@code live} fell, because then a
 *       change was a departure. A scan sees each row that is there all the while, and may or may not see others. So there were at
 *       least <i>n − a</i> rows before it, and at most <i>n + a</i> after it: <i>live₂ − n − a</i> ≤ drift ≤ <i>live₁ − n +
 *       a</i>.
 * </ul>
 *
 * <p>It holds for distinct visitors too, whose arrivals always change the version, and of whose departures only the last does: a
 * scan misses a visitor who was there before it only if the visitor left, or all connections were replaced, and then one of them
 * arrived.
 *
 * @param low the lower bound
 * @param high the upper bound
 */
record Drift(long low, long high) {

    /** What the rows of a counter say: what {@code live} should be, at least and at most, and how many of the rows have expired. */
    record Rows(long least, long most, long expired) {

        static final Rows NONE = new Rows(0, 0, 0);
    }

    /**
     * Computes the bounds, or null when nothing can be said: the counter was repaired, edited or lost during the scan.
     *
     * <p>DynamoDB itself may remove rows that have expired, without a word to the counter, so that it then shows too many.
     */
    static @Nullable Drift measured(CounterState before, Rows rows, CounterState after) {
        long changes = after.count().version() - before.count().version();
        long difference = after.count().live() - before.count().live();
        if (changes < 0 || (changes == 0 && difference != 0) || after.repairs() != before.repairs()) {
            return null;
        }
        long arrivals = difference < 0 ? changes - 1 : changes;
        long low = after.count().live() - rows.most() - arrivals;
        long high = before.count().live() - rows.least() + arrivals;
        return new Drift(low, high + rows.expired());
    }

    /** Whether the counter is right for certain. */
    boolean isZero() {
        return low == 0 && high == 0;
    }

    /** What is wrong for certain: the bound next to zero, or zero. Taking it away never makes a counter worse. */
    long certain() {
        return low > 0 ? low : Math.min(0, high);
    }
}
