package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.internal.dynamodb.CountingInterleavings.Scenario;
import io.github.visitorcounter.internal.dynamodb.CountingInterleavings.Upkeep;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs random interleavings with a fixed seed on DynamoDB Local, whose conditions and tokens are Amazon's. */
@Tag("slow")
class DynamoDbLocalInterleavingIT {

    private static final int RUNS = 6;

    /** Few interleavings have enough conflicts for a counter to grow. */
    private static final int RUNS_WITH_GROWTH = 20;

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    @ParameterizedTest
    @CsvSource({
        "connect0 disconnect0,                         true,  false, 2, 2, FOLD",
        "connect0 disconnect0,                         true,  false, 1, 1, REMOVE",
        "connect0 connect0 disconnect0 disconnect0,    false, false, 2, 1, NONE",
        "connect0 connect1 disconnect0 disconnect1,    true,  false, 2, 1, FOLD",
        "connect0 connect1 disconnect0 disconnect1,    true,  true,  2, 1, FOLD"
    })
    void every_connection_is_added_and_removed_once(
            String events, boolean hasVisit, boolean hasSite, int conflicts, int timeouts, Upkeep upkeep) {
        CountingInterleavings interleavings =
                sampled(new Scenario(events, hasVisit, hasSite, conflicts, timeouts, upkeep), RUNS);

        assertThat(interleavings.runs()).isEqualTo(RUNS);
    }

    @ParameterizedTest
    @CsvSource({
        "connect0 disconnect0,                      true,  4, 1, NONE",
        "connect0 connect1 disconnect0 disconnect1, false, 7, 0, NONE",
        "connect0 connect1 disconnect0,             false, 6, 0, FOLD"
    })
    void counter_that_grows_meanwhile_loses_no_change(
            String events, boolean hasVisit, int conflicts, int timeouts, Upkeep upkeep) {
        CountingInterleavings interleavings =
                sampled(new Scenario(events, hasVisit, false, conflicts, timeouts, upkeep, 1, 0), RUNS_WITH_GROWTH);

        assertThat(interleavings.grown()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "connect0 connect1 connect2 disconnect0, 2, 1, 1, 1",
        "connect0 connect1 connect2 disconnect0, 1, 8, 1, 0"
    })
    void live_stays_within_its_limit_and_only_a_full_counter_rejects(
            String events, int maxLive, int shards, int conflicts, int timeouts) {
        CountingInterleavings interleavings =
                sampled(new Scenario(events, false, false, conflicts, timeouts, Upkeep.NONE, shards, maxLive), RUNS);

        assertThat(interleavings.runs()).isEqualTo(RUNS);
    }

    private static CountingInterleavings sampled(Scenario scenario, int runs) {
        CountingInterleavings interleavings = new CountingInterleavings(() -> TABLES.client(), scenario);
        interleavings.sample(runs, 1);
        return interleavings;
    }
}
