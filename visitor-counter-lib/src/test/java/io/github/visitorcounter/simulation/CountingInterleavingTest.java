package io.github.visitorcounter.simulation;

import io.github.visitorcounter.internal.dynamodb.CountingInterleavings;
import io.github.visitorcounter.internal.dynamodb.CountingInterleavings.Scenario;
import io.github.visitorcounter.internal.dynamodb.CountingInterleavings.Upkeep;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

/** Explores the interleavings of the counting model on the production code and DynamoDB in memory. */
@Tag("slow")
class CountingInterleavingTest {

    private static final int MAX_RUNS = 100;

    /** The number of random interleavings of each case; {@code -Dinterleavings=…} runs another number. */
    private static final int SAMPLE = Integer.getInteger("interleavings", 300);

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "connect0 disconnect0,                         true,  false, 2, 2, NONE",
        "connect0 disconnect0,                         false, false, 2, 1, NONE",
        "connect0 connect0 disconnect0,                true,  false, 1, 1, NONE",
        "connect0 connect0 disconnect0,                false, false, 1, 0, NONE",
        "connect0 disconnect0 disconnect0,             false, false, 1, 1, NONE",
        "connect0 connect1 disconnect0 disconnect1,    true,  false, 1, 0, NONE",
        "connect0 disconnect0,                         true,  false, 1, 1, FOLD",
        "connect0 disconnect0,                         true,  false, 1, 1, REMOVE",
        "connect0 connect0 disconnect0,                false, false, 1, 1, REMOVE",
        "connect0 connect1 disconnect0 disconnect1,    true,  false, 1, 0, REMOVE",
        "connect0 disconnect0,                         true,  true,  2, 1, NONE",
        "connect0 disconnect0,                         false, true,  2, 1, NONE",
        "connect0 connect0 disconnect0,                false, true,  1, 1, NONE",
        "connect0 disconnect0 disconnect0,             true,  true,  1, 1, NONE",
        "connect0 connect1 disconnect0 disconnect1,    true,  true,  1, 0, NONE",
        "connect0 disconnect0,                         true,  true,  1, 1, FOLD"
    })
    void every_connection_is_added_and_removed_once(
            String events, boolean hasVisit, boolean hasSite, int conflicts, int timeouts, Upkeep upkeep) {
        CountingInterleavings interleavings =
                interleavings(new Scenario(events, hasVisit, hasSite, conflicts, timeouts, upkeep));

        interleavings.exhaust(MAX_RUNS);
        interleavings.sample(SAMPLE, 1);

        assertThat(interleavings.runs()).isGreaterThan(100);
    }

    @ParameterizedTest
    @CsvSource({
        "connect0 disconnect0,                      true,  5, 0, NONE",
        "connect0 disconnect0,                      true,  4, 2, NONE",
        "connect0 connect0 disconnect0 disconnect0, false, 5, 1, NONE",
        "connect0 connect1 disconnect0 disconnect1, false, 7, 0, NONE",
        "connect0 connect1 disconnect0 disconnect1, true,  6, 1, NONE",
        "connect0 disconnect0,                      true,  4, 1, FOLD",
        "connect0 connect1 disconnect0,             false, 6, 0, FOLD"
    })
    void counter_that_grows_meanwhile_loses_no_change(
            String events, boolean hasVisit, int conflicts, int timeouts, Upkeep upkeep) {
        CountingInterleavings interleavings =
                interleavings(new Scenario(events, hasVisit, false, conflicts, timeouts, upkeep, 1, 0));

        interleavings.exhaust(MAX_RUNS);
        interleavings.sample(SAMPLE, 1);

        assertThat(interleavings.grown()).isGreaterThan(15);
    }

    @ParameterizedTest
    @CsvSource({
        "connect0 connect1 connect2 disconnect0,             2, 1, 0, 0",
        "connect0 connect1 connect2 disconnect0,             2, 8, 0, 0",
        "connect0 connect1 connect2 disconnect0,             1, 8, 1, 0",
        "connect0 connect1 connect2 disconnect0 disconnect1, 2, 1, 1, 1",
        "connect0 connect1 connect2 connect3 disconnect0,    3, 8, 1, 1"
    })
    void live_stays_within_its_limit_and_only_a_full_counter_rejects(
            String events, int maxLive, int shards, int conflicts, int timeouts) {
        CountingInterleavings interleavings =
                interleavings(new Scenario(events, false, false, conflicts, timeouts, Upkeep.NONE, shards, maxLive));

        interleavings.exhaust(MAX_RUNS);
        interleavings.sample(SAMPLE, 1);

        assertThat(interleavings.runs()).isGreaterThan(SAMPLE);
    }

    private static CountingInterleavings interleavings(Scenario scenario) {
        return new CountingInterleavings(
                () -> MemoryDynamoDb.withTables(() -> NOW, MemoryDynamoDb.NO_LISTENER), scenario);
    }
}
