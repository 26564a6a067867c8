package io.github.visitorcounter.benchmark.scenario;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StalenessTest {

    @Test
    void the_age_begins_with_the_change_that_outdated_the_number() {
        CountChanges changes = new CountChanges();
        changes.add(100);
        changes.add(200);

        assertThat(changes.ageNanos(0, 1_000)).isEqualTo(900);
        assertThat(changes.ageNanos(1, 1_000)).isEqualTo(800);
        assertThat(changes.ageNanos(2, 1_000)).isZero();
    }
}
