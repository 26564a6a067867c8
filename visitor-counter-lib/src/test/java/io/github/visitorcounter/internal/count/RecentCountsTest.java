package io.github.visitorcounter.internal.count;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.time.Deadline;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RecentCountsTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);

    private final ManualTimeSource time = new ManualTimeSource();
    private final InMemoryStore store = new InMemoryStore(time, 100);
    private final List<String> reads = new ArrayList<>();
    private final RecentCounts counts = new RecentCounts(() -> store, time);

    @Test
    void count_is_read_again_after_a_second() {
        connect("one=");
        assertThat(counts.read("home", LATER).live()).isEqualTo(1);
        connect("two=");

        time.sleep(Duration.ofMillis(999));
        assertThat(counts.read("home", LATER).live()).isEqualTo(1);
        time.sleep(Duration.ofMillis(1));
        assertThat(counts.read("home", LATER).live()).isEqualTo(2);
    }

    @Test
    void reading_does_not_make_a_count_recent_for_longer() {
        connect("one=");
        counts.read("home", LATER);
        connect("two=");
        for (int i = 0; i < 3; i++) {
            time.sleep(Duration.ofMillis(400));
            counts.read("home", LATER);
        }

        assertThat(counts.read("home", LATER).live()).isEqualTo(2);
    }

    @Test
    void counters_are_independent() {
        connect("one=");

        assertThat(counts.read("home", LATER).live()).isEqualTo(1);
        assertThat(counts.read("other", LATER)).isEqualTo(VisitorCount.none("other"));
    }

    @Test
    void failure_is_not_kept() {
        boolean[] fails = {true};
        RecentCounts unlucky = new RecentCounts(
                () -> {
                    if (fails[0]) {
                        throw new ServiceUnavailableException("on purpose", null);
                    }
                    return store;
                },
                time);

        assertThatThrownBy(() -> unlucky.read("home", LATER)).isInstanceOf(ServiceUnavailableException.class);
        fails[0] = false;
        assertThat(unlucky.read("home", LATER).live()).isZero();
    }

    @Test
    void count_is_read_again_if_the_clock_was_set_back() {
        connect("one=");
        counts.read("home", LATER);
        connect("two=");

        time.sleep(Duration.ofHours(-1));
        assertThat(counts.read("home", LATER).live()).isEqualTo(2);
    }

    @Test
    void at_most_a_thousand_counts_are_kept() {
        RecentCounts counting = new RecentCounts(
                () -> {
                    reads.add("read");
                    return store;
                },
                time);
        for (int i = 0; i < 1_001; i++) {
            counting.read("page:" + i, LATER);
        }
        counting.read("page:1000", LATER);
        assertThat(reads).hasSize(1_001);
        counting.read("page:0", LATER);
        assertThat(reads).hasSize(1_002);
    }

    private void connect(String connectionId) {
        store.addConnection(Connection.opened(connectionId, "home", time.now()), LATER);
    }
}
