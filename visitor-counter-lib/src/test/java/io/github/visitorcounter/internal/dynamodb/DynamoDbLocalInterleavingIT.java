package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.internal.dynamodb.CountingInterleavings.Scenario;
import io.github.visitorcounter.internal.dynamodb.CountingInterleavings.Upkeep;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs random interleavings with a fixed seed on DynamoDB Local, whose conditions and tokens are Amazon's. */
class DynamoDbLocalInterleavingIT {

    private static final int RUNS = 40;

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
        CountingInterleavings interleavings = new CountingInterleavings(
                () -> TABLES.client(), new Scenario(events, hasVisit, hasSite, conflicts, timeouts, upkeep));

        interleavings.sample(RUNS, 1);

        assertThat(interleavings.runs()).isEqualTo(RUNS);
    }
}
