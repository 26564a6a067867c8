package io.github.visitorcounter.broadcast;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.count.VisitorCount;
import org.junit.jupiter.api.Test;

import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

class JsonMessageFormatTest {

    @Test
    void the_message_is_that_of_the_wire_contract() {
        VisitorCount count = new VisitorCount("site", 12, 3456, 981, Instant.EPOCH);

        assertThat(MessageFormat.JSON.format(count))
                .isEqualTo(
                        "{\"type\":\"visitor-count\",\"counter\":\"site\",\"live\":12,\"total\":3456,\"version\":981}");
    }

    @Test
    void a_counter_s_name_is_escaped() throws Exception {
        String message = MessageFormat.JSON.format(VisitorCount.none("a\"b\\c\nd</script>"));

        assertThat(new ObjectMapper().readTree(message).get("counter").textValue())
                .isEqualTo("a\"b\\c\nd</script>");
    }
}
