package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.internal.broadcast.lease.LeaseModel.Broken;
import io.github.visitorcounter.internal.broadcast.lease.LeaseModel.Rules;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Explores every interleaving of triggers and wake-ups, with crashes and retries at every step, on the real protocol.
 * In each final state, all connections must have received what the newest version shows. Further tests break one rule
 * of the protocol each, to show that the exploration finds the update that is lost without the rule.
 */
class LeaseExplorationTest {

    /** Each letter is what pages show at one version: after "aba" they show the same as before both changes. */
    @ParameterizedTest
    @CsvSource({"abc, 0", "aba, 1"})
    void last_update_is_never_lost(String texts, int disconnects) {
        Rules rules = new Rules(2, disconnects, texts, false, Broken.NOTHING);

        assertThat(explore(rules, 3, 2, 1, 2)).isGreaterThan(50_000);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"abc, 1", "abc, 2", "aba, 0", "aba, 2"})
    void last_update_is_never_lost_among_other_disconnects(String texts, int disconnects) {
        last_update_is_never_lost(texts, disconnects);
    }

    @ParameterizedTest
    @CsvSource({"abcd, 2, 0, 0", "abcb, 2, 0, 0"})
    void last_update_of_three_is_never_lost(String texts, int wakeUps, int rejections, int timeouts) {
        Rules rules = new Rules(3, 0, texts, false, Broken.NOTHING);

        assertThat(explore(rules, wakeUps, rejections, timeouts, 1)).isGreaterThan(20_000);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"aaba, 2, 1, 0", "abab, 2, 1, 0", "abab, 1, 0, 1"})
    void last_update_of_three_is_never_lost_among_more_faults(String texts, int wakeUps, int rejections, int timeouts) {
        last_update_of_three_is_never_lost(texts, wakeUps, rejections, timeouts);
    }

    @Tag("deep")
    @ParameterizedTest
    @CsvSource({"abcd, 1, 0, 1", "abab, 1, 1, 1", "abcb, 1, 0, 1", "abcb, 0, 1, 1", "abab, 1, 0, 2", "aaba, 1, 1, 1"})
    void last_update_of_three_is_never_lost_in_millions_of_states(
            String texts, int rejections, int timeouts, int crashes) {
        Rules rules = new Rules(3, 0, texts, false, Broken.NOTHING);

        assertThat(explore(rules, 2, rejections, timeouts, crashes)).isGreaterThan(500_000);
    }

    @ParameterizedTest
    @CsvSource({"aba, 0, 1, 0, 1", "aab, 0, 1, 0, 1", "aba, 1, 1, 0, 1", "aba, 0, 0, 1, 1"})
    void new_connection_is_never_left_with_other_numbers(
            String texts, int disconnects, int rejections, int timeouts, int crashes) {
        Rules rules = new Rules(2, disconnects, texts, true, Broken.NOTHING);

        assertThat(explore(rules, 2, rejections, timeouts, crashes)).isGreaterThan(5_000);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"NOTHING", "ACQUIRES_AFTER_ANOTHER_PASS", "RESUMING_RECORDS_NOTHING"})
    void last_update_is_lost_without(Broken rule) {
        Rules rules = new Rules(2, 0, "aba", rule.needsConnections(), rule);

        LeaseExploration exploration = LeaseExploration.of(LeaseModel.start(rules, 3, 2, 1, 2));

        assertThat(exploration.violations()).isNotEmpty();
    }

    @Test
    void last_update_of_three_is_lost_if_a_lease_is_acquired_after_another_pass() {
        Rules rules = new Rules(3, 0, "abcb", false, Broken.ACQUIRES_AFTER_ANOTHER_PASS);

        LeaseExploration exploration = LeaseExploration.of(LeaseModel.start(rules, 0, 0, 0, 1));

        assertThat(exploration.violations()).isNotEmpty();
    }

    /** Lambda may deliver a batch of a stream to two invocations at once, which have the same identity. */
    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"abab, 0, 0, 0", "abcb, 0, 0, 0", "abcd, 0, 0, 0"})
    void last_update_is_never_lost_with_a_twin(String texts, int wakeUps, int rejections, int crashes) {
        Rules rules = new Rules(3, 0, texts, false, true, Broken.NOTHING);

        assertThat(explore(rules, wakeUps, rejections, 0, crashes)).isGreaterThan(200_000);
    }

    @Tag("deep")
    @ParameterizedTest
    @CsvSource({"abcb, 0, 0, 1", "abab, 1, 1, 0"})
    void last_update_is_never_lost_with_a_twin_in_millions_of_states(
            String texts, int wakeUps, int rejections, int crashes) {
        last_update_is_never_lost_with_a_twin(texts, wakeUps, rejections, crashes);
    }

    @Test
    void last_update_is_lost_if_a_twin_sends_another_count_than_the_lease_records() {
        Rules rules = new Rules(3, 0, "abab", false, true, Broken.RESUMING_RECORDS_NOTHING);

        LeaseExploration exploration = LeaseExploration.of(LeaseModel.start(rules, 0, 0, 0, 0));

        assertThat(exploration.violations()).isNotEmpty();
    }

    /** Returns the number of states, in none of which an update was lost. */
    private static int explore(Rules rules, int wakeUps, int rejections, int timeouts, int crashes) {
        LeaseExploration exploration =
                LeaseExploration.of(LeaseModel.start(rules, wakeUps, rejections, timeouts, crashes));
        assertThat(exploration.violations()).isEmpty();
        return exploration.states();
    }
}
