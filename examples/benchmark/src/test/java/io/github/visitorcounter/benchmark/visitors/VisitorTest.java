package io.github.visitorcounter.benchmark.visitors;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class VisitorTest {

    private static final Shown OLD = new Shown(1, 1, 1);
    private static final Shown NEW = new Shown(2, 2, 2);

    @Test
    void the_library_s_page_shows_the_newest_version() {
        Visitor visitor = new Visitor(Page.NEWEST_VERSION);
        visitor.receive(NEW, 10);
        visitor.receive(OLD, 20);
        visitor.receive(NEW, 30);

        assertThat(visitor.view()).isEqualTo(new Visitor.View(NEW, 10, 3, 0));
    }

    @Test
    void the_original_s_page_shows_the_last_message() {
        Visitor visitor = new Visitor(Page.LAST_MESSAGE);
        visitor.receive(NEW, 10);
        visitor.receive(OLD, 20);
        visitor.receive(OLD, 30);

        assertThat(visitor.view()).isEqualTo(new Visitor.View(OLD, 20, 3, 0));
    }

    @Test
    void other_fields_of_a_message_are_ignored() {
        byte[] message = "{\"type\":\"visitor-count\",\"more\":{\"live\":9},\"live\":12,\"total\":34,\"version\":56}"
                .getBytes(StandardCharsets.UTF_8);

        assertThat(Shown.parse(message, 0, message.length)).isEqualTo(new Shown(12, 34, 56));
    }

    @Test
    void a_message_without_numbers_is_rejected() {
        byte[] message = "{\"message\":\"Internal server error\"}".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> Shown.parse(message, 0, message.length)).hasMessageContaining("Not a count");
    }
}
