package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.internal.broadcast.lease.LeaseModel.Broken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Explores every interleaving of triggers and wake-ups, with crashes and retries at every step, on the real protocol.
 * In each final state, all connections must have received the newest version. Further tests break one rule of the
 * protocol each, to show that the exploration finds the update that is lost without the rule.
 */
class LeaseExplorationTest {

    @ParameterizedTest
    @CsvSource({"2, 0", "2, 1", "2, 2"})
    void last_update_is_never_lost(int changes, int disconnects) {
        LeaseExploration exploration =
                LeaseExploration.of(LeaseModel.start(changes, disconnects, 3, 2, 1, 2), changes, Broken.NOTHING);

        assertThat(exploration.violations()).isEmpty();
        assertThat(exploration.states()).isGreaterThan(5_000);
    }

    @Test
    void last_update_of_three_is_never_lost() {
        // With two crashes and three rejections there are several million states; the promise holds in all of them.
        LeaseExploration exploration = LeaseExploration.of(LeaseModel.start(3, 0, 2, 1, 0, 1), 3, Broken.NOTHING);

        assertThat(exploration.violations()).isEmpty();
        assertThat(exploration.states()).isGreaterThan(20_000);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NOTHING")
    void last_update_is_lost_without(Broken rule) {
        LeaseExploration exploration = LeaseExploration.of(LeaseModel.start(2, 0, 3, 2, 0, 2), 2, rule);

        assertThat(exploration.violations()).isNotEmpty();
    }
}
