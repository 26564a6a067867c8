package io.github.visitorcounter.broadcast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.count.VisitorCount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.StreamSupport;

import static org.assertj.core.api.Assertions.assertThat;

class RoundedMessageFormatTest {

    private static final MessageFormat FORMAT = RoundedMessageFormat.instance();
    private static final long SEED = 20_261_127;

    /** The tests of the page read the same file. */
    @Test
    void message_matches_the_wire_contract() throws IOException {
        JsonNode frames = new ObjectMapper()
                .readTree(Path.of("..", "js-client", "test", "golden", "frames.json")
                        .toFile());
        String golden = StreamSupport.stream(frames.get("cases").spliterator(), false)
                .filter(frame -> frame.get("from").textValue().equals("library, rounded"))
                .map(frame -> frame.get("frame").textValue())
                .findAny()
                .orElseThrow();

        assertThat(FORMAT.format(new VisitorCount("site", 1_234, 341_678, 981, null)))
                .isEqualTo(golden);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "19, 19",
        "20, 20",
        "21, 22",
        "22, 22",
        "49, 50",
        "52, 50",
        "53, 55",
        "97, 95",
        "98, 100",
        "104, 100",
        "105, 110",
        "199, 200",
        "209, 200",
        "210, 220",
        "474, 480",
        "974, 950",
        "975, 1000",
        "1049, 1000",
        "1050, 1100",
        "999999, 1000000",
        "4503599627370496, 4600000000000000"
    })
    void number_is_rounded_to_the_nearest_step(long number, long rounded) {
        assertThat(RoundedMessageFormat.round(number)).isEqualTo(rounded);
    }

    @Test
    void rounded_number_has_two_significant_digits_and_is_at_most_five_percent_wrong() {
        for (long number = 0; number < 200_000; number++) {
            long rounded = RoundedMessageFormat.round(number);

            assertThat(String.valueOf(rounded)).matches("\\d{1,2}0*");
            assertThat(Math.abs(rounded - number) * 20).isLessThanOrEqualTo(number);
            assertThat(RoundedMessageFormat.round(rounded)).isEqualTo(rounded);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "5, 5, false",
        "5, 6, true",
        "5, 4, true",
        "19, 20, false",
        "19, 21, true",
        "20, 19, true",
        "20, 22, false",
        "20, 23, true",
        "1000, 1100, false",
        "1000, 1101, true",
        "1000, 950, false",
        "1000, 949, true",
        "1040, 1101, true",
        "1040, 949, true",
        "30, 5, true"
    })
    void number_is_sent_when_it_is_more_than_one_step_away_from_what_pages_show(
            long sent, long newest, boolean isChange) {
        assertThat(FORMAT.isChange(count(sent, 0), count(newest, 0))).isEqualTo(isChange);
        assertThat(FORMAT.isChange(count(0, sent), count(0, newest))).isEqualTo(isChange);
    }

    /** A crowd of 1,000 whose visitors stay for five minutes: with exact numbers each of the changes would be sent. */
    @Test
    void crowd_that_wavers_is_seldom_sent_and_never_more_than_one_step_wrong() {
        Random random = new Random(SEED);
        long live = 1_000;
        long sent = live;
        int changes = 100_000;
        int broadcasts = 0;
        for (int i = 0; i < changes; i++) {
            live += random.nextDouble() * 2_000 < live ? -1 : 1;
            if (FORMAT.isChange(count(sent, 0), count(live, 0))) {
                sent = live;
                broadcasts++;
            }
            long shown = RoundedMessageFormat.round(sent);
            long step = RoundedMessageFormat.step(Math.max(shown, live));
            assertThat(Math.abs(live - shown)).isLessThanOrEqualTo(step);
        }

        assertThat(broadcasts).isBetween(1, changes / 500);
    }

    private static VisitorCount count(long live, long total) {
        return new VisitorCount("site", live, total, 1, null);
    }
}
