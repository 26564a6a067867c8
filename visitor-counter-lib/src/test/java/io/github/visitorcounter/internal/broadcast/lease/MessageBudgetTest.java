package io.github.visitorcounter.internal.broadcast.lease;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

class MessageBudgetTest {

    private static final Duration INTERVAL = Duration.ofMillis(250);
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    @Test
    void new_counter_may_send_at_once() {
        assertThat(new MessageBudget(1, INTERVAL).nextPassAt(BudgetUse.NONE, 90, NOW))
                .isBeforeOrEqualTo(NOW);
    }

    @Test
    void audience_larger_than_the_bucket_waits_until_it_is_full() {
        MessageBudget budget = new MessageBudget(1, INTERVAL);
        BudgetUse use = use(budget.afterPass(BudgetUse.NONE, 90, NOW).usedUntil(), 1, NOW);

        assertThat(budget.nextPassAt(use, 90, NOW)).isEqualTo(NOW.plusSeconds(90));
        assertThat(budget.nextPassAt(use, 30, NOW)).isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void full_bucket_is_emptied_at_four_times_the_budget() {
        MessageBudget budget = new MessageBudget(100, INTERVAL);
        BudgetUse use = use(NOW, 100, NOW);

        assertThat(budget.nextPassAt(use, 50, NOW)).isEqualTo(NOW.plus(INTERVAL));
        assertThat(budget.nextPassAt(use, 1_000, NOW)).isEqualTo(NOW.plusMillis(2_500));
    }

    @Test
    void unused_budget_is_kept_for_a_minute() {
        MessageBudget budget = new MessageBudget(10, INTERVAL);
        BudgetUse use = use(NOW.minusSeconds(3_600), 10, NOW.minusSeconds(3_600));

        assertThat(budget.afterPass(use, 600, NOW).usedUntil()).isEqualTo(NOW.plusSeconds(60));
        assertThat(budget.charge(600, false, use, NOW).usedUntilLimit()).isEqualTo(NOW.plusSeconds(60));
    }

    /** 5,000 messages use the budget for more than an hour at 1 message per second, and for half a second at 10,000. */
    @Test
    void larger_budget_shortens_the_used_time() {
        BudgetUse use = use(
                new MessageBudget(1, INTERVAL)
                        .afterPass(BudgetUse.NONE, 5_000, NOW)
                        .usedUntil(),
                1,
                NOW);
        MessageBudget larger = new MessageBudget(10_000, INTERVAL);
        Instant deployed = NOW.plusSeconds(120);

        assertThat(larger.nextPassAt(use, 5_001, deployed)).isBeforeOrEqualTo(deployed.plusMillis(500));
        assertThat(larger.afterPass(use, 5_001, deployed).usedUntil()).isBeforeOrEqualTo(deployed.plusSeconds(61));
    }

    @Test
    void smaller_budget_does_not_extend_the_used_time() {
        BudgetUse use = use(NOW.plusSeconds(60), 10_000, NOW);

        assertThat(new MessageBudget(1, INTERVAL).nextPassAt(use, 1, NOW)).isBeforeOrEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void messages_that_were_sent_are_charged_without_a_limit() {
        LeaseStore.Charge debt = new MessageBudget(1, INTERVAL).debt(100_000, NOW);

        assertThat(debt.costMicros()).isEqualTo(100_000_000_000L);
        assertThat(debt.usedUntilLimit()).isAfter(NOW.plusSeconds(100_000));
    }

    private static BudgetUse use(Instant usedUntil, int messagesPerSecond, Instant lastPassAt) {
        return new BudgetUse(usedUntil, messagesPerSecond, lastPassAt, 0, 0);
    }
}
