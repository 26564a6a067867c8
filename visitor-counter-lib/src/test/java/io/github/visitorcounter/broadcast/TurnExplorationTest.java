package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.broadcast.TurnWorld.Rules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Explores every interleaving of turns and their pacers, with crashes and retries at every step, on the real protocol. When nothing can
 * move any more, everyone must have been told the newest version; and no two passes run at once.
 *
 * <p>Each rule of the protocol is then broken, to show that the exploration finds the lost update that the rule is for.
 */
class TurnExplorationTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void the_last_update_is_never_lost(int departures) {
        Exploration exploration = Exploration.of(Rules.AS_DESIGNED, 2, departures, 4);

        assertThat(exploration.violations()).isEmpty();
        assertThat(exploration.states()).isGreaterThan(5_000);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "3, 0"})
    void the_last_update_of_three_is_never_lost(int departures, int crashes) {
        // With six crashes, one of each turn, there are 1.6 million worlds without departures; and as many of three
        // departures with one crash. The promise holds in them all; that takes 20 s each.
        Exploration exploration = Exploration.of(Rules.AS_DESIGNED, 3, departures, crashes);

        assertThat(exploration.violations()).isEmpty();
        assertThat(exploration.states()).isGreaterThan(20_000);
    }

    @Test
    void without_leaving_versions_to_the_holder_it_would_be_lost() {
        assertThat(lostUpdates(new Rules(false, true, true, true, true))).isNotEmpty();
    }

    @Test
    void with_a_release_that_does_not_look_at_them_it_would_be_lost() {
        assertThat(lostUpdates(new Rules(true, false, true, true, true))).isNotEmpty();
    }

    @Test
    void with_a_holder_that_has_another_name_at_its_retry_it_would_be_lost() {
        assertThat(lostUpdates(new Rules(true, true, false, true, true))).isNotEmpty();
    }

    @Test
    void with_a_lease_handed_over_before_the_pacer_is_started_it_would_be_lost() {
        assertThat(lostUpdates(new Rules(true, true, true, false, true))).isNotEmpty();
    }

    @Test
    void with_a_pass_under_the_name_of_who_lingers_there_would_be_two_at_once() {
        Rules broken = new Rules(true, true, true, true, false);

        assertThat(Exploration.of(broken, 2, 1, 4).violations())
                .anySatisfy(violation -> assertThat(violation).startsWith("TWO PASSES AT ONCE"));
    }

    private static List<String> lostUpdates(Rules broken) {
        return Exploration.of(broken, 2, 0, 4).violations().stream()
                .filter(violation -> violation.startsWith("LOST UPDATE"))
                .toList();
    }
}
