package io.github.visitorcounter.internal.count;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests the number of rows, the choice of a row, growth, and the cache. */
class ShardsTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Shards EIGHT = new Shards(8, "x");

    @Test
    void counter_grows_by_factor_eight_up_to_the_maximum() {
        assertThat(Shards.HOME_ONLY.grown(64)).isEqualTo(8);
        assertThat(EIGHT.grown(64)).isEqualTo(64);
        assertThat(new Shards(64, "x").grown(64)).isEqualTo(64);
        assertThat(new Shards(64, "x").grown(512)).isEqualTo(512);
        assertThat(new Shards(64, "x").grown(8)).isEqualTo(64);
        assertThat(Shards.HOME_ONLY.grown(1)).isEqualTo(1);
        assertThat(Shards.HOME_ONLY.grown(5)).isEqualTo(5);
    }

    @Test
    void partly_folded_counter_does_not_grow() {
        assertThat(new Shards(414, "x").isPartlyFolded()).isTrue();
        assertThat(new Shards(414, "x").grown(512)).isEqualTo(414);
    }

    @Test
    void attempts_are_spread_deterministically() {
        int[] taken = new int[64];
        Shards shards = new Shards(64, "x");
        for (int connection = 0; connection < 6_400; connection++) {
            String id = "connection-" + connection + "=";
            assertThat(shards.choose(id, 3)).isEqualTo(shards.choose(id, 3)).isBetween(0, 63);
            taken[shards.choose(id, 0)]++;
        }
        assertThat(IntStream.of(taken)).allSatisfy(times -> assertThat(times).isBetween(50, 160));
        assertThat(IntStream.range(0, 20)
                        .map(attempt -> shards.choose("one=", attempt))
                        .distinct()
                        .count())
                .isGreaterThan(10);
    }

    @Test
    void ten_conflicts_mean_busy_until_reset() {
        GrowthSignal signal = new GrowthSignal();
        for (int i = 0; i < 9; i++) {
            signal.conflict();
        }
        assertThat(signal.isBusy()).isFalse();
        signal.conflict();
        assertThat(signal.isBusy()).isTrue();
        signal.reset();
        assertThat(signal.isBusy()).isFalse();
    }

    @Test
    void ten_changes_within_250_ms_mean_busy() {
        GrowthSignal fast = new GrowthSignal();
        fast.sawHome(1_000, NOW);
        fast.sawHome(1_009, NOW.plusMillis(200));
        assertThat(fast.isBusy()).isFalse();
        fast.sawHome(1_010, NOW.plusMillis(250));
        assertThat(fast.isBusy()).isTrue();

        GrowthSignal slow = new GrowthSignal();
        slow.sawHome(1_000, NOW);
        slow.sawHome(1_010, NOW.plusMillis(251));
        assertThat(slow.isBusy()).isFalse();
    }

    @Test
    void cached_shards_are_stale_after_a_minute() {
        KnownShards known = new KnownShards();
        known.learn("site", EIGHT, NOW);
        known.learn("quiet", Shards.HOME_ONLY, NOW);

        assertThat(known.of("site")).isEqualTo(EIGHT);
        assertThat(known.isStale("site", NOW.plusSeconds(60))).isFalse();
        assertThat(known.isStale("site", NOW.plusSeconds(61))).isTrue();
        assertThat(known.isStale("quiet", NOW.plusSeconds(1_000))).isFalse();
        assertThat(known.of("unknown")).isEqualTo(Shards.HOME_ONLY);
    }

    @Test
    void cache_holds_a_thousand_counters() {
        KnownShards known = new KnownShards();
        for (int i = 0; i < 1_001; i++) {
            known.learn("c" + i, EIGHT, NOW);
        }

        assertThat(known.of("c0")).isEqualTo(Shards.HOME_ONLY);
        assertThat(known.of("c1")).isEqualTo(EIGHT);
    }

    @Test
    void parts_of_a_limit_add_up_to_it() {
        for (int limit : new int[] {1, 2, 7, 8, 9, 100, 10_000_000}) {
            MaxLive parts = new MaxLive(limit);
            assertThat(IntStream.range(0, parts.shards()).map(parts::part).sum())
                    .isEqualTo(limit);
            assertThat(IntStream.range(0, parts.shards()).map(parts::part)).allMatch(part -> part > 0);
            assertThat(parts.part(parts.shards())).isZero();
        }
    }
}
