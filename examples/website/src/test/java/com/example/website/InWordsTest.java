package com.example.website;

import io.github.visitorcounter.count.VisitorCount;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The message that readers receive. */
class InWordsTest {

    @Test
    void one_is_singular() {
        assertThat(format(1)).isEqualTo("{\"type\":\"readers\",\"text\":\"1 person is reading this\",\"version\":9}");
    }

    @Test
    void others_are_plural() {
        assertThat(format(2)).contains("2 people are reading this");
    }

    private static String format(long live) {
        return new InWords().format(new VisitorCount("site", live, 7, 9, null));
    }
}
