package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.count.Shards;
import io.github.visitorcounter.internal.reconcile.Drift.Rows;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DriftTest {

    @Test
    void with_the_same_version_the_drift_is_exact() {
        assertThat(Drift.measured(state(12, 7), rows(12), state(12, 7))).isEqualTo(new Drift(0, 0));
        assertThat(Drift.measured(state(15, 7), rows(12), state(15, 7))).isEqualTo(new Drift(3, 3));
        assertThat(Drift.measured(state(10, 7), rows(12), state(10, 7))).isEqualTo(new Drift(-2, -2));
    }

    @Test
    void somebody_who_came_meanwhile_was_seen_or_not() {
        assertThat(Drift.measured(state(12, 7), rows(12), state(13, 8))).isEqualTo(new Drift(0, 1));
        assertThat(Drift.measured(state(12, 7), rows(13), state(13, 8))).isEqualTo(new Drift(-1, 0));
    }

    @Test
    void somebody_who_left_meanwhile_was_seen_or_not() {
        assertThat(Drift.measured(state(12, 7), rows(12), state(11, 8))).isEqualTo(new Drift(-1, 0));
        assertThat(Drift.measured(state(12, 7), rows(11), state(11, 8))).isEqualTo(new Drift(0, 1));
    }

    @Test
    void only_what_is_wrong_for_certain_is_taken_away() {
        assertThat(Drift.measured(state(20, 7), rows(12), state(21, 8)).certain())
                .isEqualTo(8);
        assertThat(Drift.measured(state(20, 7), rows(12), state(20, 15)).certain())
                .isZero();
        assertThat(Drift.measured(state(20, 7), rows(60), state(20, 15)).certain())
                .isEqualTo(-32);
    }

    @Test
    void nothing_is_known_of_a_counter_that_was_repaired_edited_or_lost_meanwhile() {
        CounterState repaired =
                new CounterState(new VisitorCount("site", 12, 20, 8, null), 1, null, Shards.HOME_ONLY, null);

        assertThat(Drift.measured(state(15, 7), rows(12), repaired)).isNull();
        assertThat(Drift.measured(state(15, 7), rows(12), state(12, 7))).isNull();
        assertThat(Drift.measured(state(15, 7), rows(12), state(1, 1))).isNull();
    }

    @Test
    void an_expired_row_may_have_been_removed_without_a_word() {
        assertThat(Drift.measured(state(12, 7), new Rows(12, 12, 2), state(12, 7)))
                .isEqualTo(new Drift(0, 2));
    }

    @Test
    void a_visitor_who_came_back_after_the_old_connection_had_expired_may_count_twice() {
        assertThat(Drift.measured(state(12, 7), new Rows(11, 12, 1), state(12, 7)))
                .isEqualTo(new Drift(0, 2));
    }

    @Test
    void more_may_have_left_than_were_counted() {
        assertThat(Drift.measured(state(1, 7), rows(5), state(-2, 8))).isEqualTo(new Drift(-7, -4));
    }

    private static CounterState state(long live, long version) {
        return new CounterState(new VisitorCount("site", live, 20, version, null), 0, null, Shards.HOME_ONLY, null);
    }

    private static Rows rows(long live) {
        return new Rows(live, live, 0);
    }
}
