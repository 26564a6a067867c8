package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.internal.count.MaxLive;
import io.github.visitorcounter.internal.count.VisitRules;
import io.github.visitorcounter.internal.count.VisitStart;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

import java.time.Duration;
import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

/** DynamoDB remembers the tokens of an account: what two stacks rehearse with the same visitor must not have the same. */
class RejectedTransactionTest {

    private static final Connection VISITOR = Connection.opened("#snapshot", "#snapshot", Instant.EPOCH);

    @Test
    void stacks_with_other_tables_have_other_tokens() {
        assertThat(rehearsed("first-ConnectionIDs")).isNotEqualTo(rehearsed("second-ConnectionIDs"));
    }

    @Test
    void a_retry_has_the_same_token_which_is_not_that_of_the_real_transaction() {
        assertThat(rehearsed("ConnectionIDs"))
                .isEqualTo(rehearsed("ConnectionIDs"))
                .hasSizeLessThanOrEqualTo(36);
        assertThat(rehearsed("ConnectionIDs"))
                .isNotEqualTo(connect("ConnectionIDs").clientRequestToken());
    }

    private static String rehearsed(String connectionsTable) {
        return RejectedTransaction.of(connect(connectionsTable)).clientRequestToken();
    }

    private static TransactWriteItemsRequest connect(String connectionsTable) {
        VisitRules rules = new VisitRules(Duration.ofMinutes(30), CountingMode.VISITS);
        return new ConnectTransaction(connectionsTable, "VisitorCount", rules, new MaxLive(0))
                .request(VISITOR, VisitStart.NEW, CounterRow.home(VISITOR.counterId()));
    }
}
