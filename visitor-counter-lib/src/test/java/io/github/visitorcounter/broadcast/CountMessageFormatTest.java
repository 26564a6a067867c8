package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.count.VisitorCount;
import org.junit.jupiter.api.Test;

import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

class CountMessageFormatTest {

    @Test
    void message_has_the_total_and_nothing_else() {
        VisitorCount count = new VisitorCount("site", 12, 3_456_789_012L, 981, Instant.EPOCH);

        assertThat(MessageFormat.COUNT.format(count)).isEqualTo("{\"count\":3456789012}");
    }
}
