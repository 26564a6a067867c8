package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.DeliveryStats;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.StaleConnection;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy.Decision;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.connection.ConnectionPage;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.connection.PageRequest;
import io.github.visitorcounter.internal.testing.FakePoster;
import io.github.visitorcounter.internal.testing.InMemoryLeaseStore;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.InMemoryWakeUps;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.testing.TestContext;
import io.github.visitorcounter.internal.testing.TestPorts;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import io.github.visitorcounter.testing.Events;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StreamBroadcastHandlerTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);

    private final ManualTimeSource time = new ManualTimeSource();
    private final InMemoryStore store = new InMemoryStore(time, 100);
    private final InMemoryLeaseStore leases = new InMemoryLeaseStore();
    private final InMemoryWakeUps wakeUps = new InMemoryWakeUps();
    private final FakePoster gateway = new FakePoster();
    private final TestContext context = new TestContext();
    private final VisitorCounterConfig config = VisitorCounterConfig.builder().build();
    private final List<BroadcastReport> reports = new ArrayList<>();
    private final ConnectionStore down = new ConnectionStore() {
        @Override
        public Connection find(String connectionId, Deadline deadline) {
            return null;
        }

        @Override
        public ConnectionPage read(PageRequest request, Deadline deadline) {
            throw new ServiceUnavailableException("on purpose", null);
        }
    };

    @Test
    void changes_in_a_batch_are_one_broadcast() {
        connect("a", "site");
        connect("b", "site");

        JsonNode response =
                Events.handle(new Handler(), Events.load("stream-batch").toString(), context);

        assertThat(response.toString()).isEqualTo("{\"batchItemFailures\":[]}");
        String message = "{\"type\":\"visitor-count\",\"counter\":\"site\",\"live\":2,\"total\":2,\"version\":2}";
        assertThat(gateway.received("a")).containsExactly(message);
        assertThat(gateway.received("b")).containsExactly(message);
        assertThat(reports).singleElement().satisfies(report -> {
            assertThat(report.counterId()).isEqualTo("site");
            assertThat(report.version()).isEqualTo(2);
            assertThat(report.tally().delivered()).isEqualTo(2);
            assertThat(report.outcome()).isEqualTo(BroadcastReport.Outcome.SENT);
        });
    }

    @Test
    void direct_invocation_broadcasts_its_counter() {
        connect("a", "home");

        Events.handle(new Handler(), "{\"counterId\":\"home\"}", context);

        assertThat(gateway.received("a")).hasSize(1);
    }

    @Test
    void only_connections_of_the_counter_receive_it() {
        connect("a", "site");
        connect("b", "elsewhere");

        Events.handle(new Handler(), "{\"counterId\":\"site\"}", context);

        assertThat(gateway.received("b")).isEmpty();
    }

    @Nested
    class Logs {

        @Test
        void broadcast_is_logged_in_one_line_with_fields() {
            connect("a", "site");

            Events.handle(new Handler(), "{\"counterId\":\"site\"}", context);

            assertThat(context.log())
                    .singleElement()
                    .asString()
                    .matches(
                            "\\[INFO] Broadcast counterId=site outcome=SENT version=\\d+ audience=1 delivered=1 stale=0"
                                    + " notYetOpen=0 failed=0 removed=0 posts=1 passes=1 changeAgeMillis=\\d+ elapsedMillis=\\d+");
        }

        @Test
        void rejected_posts_are_one_warning_and_not_sent() {
            for (String counterId : List.of("site", "home")) {
                for (int i = 0; i < 3; i++) {
                    connect(counterId + i, counterId);
                    gateway.script(counterId + i, FakePoster.REJECTED);
                }
            }
            ObjectNode batch = Events.load("stream-batch");
            ((ObjectNode) batch.at("/Records/1/dynamodb/Keys/counterId")).put("S", "home");

            Events.handle(new Handler(), batch.toString(), context);

            assertThat(context.log())
                    .filteredOn(line -> line.contains("Call to AWS failed"))
                    .containsExactly("[WARN] Call to AWS failed operation=PostToConnection status=403"
                            + " errorType=ForbiddenException errorMessage=\"on purpose\" check=\"the test\"");
            assertThat(context.log())
                    .filteredOn(line -> line.startsWith("[WARN] Broadcast "))
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line).contains("outcome=UNDELIVERED", "delivered=0", "failed=3"));
        }

        @Test
        void partly_rejected_posts_are_sent_with_a_warning() {
            List.of("a", "b").forEach(id -> connect(id, "site"));
            gateway.script("b", FakePoster.REJECTED);

            Events.handle(new Handler(), "{\"counterId\":\"site\"}", context);

            assertThat(context.log())
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("[INFO] Broadcast counterId=site outcome=SENT ")
                            .contains("delivered=1", "failed=1"))
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("[WARN] Call to AWS failed ")
                            .contains("status=403"));
        }

        @Test
        void segment_is_logged_in_one_line() {
            connect("a", "site");

            Events.handle(
                    new Handler(),
                    "{\"counterId\":\"site\",\"segment\":{\"index\":0,\"of\":1,\"message\":\"m\",\"suspects\":[]}}",
                    context);

            assertThat(context.log())
                    .singleElement()
                    .asString()
                    .startsWith("[INFO] Segment counterId=site segment=0 segments=1 audience=1 delivered=1 ");
        }
    }

    @Nested
    class Batches {

        @Test
        void unreadable_record_is_reported_and_others_are_broadcast() {
            connect("a", "site");
            ObjectNode batch = Events.load("stream-batch");
            ((ObjectNode) batch.at("/Records/1/dynamodb/Keys")).removeAll();

            JsonNode response = Events.handle(new Handler(), batch.toString(), context);

            assertThat(response.toString()).isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"222\"}]}");
            assertThat(gateway.received("a")).hasSize(1);
            assertThat(context.log()).anySatisfy(line -> assertThat(line)
                    .startsWith("[WARN] Unreadable stream records records=1 first=222 ")
                    .contains("counterId"));
        }

        @Test
        void an_invalid_arn_is_not_logged() {
            connect("a", "site");
            ObjectNode batch = Events.load("stream-batch");
            for (JsonNode record : batch.get("Records")) {
                ((ObjectNode) record).put("eventSourceARN", "arn:aws\n[ERROR] forged");
                ((ObjectNode) record.get("dynamodb")).remove("NewImage");
            }

            Events.handle(new Handler(), batch.toString(), context);

            assertThat(context.log())
                    .singleElement()
                    .isEqualTo("[WARN] Ignored event detail=\"it asks for no broadcast:"
                            + " Records[0].eventSourceARN is not an ARN\"");
        }

        @Test
        void failed_counter_is_reported_and_others_are_broadcast() {
            connect("a", "site");
            connect("b", "broken");
            ObjectNode batch = Events.load("stream-batch");
            ((ObjectNode) batch.at("/Records/1/dynamodb/Keys/counterId")).put("S", "broken");
            ConnectionStore half = new ConnectionStore() {
                @Override
                public Connection find(String connectionId, Deadline deadline) {
                    return store.find(connectionId, deadline);
                }

                @Override
                public ConnectionPage read(PageRequest request, Deadline deadline) {
                    if (request.counterId().equals("broken")) {
                        throw new ServiceUnavailableException("on purpose", null);
                    }
                    return store.read(request, deadline);
                }
            };

            JsonNode response = Events.handle(new Handler(half), batch.toString(), context);

            assertThat(response.toString()).isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"222\"}]}");
            assertThat(gateway.received("a")).hasSize(1);
            assertThat(context.log()).anySatisfy(line -> assertThat(line)
                    .startsWith("[ERROR] Broadcast failed counterId=broken ")
                    .contains("on purpose"));
        }

        @Test
        void counters_are_broadcast_concurrently_with_hooks_on_one_thread() throws Exception {
            List<String> counterIds =
                    IntStream.range(0, 8).mapToObj(i -> "page:" + i).toList();
            counterIds.forEach(counterId -> connect("v-" + counterId, counterId));
            CyclicBarrier allAtOnce = new CyclicBarrier(counterIds.size());
            List<Thread> hooks = new ArrayList<>();
            gateway.close("v-page:3");
            ExecutorService threads = Executors.newCachedThreadPool();
            TestPorts together = TestPorts.of(store, meetingAt(allAtOnce), null, TimeSource.system())
                    .withBroadcast(leases, wakeUps, gateway)
                    .withThreads(threads);
            StreamBroadcastHandler handler = new StreamBroadcastHandler(config, together.ports()) {
                @Override
                protected Decision onStale(StaleConnection stale) {
                    hooks.add(Thread.currentThread());
                    return super.onStale(stale);
                }

                @Override
                protected void onBroadcast(BroadcastReport report) {
                    hooks.add(Thread.currentThread());
                    reports.add(report);
                }
            };

            JsonNode response = Events.handle(handler, batchOf(counterIds).toString(), context);
            threads.shutdown();

            assertThat(response.toString()).isEqualTo("{\"batchItemFailures\":[]}");
            assertThat(reports).extracting(BroadcastReport::counterId).containsExactlyInAnyOrderElementsOf(counterIds);
            assertThat(hooks).hasSize(8).containsOnly(Thread.currentThread());
        }
    }

    /** A store whose reads wait until so many of them are concurrent. */
    private ConnectionStore meetingAt(CyclicBarrier barrier) {
        return new ConnectionStore() {
            @Override
            public Connection find(String connectionId, Deadline deadline) {
                return store.find(connectionId, deadline);
            }

            @Override
            public ConnectionPage read(PageRequest request, Deadline deadline) {
                try {
                    barrier.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException | BrokenBarrierException | TimeoutException alone) {
                    throw new IllegalStateException(alone);
                }
                return store.read(request, deadline);
            }
        };
    }

    /** Returns a batch with a change of each counter. */
    private static ObjectNode batchOf(List<String> counterIds) {
        ObjectNode batch = Events.load("stream-batch");
        ArrayNode records = (ArrayNode) batch.get("Records");
        ObjectNode template = (ObjectNode) records.remove(1);
        records.removeAll();
        for (String counterId : counterIds) {
            ObjectNode record = template.deepCopy();
            ((ObjectNode) record.at("/dynamodb/Keys/counterId")).put("S", counterId);
            ((ObjectNode) record.at("/dynamodb/NewImage/lastChange")).put("S", "RECONCILE");
            records.add(record);
        }
        return batch;
    }

    @Nested
    class WakeUps {

        @Test
        void only_disconnects_wait_for_a_wake_up() {
            connect("a", "site");
            StreamBroadcastHandler handler = new StreamBroadcastHandler(config, ports(store)) {
                @Override
                protected void onBroadcast(BroadcastReport report) {
                    reports.add(report);
                }
            };
            ObjectNode disconnects = Events.load("stream-batch");
            ((ArrayNode) disconnects.get("Records")).remove(0);

            Events.handle(handler, disconnects.toString(), context);
            assertThat(gateway.order()).isEmpty();
            assertThat(wakeUps.isPending("site")).isTrue();

            Events.handle(handler, Events.load("stream-batch").toString(), context);
            assertThat(gateway.received("a")).hasSize(1);
            assertThat(time.waits()).isEmpty();
        }

        @Test
        void wake_up_clears_its_request_and_broadcasts() {
            connect("a", "site");
            wakeUps.request("site", time.now(), LATER);

            Events.handle(new Handler(), Events.load("wake-ups").toString(), context);

            assertThat(wakeUps.isPending("site")).isFalse();
            assertThat(gateway.received("a")).hasSize(1);
        }

        @Test
        void overdue_wake_up_is_logged_as_warning() {
            connect("a", "site");
            wakeUps.request("site", time.now().minusSeconds(61), LATER);

            Events.handle(new StreamBroadcastHandler(config, ports(store)) {}, "{\"counterId\":\"site\"}", context);

            assertThat(context.log()).anySatisfy(line -> assertThat(line)
                    .startsWith("[WARN] Wake-up overdue counterId=site ")
                    .contains("wake#"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"KEYS_ONLY", "OLD_IMAGE"})
    void stream_without_new_images_is_logged_once(String view) {
        connect("a", "site");
        ObjectNode batch = Events.load("stream-batch");
        batch.get("Records").forEach(record -> {
            ((ObjectNode) record.get("dynamodb")).remove("NewImage");
            ((ObjectNode) record.get("dynamodb")).put("StreamViewType", view);
        });

        JsonNode response = Events.handle(new Handler(), batch.toString(), context);

        assertThat(response.toString()).isEqualTo("{\"batchItemFailures\":[]}");
        assertThat(gateway.received("a")).hasSize(1);
        assertThat(context.log().stream().filter(line -> line.contains("StreamViewType")))
                .hasSize(1);
    }

    @Test
    void failed_direct_broadcast_fails_the_function() {
        connect("a", "site");

        assertThatThrownBy(() -> Events.handle(new Handler(down), "{\"counterId\":\"site\"}", context))
                .isInstanceOf(ServiceUnavailableException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "{}",
                "{\"counterId\":7}",
                "{\"counterId\":\"lease#site\"}",
                "{\"Records\":7}",
                "{\"Records\":[{\"s3\":{}}]}",
                "{\"counterId\":\"site\",\"segment\":{\"index\":1,\"of\":1,\"message\":\"m\",\"suspects\":[]}}"
            })
    void other_event_is_logged_and_not_retried(String event) {
        connect("a", "site");

        JsonNode response = Events.handle(new Handler(), event, context);

        assertThat(response.toString()).isEqualTo("{\"batchItemFailures\":[]}");
        assertThat(gateway.order()).isEmpty();
        assertThat(context.log())
                .singleElement()
                .asString()
                .startsWith("[WARN] Ignored event detail=\"it asks for no broadcast: ");
    }

    @Nested
    class Messages {

        @Test
        void the_message_can_be_replaced() {
            connect("a", "site");
            Handler handler = new Handler(count -> count.live() + " here");

            Events.handle(handler, "{\"counterId\":\"site\"}", context);

            assertThat(gateway.received("a")).containsExactly("1 here");
        }

        @Test
        void null_message_is_not_sent() {
            connect("a", "site");
            Handler handler = new Handler(count -> null);

            Events.handle(handler, "{\"counterId\":\"site\"}", context);

            assertThat(gateway.received("a")).isEmpty();
            assertThat(reports).singleElement().satisfies(report -> assertThat(report.tally())
                    .isEqualTo(DeliveryStats.NONE));
        }

        @Test
        void version_that_was_sent_is_not_sent_again() {
            connect("a", "site");
            Handler handler = new Handler();
            Events.handle(handler, "{\"counterId\":\"site\"}", context);
            Events.handle(handler, Events.load("stream-batch").toString(), context);

            assertThat(gateway.received("a")).hasSize(1);
        }
    }

    @Test
    void stale_connection_is_removed_unless_the_hook_keeps_it() {
        List.of("gone", "kept", "failing", "here").forEach(id -> connect(id, "site"));
        List.of("gone", "kept", "failing").forEach(gateway::close);
        Handler handler = new Handler() {
            @Override
            protected Decision onStale(StaleConnection stale) {
                return switch (stale.connection().connectionId()) {
                    case "kept" -> Decision.KEEP;
                    case "failing" -> throw new IllegalStateException("stale on purpose");
                    default -> super.onStale(stale);
                };
            }
        };

        Events.handle(handler, "{\"counterId\":\"site\"}", context);
        assertThat(store.read("site", LATER).live()).isEqualTo(4);
        List<Connection> suspects = wakeUps.takeFollowUps().stream()
                .flatMap(followUp -> followUp.suspects().stream())
                .toList();
        assertThat(suspects).hasSize(3);
        Events.handle(handler, suspectsAgain(suspects).toString(), context);

        assertThat(store.find("gone", LATER)).isNull();
        assertThat(store.find("kept", LATER)).isNotNull();
        assertThat(store.find("failing", LATER)).isNotNull();
        assertThat(gateway.received("here")).isNotEmpty();
        assertThat(context.log()).anySatisfy(line -> assertThat(line).contains("stale on purpose"));
    }

    private ObjectNode suspectsAgain(List<Connection> suspects) {
        ObjectNode batch = Events.load("wake-ups");
        ObjectNode image = (ObjectNode) batch.at("/Records/1/dynamodb/NewImage");
        image.putObject("unsent").putObject("M");
        ObjectNode map = image.putObject("suspects").putObject("M");
        suspects.forEach(connection -> map.putObject(connection.connectionId())
                .put("N", Long.toString(connection.connectedAt().toEpochMilli())));
        image.putObject("until")
                .put("N", Long.toString(time.now().plusSeconds(60).toEpochMilli()));
        return batch;
    }

    @Test
    void failing_hook_is_logged_and_stops_nothing() {
        connect("here", "site");
        Handler handler = new Handler() {
            @Override
            protected void onBroadcast(BroadcastReport report) {
                throw new IllegalStateException("broadcast on purpose");
            }
        };

        Events.handle(handler, "{\"counterId\":\"site\"}", context);

        assertThat(gateway.received("here")).hasSize(1);
        assertThat(context.log()).anySatisfy(line -> assertThat(line).contains("broadcast on purpose"));
    }

    @Test
    void lambdas_own_serializer_understands_the_response() {
        connect("a", "site");
        ObjectNode batch = Events.load("stream-batch");

        JsonNode response = Events.handle(new Handler(down), batch.toString(), context);

        PojoSerializer<StreamsEventResponse> serializer =
                JacksonFactory.getInstance().getSerializer(StreamsEventResponse.class);
        assertThat(serializer.fromJson(response.toString()).getBatchItemFailures())
                .extracting(StreamsEventResponse.BatchItemFailure::getItemIdentifier)
                .containsExactly("111", "222");
    }

    private Ports ports(ConnectionStore connections) {
        return TestPorts.of(store, connections, null, time)
                .withBroadcast(leases, wakeUps, gateway)
                .ports();
    }

    private void connect(String connectionId, String counterId) {
        store.addConnection(
                Connection.opened(connectionId, counterId, time.now().minusSeconds(60)), LATER);
        gateway.open(connectionId);
    }

    private class Handler extends StreamBroadcastHandler {
        Handler() {
            this(store);
        }

        Handler(ConnectionStore connections) {
            this(connections, MessageFormat.JSON);
        }

        Handler(MessageFormat format) {
            this(store, format);
        }

        private Handler(ConnectionStore connections, MessageFormat format) {
            super(
                    VisitorCounterConfig.builder()
                            .messageFormat(format)
                            .set(Setting.DISCONNECT_DEBOUNCE, false)
                            .build(),
                    ports(connections));
        }

        @Override
        protected void onBroadcast(BroadcastReport report) {
            reports.add(report);
        }
    }
}
