package io.github.visitorcounter.demo;

import io.github.visitorcounter.demo.CounterStack.Announcement;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.control.Stats;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

/** A site with a counter for each page, end to end: each has its own numbers, and none pays for another. */
class RoomsIT {

    private final HttpClient browser = HttpClient.newHttpClient();

    @ParameterizedTest
    @EnumSource(Announcement.class)
    void each_room_has_its_own_numbers_and_pays_for_itself(Announcement announcement) throws Exception {
        try (EmbeddedStack stack =
                CounterStack.describeRooms(announcement, "page:*").start()) {
            Visitor alone =
                    Visitor.connect(browser, room(stack, "page:/quiet"), 1).get(0);
            alone.awaits(1, 1);

            List<Visitor> crowd = Visitor.connect(browser, room(stack, "page:/news"), 30);
            List<Visitor> few = Visitor.connect(browser, room(stack, "page:/prices"), 5);
            for (Visitor visitor : crowd) {
                visitor.awaits(30, 30);
            }
            for (Visitor visitor : few) {
                visitor.awaits(5, 5);
            }
            crowd.subList(0, 20).forEach(Visitor::leave);
            few.get(0).leave();
            for (Visitor visitor : crowd.subList(20, 30)) {
                visitor.awaits(10, 30);
            }
            for (Visitor visitor : few.subList(1, 5)) {
                visitor.awaits(4, 5);
            }

            stack.streamsDrained().get(60, TimeUnit.SECONDS);
            // On a slow machine a post may be repeated although it arrived.
            assertThat(alone.told())
                    .hasSizeLessThan(4)
                    .extracting(Visitor.Shown::live, Visitor.Shown::total)
                    .containsOnly(tuple(1L, 1L));
            assertThat(crowd)
                    .allSatisfy(visitor -> assertThat(visitor.counters()).containsExactly("page:/news"));
            assertThat(few).allSatisfy(visitor -> assertThat(visitor.counters()).containsExactly("page:/prices"));
            // The first count, a pass for each change, a rescan, and posts that were retried.
            assertThat(few).allSatisfy(visitor -> assertThat(visitor.messages()).isLessThanOrEqualTo(5 + 1 + 6));
            Stats stats = stack.stats();
            assertThat(stats.dynamodb().calls()).containsKey("Query").doesNotContainKey("Scan");
            assertThat(stats.invocations().get(CounterStack.BROADCAST).errors()).isZero();
            System.out.println(announcement + ": " + stats);
        }
    }

    @Test
    void a_room_outside_the_pattern_is_rejected_and_nothing_is_written() {
        try (EmbeddedStack stack =
                CounterStack.describeRooms(Announcement.BY_STREAM, "page:*").start()) {
            assertThatThrownBy(() -> Visitor.connect(browser, room(stack, "elsewhere"), 1))
                    .hasCauseInstanceOf(WebSocketHandshakeException.class)
                    .cause()
                    .satisfies(rejection -> assertThat(((WebSocketHandshakeException) rejection)
                                    .getResponse()
                                    .statusCode())
                            .isEqualTo(403));

            assertThat(stack.dynamoDb()
                            .scan(request -> request.tableName("VisitorCount"))
                            .items())
                    .isEmpty();
            assertThat(stack.dynamoDb()
                            .scan(request -> request.tableName("ConnectionIDs"))
                            .items())
                    .isEmpty();
        }
    }

    private static URI room(EmbeddedStack stack, String counterId) {
        return URI.create(stack.endpoints().websocket() + "?counter=" + counterId);
    }
}
