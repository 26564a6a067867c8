package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.internal.count.LiveLimits;
import io.github.visitorcounter.internal.count.VisitRules;
import io.github.visitorcounter.internal.count.VisitStart;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * DynamoDB remembers the tokens of an account: two stacks that prime with the same visitor must have different tokens.
 */
class RejectedTransactionTest {

    private static final Connection VISITOR = Connection.opened("#snapshot", "#snapshot", Instant.EPOCH);

    @Test
    void stacks_with_different_tables_have_different_tokens() {
        assertThat(primingToken("first-ConnectionIDs")).isNotEqualTo(primingToken("second-ConnectionIDs"));
    }

    @Test
    void a_retry_has_the_same_token() {
        assertThat(primingToken("ConnectionIDs"))
                .isEqualTo(primingToken("ConnectionIDs"))
                .hasSizeLessThanOrEqualTo(36);
    }

    @Test
    void the_real_transaction_has_another_token() {
        assertThat(primingToken("ConnectionIDs"))
                .isNotEqualTo(connect("ConnectionIDs").clientRequestToken());
    }

    private static String primingToken(String connectionsTable) {
        return RejectedTransaction.of(connect(connectionsTable)).clientRequestToken();
    }

    private static TransactWriteItemsRequest connect(String connectionsTable) {
        VisitRules rules = new VisitRules(Duration.ofMinutes(30), CountingMode.VISITS);
        return new ConnectTransaction(connectionsTable, "VisitorCount", rules, new LiveLimits(0, null))
                .of(VISITOR, List.of(VisitStart.NEW))
                .request()
                .apply(List.of(CounterRow.home(VISITOR.counterId())));
    }
}
