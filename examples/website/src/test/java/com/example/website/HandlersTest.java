package com.example.website;

import io.github.visitorcounter.count.VisitorCount;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What needs no stack: the handlers' class path, and the message. */
class HandlersTest {

    @Test
    void the_message_says_the_count_in_words() {
        assertThat(new InWords().format(new VisitorCount("site", 1, 7, 9, null)))
                .isEqualTo("{\"type\":\"readers\",\"text\":\"1 person is reading this\",\"version\":9}");
    }

    @Test
    void handlers_are_made_without_a_region_or_credentials() {
        assertThat(new SiteConnectHandler()).isNotNull();
        assertThat(new SiteDisconnectHandler()).isNotNull();
    }
}
