package io.github.visitorcounter.internal.count;

import io.github.visitorcounter.internal.count.CounterKeys.ShardKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CounterKeysTest {

    @Test
    void key_of_the_home_row_is_the_counter_id() {
        assertThat(CounterKeys.counterOf("page:/a.b_c-d")).isEqualTo("page:/a.b_c-d");
        assertThat(CounterKeys.parseShard("site")).isNull();
    }

    @Test
    void key_of_a_shard_contains_its_counter() {
        String key = CounterKeys.shard("page:/a", "x7", 63);

        assertThat(key).isEqualTo("rows#page:/a#x7#63");
        assertThat(CounterKeys.counterOf(key)).isEqualTo("page:/a");
        assertThat(CounterKeys.parseShard(key)).isEqualTo(new ShardKey("page:/a", "x7", 63));
        assertThat(CounterKeys.parseShard(key).text()).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lease#site",
                "wake#site",
                "visit#site#v",
                "#snapshot",
                "rows#site",
                "rows#site#x",
                "rows#site#x#0",
                "rows#site#x#-1",
                "rows#site#x#y",
                "rows#site#x#1#2",
                "rows##x#1",
                "rows#site##1",
                "other#site#x#1"
            })
    void rows_of_other_kinds_belong_to_no_counter(String key) {
        assertThat(CounterKeys.counterOf(key)).isNull();
        assertThat(CounterKeys.parseShard(key)).isNull();
    }
}
