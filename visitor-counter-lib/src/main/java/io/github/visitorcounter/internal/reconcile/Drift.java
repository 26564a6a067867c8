package io.github.visitorcounter.internal.reconcile;

import org.jspecify.annotations.Nullable;

/**
 * The drift of a counter: its {@code live} minus the number that follows from the rows of its connections. While
 * visitors connect and disconnect only bounds are known: at least {@code low} and at most {@code high}.
 *
 * <p>Every connect and disconnect changes the rows and {@code live} by the same number in one transaction, and
 * increments {@code version}. The drift is therefore invariant, and its terms need not be read at the same time. (A
 * connect or disconnect that does not change {@code live} either increments the version too or changes no number at
 * all; several rows of a counter are read as sums.) With the counter before a scan of the rows (<i>live₁</i>,
 * <i>version₁</i>), the number <i>n</i> that the scan saw, and the counter after it (<i>live₂</i>, <i>version₂</i>):
 *
 * <ul>
 *   <li>Same version: nothing changed, and the scan saw exactly the existing rows: drift = <i>live₁ − n</i>.
 *   <li>Otherwise at most <i>a</i> = <i>version₂ − version₁</i> visitors connected, one fewer if {@code live} fell,
 *       because then one of the changes was a disconnect. A scan sees each row that exists during the whole scan, and
 *       may or may not see others. So there were at least <i>n − a</i> rows before it, and at most <i>n + a</i> after
 *       it: <i>live₂ − n − a</i> ≤ drift ≤ <i>live₁ − n + a</i>.
 * </ul>
 *
 * <p>The same holds for distinct visitors, although only the last disconnect of a visitor changes the version, while
 * every connect does: a scan misses a visitor that was present before it only if the visitor disconnected, or if all of
 * its connections were replaced, which includes a connect.
 *
 * @param low the lower bound
 * @param high the upper bound
 */
record Drift(long low, long high) {

    /**
     * The result of a scan of a counter's rows: the minimum and maximum of the expected {@code live}, and the number of
     * expired rows.
     */
    record Rows(long min, long max, long expired) {

        static final Rows NONE = new Rows(0, 0, 0);
    }

    /**
     * Computes the bounds, or null if the counter was repaired, edited or lost during the scan.
     *
     * <p>DynamoDB's TTL may remove expired rows without changing the counter, so that the counter is then too high.
     */
    static @Nullable Drift measured(CounterState before, Rows rows, CounterState after) {
        long changes = after.count().version() - before.count().version();
        long difference = after.count().live() - before.count().live();
        if (changes < 0 || (changes == 0 && difference != 0) || after.repairs() != before.repairs()) {
            return null;
        }
        long arrivals = difference < 0 ? changes - 1 : changes;
        long low = after.count().live() - rows.max() - arrivals;
        long high = before.count().live() - rows.min() + arrivals;
        return new Drift(low, high + rows.expired());
    }

    /** Returns whether the counter is provably correct. */
    boolean isZero() {
        return low == 0 && high == 0;
    }

    /**
     * Returns the provable part of the drift: the bound closest to zero, or zero. Subtracting it never makes a counter
     * worse.
     */
    long provable() {
        return low > 0 ? low : Math.min(0, high);
    }
}
