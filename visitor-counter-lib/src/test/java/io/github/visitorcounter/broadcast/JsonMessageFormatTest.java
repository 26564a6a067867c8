package io.github.visitorcounter.broadcast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.count.VisitorCount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import static org.assertj.core.api.Assertions.assertThat;

class JsonMessageFormatTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The tests of the page read the same file. */
    private static final Path GOLDEN = Path.of("..", "js-client", "test", "golden", "frames.json");

    static Stream<JsonNode> messagesOfTheWireContract() throws IOException {
        JsonNode cases = JSON.readTree(GOLDEN.toFile()).get("cases");
        return StreamSupport.stream(cases.spliterator(), false)
                .filter(golden -> golden.get("from").textValue().equals("library"));
    }

    @ParameterizedTest
    @MethodSource("messagesOfTheWireContract")
    void message_matches_the_wire_contract(JsonNode golden) {
        JsonNode count = golden.get("count");
        VisitorCount visitors = new VisitorCount(
                count.get("counter").textValue(),
                count.get("live").longValue(),
                count.get("total").longValue(),
                count.get("version").longValue(),
                Instant.EPOCH);

        assertThat(MessageFormat.JSON.format(visitors))
                .isEqualTo(golden.get("frame").textValue());
    }

    @Test
    void counter_id_is_escaped() throws Exception {
        String message = MessageFormat.JSON.format(VisitorCount.none("a\"b\\c\nd</script>"));

        assertThat(JSON.readTree(message).get("counter").textValue()).isEqualTo("a\"b\\c\nd</script>");
    }
}
