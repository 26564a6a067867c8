package io.github.visitorcounter.internal;

import io.github.visitorcounter.internal.BroadcastRequest.Stream;
import io.github.visitorcounter.internal.BroadcastRequest.StreamRecord;
import io.github.visitorcounter.internal.BroadcastRequest.StreamRecord.Changed;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class BroadcastRequestTest {

    private static final StreamRecord SITE = new Changed("1", "site", false, null);
    private static final StreamRecord HOME = new Changed("2", "home", false, null);
    private static final StreamRecord HOME_AGAIN = new Changed("3", "home", false, null);

    private final Stream whole = stream(SITE, HOME, HOME_AGAIN);

    @Test
    void a_batch_that_comes_again_has_the_same_name() {
        assertThat(stream(SITE, HOME, HOME_AGAIN).identity("site")).isEqualTo(whole.identity("site"));
        assertThat(whole.identity("site")).isNotEqualTo(whole.identity("home"));
    }

    @Test
    void a_part_of_a_batch_has_the_name_of_the_whole_for_each_counter_whose_first_record_it_has() {
        assertThat(stream(SITE).identity("site")).isEqualTo(whole.identity("site"));
        assertThat(stream(HOME, HOME_AGAIN).identity("home")).isEqualTo(whole.identity("home"));
        assertThat(stream(HOME_AGAIN).identity("home")).isNotEqualTo(whole.identity("home"));
    }

    private static Stream stream(StreamRecord... records) {
        return new Stream("arn", List.of(records));
    }
}
