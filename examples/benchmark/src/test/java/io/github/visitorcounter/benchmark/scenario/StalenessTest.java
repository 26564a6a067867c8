package io.github.visitorcounter.benchmark.scenario;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StalenessTest {

    @Test
    void a_number_is_as_old_as_the_change_that_made_it_wrong() {
        CountChanges changes = new CountChanges();
        changes.add(100);
        changes.add(200);

        assertThat(changes.ageNanos(0, 1_000)).isEqualTo(900);
        assertThat(changes.ageNanos(1, 1_000)).isEqualTo(800);
        assertThat(changes.ageNanos(2, 1_000)).isZero();
    }
}
