package io.github.visitorcounter.internal;

import io.github.visitorcounter.broadcast.PassTally;
import io.github.visitorcounter.broadcast.Relay.LateLookOrder;
import io.github.visitorcounter.broadcast.Relay.PacerOrder;
import io.github.visitorcounter.broadcast.Relay.Rest;
import io.github.visitorcounter.broadcast.Relay.SegmentOrder;
import io.github.visitorcounter.broadcast.Relay.SegmentReport;
import io.github.visitorcounter.broadcast.Relay.StragglerOrder;
import io.github.visitorcounter.connection.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What one invocation writes, another one reads. */
class OrdersTest {

    private static final Connection CONNECTION =
            Connection.opened("L0SM9cOFvHcCIhw=", "site", Instant.ofEpochMilli(1_645_556_857_902L));

    private static final Instant UNTIL = Instant.ofEpochMilli(1_645_556_858_902L);

    @Test
    void a_direct_request_arrives_as_it_was() throws IOException {
        assertThat(read(Orders.direct("page:/a-b"))).isEqualTo(new BroadcastRequest.Direct("page:/a-b"));
    }

    @Test
    void a_pacer_s_order_arrives_as_it_was() throws IOException {
        PacerOrder order = new PacerOrder("site", "arn:stream/1", 3, null, null);
        PacerOrder withRest = new PacerOrder("site", "arn:stream/1", 3, UNTIL, new Rest("L0SM9cOFvHcCIhw=", 7));
        PacerOrder fromTheBeginning = new PacerOrder("site", "arn:stream/1", 3, null, new Rest(null, 7));

        assertThat(read(Orders.pacer(order))).isEqualTo(new BroadcastRequest.Pacer(order));
        assertThat(read(Orders.pacer(withRest))).isEqualTo(new BroadcastRequest.Pacer(withRest));
        assertThat(read(Orders.pacer(fromTheBeginning))).isEqualTo(new BroadcastRequest.Pacer(fromTheBeginning));
    }

    @Test
    void an_order_for_stragglers_arrives_as_it_was() throws IOException {
        StragglerOrder order = new StragglerOrder("site", 7, List.of(CONNECTION), 1);

        assertThat(read(Orders.stragglers(order))).isEqualTo(new BroadcastRequest.Stragglers(order));
    }

    @Test
    void an_order_to_look_again_arrives_as_it_was() throws IOException {
        LateLookOrder order = new LateLookOrder("site", 7, UNTIL);

        assertThat(read(Orders.lateLook(order))).isEqualTo(new BroadcastRequest.LateLook(order));
    }

    @Test
    void an_order_for_a_segment_arrives_as_it_was() throws IOException {
        SegmentOrder order = new SegmentOrder("site", 1, 4, "{\"live\":1}");

        assertThat(read(Orders.segment(order))).isEqualTo(new BroadcastRequest.Segment(order));
    }

    @Test
    void a_segment_s_report_arrives_as_it_was() throws IOException {
        SegmentReport report = new SegmentReport(new PassTally(1, 2, 3, 4, 5, 6, 7), List.of(CONNECTION));

        assertThat(Orders.readReport("site", stream(Orders.report(report)))).isEqualTo(report);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"counterId\":7}",
                "{\"counterId\":\"site\",\"pacer\":{}}",
                "{\"counterId\":\"site\",\"pacer\":{\"parent\":\"p\",\"hop\":\"1\"}}",
                "{\"counterId\":\"site\",\"stragglers\":{\"version\":1.5}}",
                "{\"counterId\":\"site\",\"lateLook\":{\"version\":7}}",
                "{\"counterId\":\"site\",\"segment\":{\"index\":0}}"
            })
    void an_order_that_is_none_says_what_is_wrong(String payload) {
        assertThatThrownBy(() -> read(payload))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageMatching("[a-zA-Z.]+ is (missing: expected|not) .+");
    }

    private static BroadcastRequest read(String payload) throws IOException {
        return BroadcastRequests.read(stream(payload));
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
