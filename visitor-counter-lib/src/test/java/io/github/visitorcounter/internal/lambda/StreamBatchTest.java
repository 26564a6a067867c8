package io.github.visitorcounter.internal.lambda;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.lease.BroadcastTrigger;
import io.github.visitorcounter.internal.broadcast.lease.FollowUp;
import io.github.visitorcounter.internal.lambda.StreamRecord.Changed;
import io.github.visitorcounter.testing.Events;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

class StreamBatchTest {

    private static final Instant AT = Instant.ofEpochMilli(1_645_556_857_902L);
    private static final StreamRecord SITE = changed("1", "site");
    private static final StreamRecord HOME = changed("2", "home");
    private static final StreamRecord HOME_AGAIN = changed("3", "home");

    private static StreamRecord changed(String number, String counterId) {
        return new Changed(number, counterId, false, null, true);
    }

    @Test
    void many_records_of_a_counter_are_one_trigger() {
        assertThat(batch(SITE, HOME, HOME_AGAIN).triggers())
                .extracting(BroadcastTrigger::counterId, BroadcastTrigger::changes)
                .containsExactly(tuple("site", 1), tuple("home", 2));
    }

    @Test
    void part_of_a_batch_has_the_same_identities() {
        assertThat(identities(batch(SITE))).isSubsetOf(identities(batch(SITE, HOME, HOME_AGAIN)));
        assertThat(identities(batch(HOME, HOME_AGAIN))).isSubsetOf(identities(batch(SITE, HOME, HOME_AGAIN)));
        assertThat(identities(batch(HOME_AGAIN))).doesNotContainAnyElementsOf(identities(batch(HOME)));
    }

    @Test
    void wake_ups_and_follow_ups_are_parsed() throws IOException {
        BroadcastTrigger trigger =
                read(Events.load("wake-ups").toString()).triggers().get(0);

        assertThat(trigger.counterId()).isEqualTo("site");
        assertThat(trigger.clearsWakeUp()).isTrue();
        assertThat(trigger.onlyDisconnects()).isFalse();
        assertThat(trigger.followUps())
                .containsExactly(new FollowUp(
                        "site",
                        1,
                        List.of(Connection.opened("L0SM9cOFvHcCIhw=", "site", AT)),
                        List.of(Connection.opened("M1TN0dPGwIdDJix=", "site", AT)),
                        AT,
                        AT,
                        3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lease#site",
                "visit#site#v",
                "ip#x",
                "secret#2026-11-26",
                "wake#no counter",
                "#snapshot",
                "wake#site#x"
            })
    void records_of_other_rows_are_ignored(String key) throws IOException {
        ObjectNode event = Events.load("stream-batch");
        ((ObjectNode) event.at("/Records/0/dynamodb/Keys/counterId")).put("S", key);
        ((ObjectNode) event.at("/Records/0/dynamodb/NewImage")).remove("lastChange");

        StreamBatch batch = read(event.toString());

        assertThat(batch.records().get(0)).isInstanceOf(StreamRecord.Irrelevant.class);
        assertThat(batch.failedSequenceNumbers(Set.of())).isEmpty();
        assertThat(batch.hasImages()).isTrue();
    }

    @Test
    void counter_without_an_image_is_a_change() throws IOException {
        ObjectNode event = Events.load("stream-batch");
        ((ObjectNode) event.at("/Records/0/dynamodb")).remove("NewImage");

        StreamBatch batch = read(event.toString());

        assertThat(batch.records().get(0)).isEqualTo(new Changed("111", "site", false, null, false));
        assertThat(batch.hasImages()).isFalse();
    }

    @Test
    void edited_row_is_a_change_without_a_connection() throws IOException {
        ObjectNode event = Events.load("stream-batch");
        ((ObjectNode) event.at("/Records/0/dynamodb/NewImage")).remove("lastConnectionId");

        assertThat(read(event.toString()).records().get(0)).isEqualTo(new Changed("111", "site", false, null, true));
    }

    @Test
    void record_of_another_table_is_failed() throws IOException {
        ObjectNode event = Events.load("stream-batch");
        ((ObjectNode) event.at("/Records/1/dynamodb/Keys"))
                .removeAll()
                .putObject("id")
                .put("S", "x");

        StreamBatch batch = read(event.toString());

        assertThat(batch.unreadable()).extracting(StreamRecord::sequenceNumber).containsExactly("222");
        assertThat(batch.failedSequenceNumbers(Set.of("site"))).containsExactly("111", "222");
    }

    @Test
    void batch_of_changes_and_wake_ups_is_unfiltered() {
        assertThat(batch(SITE).isUnfiltered()).isFalse();
        assertThat(batch(SITE, new StreamRecord.WakeUp("4", "site")).isUnfiltered())
                .isTrue();
    }

    private static List<String> identities(StreamBatch batch) {
        return batch.triggers().stream().map(BroadcastTrigger::identity).toList();
    }

    private static StreamBatch batch(StreamRecord... records) {
        return new StreamBatch("arn", List.of(records));
    }

    private static StreamBatch read(String event) throws IOException {
        BroadcastRequest request = StreamEvents.read(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)));
        return ((BroadcastRequest.Stream) request).batch();
    }
}
