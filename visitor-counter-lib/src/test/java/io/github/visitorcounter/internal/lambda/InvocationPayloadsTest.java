package io.github.visitorcounter.internal.lambda;

import io.github.visitorcounter.broadcast.DeliveryStats;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentReport;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Payloads are read as they were written. */
class InvocationPayloadsTest {

    private static final Connection CONNECTION =
            Connection.opened("L0SM9cOFvHcCIhw=", "site", Instant.ofEpochMilli(1_645_556_857_902L));

    @Test
    void direct_request_is_read_as_written() throws IOException {
        assertThat(read(InvocationPayloads.direct("page:/a-b"))).isEqualTo(new BroadcastRequest.Direct("page:/a-b"));
    }

    @Test
    void segment_is_read_as_written() throws IOException {
        SegmentRequest request = new SegmentRequest("site", 1, 4, "{\"live\":1}", Set.of("L0SM9cOFvHcCIhw="));

        assertThat(read(InvocationPayloads.segment(request))).isEqualTo(new BroadcastRequest.Segment(request));
    }

    @Test
    void segment_report_is_read_as_written() throws IOException {
        SegmentReport report = new SegmentReport(
                new DeliveryStats(1, 2, 3, 4, 5, 6, 7), List.of(CONNECTION), List.of(CONNECTION), true);

        assertThat(InvocationPayloads.readReport("site", stream(InvocationPayloads.report(report))))
                .isEqualTo(report);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"counterId\":7}",
                "{\"counterId\":\"site\",\"segment\":{\"index\":0}}",
                "{\"counterId\":\"site\",\"segment\":{\"index\":0,\"of\":1,\"message\":\"m\"}}",
                "{\"counterId\":\"site\",\"segment\":{\"index\":0,\"of\":1,\"message\":\"m\",\"suspects\":[7]}}"
            })
    void error_names_the_invalid_field(String payload) {
        assertThatThrownBy(() -> read(payload))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageMatching("[a-zA-Z.\\[\\]0-9]+ is (missing: expected|not) .+");
    }

    private static BroadcastRequest read(String payload) throws IOException {
        return StreamEvents.read(stream(payload));
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
