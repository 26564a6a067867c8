package io.github.visitorcounter.internal.count;

import io.github.visitorcounter.CounterFullException;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.reconcile.ReconcileStoreContract;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The contract of the maximum of {@code live}. */
public abstract class MaxLiveContract extends ReconcileStoreContract {

    private static final VisitRules VISITORS = new VisitRules(Duration.ofMinutes(30), CountingMode.VISITORS);

    @Test
    void full_counter_rejects_without_changes() {
        CounterStore limited = limited(2);
        connect(limited, "a", null, now);
        connect(limited, "b", "v", now);
        VisitorCount full = count();

        assertFull(limited, "c", null);
        assertFull(limited, "d", "w");

        assertThat(count()).isEqualTo(full);
        assertThat(connections().find(id("c"), deadline())).isNull();
        assertThat(visit(counterId, "w")).isNull();
    }

    @Test
    void disconnect_frees_capacity() {
        CounterStore limited = limited(1);
        connect(limited, "a", null, now);
        disconnect(limited, now.plusSeconds(1), "a");

        connect(limited, "b", null, now.plusSeconds(2));

        assertThat(count().live()).isEqualTo(1);
        assertFull(limited, "c", null);
    }

    @Test
    void repeated_connect_is_not_rejected() {
        CounterStore limited = limited(1);
        connect(limited, "a", "v", now);
        connect(limited, "a", "v", now);
        // As after 15 minutes, when the transaction's token has expired.
        limited.addConnection(Connection.opened(id("a"), counterId, now.plusSeconds(1), "v"), deadline());

        assertThat(count()).isEqualTo(counted(1, 1, 1, now));
    }

    @Test
    void another_tab_of_a_visitor_is_accepted() {
        CounterStore limited = counters(VISITORS, 1);
        connect(limited, "a", "v", now);
        connect(limited, "b", "v", now);

        assertThat(count().live()).isEqualTo(1);
        assertThat(count().version()).isEqualTo(version(2));
        assertFull(limited, "c", "w");
    }

    @Test
    void concurrent_connects_fill_the_capacity_exactly() {
        CounterStore limited = limited(5);
        List<CompletableFuture<Boolean>> coming = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String name = "n" + i;
            coming.add(CompletableFuture.supplyAsync(() -> comesIn(limited, name)));
        }

        assertThat(coming.stream().filter(CompletableFuture::join)).hasSize(5);
        assertThat(count().live()).isEqualTo(5);
        assertThat(count().total()).isEqualTo(5);
    }

    private boolean comesIn(CounterStore limited, String name) {
        try {
            connect(limited, name, null, now);
            return true;
        } catch (CounterFullException full) {
            return false;
        }
    }

    private void assertFull(CounterStore limited, String name, String visit) {
        assertThatThrownBy(() -> connect(limited, name, visit, now))
                .isInstanceOf(CounterFullException.class)
                .hasMessageContaining(counterId)
                .hasMessageContaining("VISITOR_COUNTER_MAX_LIVE");
    }

    private CounterStore limited(int live) {
        return counters(InMemoryStore.DEFAULT_RULES, live);
    }
}
