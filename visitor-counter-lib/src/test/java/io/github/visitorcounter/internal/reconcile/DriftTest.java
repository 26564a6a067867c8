package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.count.Shards;
import io.github.visitorcounter.internal.reconcile.Drift.Rows;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DriftTest {

    @Test
    void drift_is_exact_with_the_same_version() {
        assertThat(Drift.measured(state(12, 7), rows(12), state(12, 7))).isEqualTo(new Drift(0, 0));
        assertThat(Drift.measured(state(15, 7), rows(12), state(15, 7))).isEqualTo(new Drift(3, 3));
        assertThat(Drift.measured(state(10, 7), rows(12), state(10, 7))).isEqualTo(new Drift(-2, -2));
    }

    @Test
    void concurrent_connect_may_be_seen_or_not() {
        assertThat(Drift.measured(state(12, 7), rows(12), state(13, 8))).isEqualTo(new Drift(0, 1));
        assertThat(Drift.measured(state(12, 7), rows(13), state(13, 8))).isEqualTo(new Drift(-1, 0));
    }

    @Test
    void concurrent_disconnect_may_be_seen_or_not() {
        assertThat(Drift.measured(state(12, 7), rows(12), state(11, 8))).isEqualTo(new Drift(-1, 0));
        assertThat(Drift.measured(state(12, 7), rows(11), state(11, 8))).isEqualTo(new Drift(0, 1));
    }

    @Test
    void only_the_provable_drift_is_repaired() {
        assertThat(Drift.measured(state(20, 7), rows(12), state(21, 8)).provable())
                .isEqualTo(8);
        assertThat(Drift.measured(state(20, 7), rows(12), state(20, 15)).provable())
                .isZero();
        assertThat(Drift.measured(state(20, 7), rows(60), state(20, 15)).provable())
                .isEqualTo(-32);
    }

    @Test
    void concurrently_repaired_or_edited_counter_has_no_drift() {
        CounterState repaired =
                new CounterState(new VisitorCount("site", 12, 20, 8, null), 1, null, Shards.HOME_ONLY, null);

        assertThat(Drift.measured(state(15, 7), rows(12), repaired)).isNull();
        assertThat(Drift.measured(state(15, 7), rows(12), state(12, 7))).isNull();
        assertThat(Drift.measured(state(15, 7), rows(12), state(1, 1))).isNull();
    }

    @Test
    void expired_row_may_have_been_removed_by_ttl() {
        assertThat(Drift.measured(state(12, 7), new Rows(12, 12, 2), state(12, 7)))
                .isEqualTo(new Drift(0, 2));
    }

    @Test
    void visitor_reconnecting_after_expiry_may_count_twice() {
        assertThat(Drift.measured(state(12, 7), new Rows(11, 12, 1), state(12, 7)))
                .isEqualTo(new Drift(0, 2));
    }

    @Test
    void live_may_be_negative_before_a_repair() {
        assertThat(Drift.measured(state(1, 7), rows(5), state(-2, 8))).isEqualTo(new Drift(-7, -4));
    }

    private static CounterState state(long live, long version) {
        return new CounterState(new VisitorCount("site", live, 20, version, null), 0, null, Shards.HOME_ONLY, null);
    }

    private static Rows rows(long live) {
        return new Rows(live, live, 0);
    }
}
