package io.github.visitorcounter.embeddedstack.stream;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import io.github.visitorcounter.embeddedstack.TestAccess;
import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.dynamodb.DynamoDbServer;
import io.github.visitorcounter.embeddedstack.dynamodb.RecordingMeter;
import io.github.visitorcounter.embeddedstack.dynamodb.TableCreation;
import io.github.visitorcounter.embeddedstack.dynamodb.TableDefinition;
import io.github.visitorcounter.embeddedstack.dynamodb.TestTables;
import io.github.visitorcounter.embeddedstack.lambda.FunctionInvoker;
import io.github.visitorcounter.embeddedstack.lambda.InvocationResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(60)
class EventSourceMappingsIT {

    private static final String REGION = "eu-west-1";
    private static final String ACCOUNT = "123456789012";
    private static final String EXPIRY = "expiresAt";
    private static final FaultInjector FAULTS = new FaultInjector(new Random(1));
    private static DynamoDbServer server;
    private static DynamoDbClient dynamoDb;
    private static DynamoDbStreamsClient streams;
    private static Map<String, String> streamArns;

    private final List<EventSourceMappings> started = new ArrayList<>();

    @BeforeAll
    static void startServer() {
        server = DynamoDbServer.start(
                0, REGION, "000000000000", Duration.ofMillis(10), TestAccess.OPEN, FAULTS, new RecordingMeter());
        dynamoDb = server.client();
        streams = server.streamsClient();
        streamArns = TableCreation.create(
                dynamoDb,
                List.of(
                        new TableDefinition(TestTables.streamed("changes")),
                        new TableDefinition(TestTables.streamed("latest")),
                        new TableDefinition(TestTables.streamed("empty")),
                        new TableDefinition(TestTables.streamed("partial")),
                        new TableDefinition(TestTables.streamed("poison")),
                        new TableDefinition(TestTables.streamed("filtered")),
                        new TableDefinition(TestTables.streamed("first")),
                        new TableDefinition(TestTables.streamed("second")),
                        new TableDefinition(TestTables.streamed("many")),
                        new TableDefinition(TestTables.streamed("shared")),
                        new TableDefinition(TestTables.streamed("hanging")),
                        new TableDefinition(TestTables.streamed("doubled")),
                        new TableDefinition(TestTables.streamed("expiring"), EXPIRY)));
    }

    @AfterAll
    static void stopServer() {
        streams.close();
        dynamoDb.close();
        server.close();
    }

    @AfterEach
    void stopMappings() {
        FAULTS.set(Faults.NONE);
        started.forEach(EventSourceMappings::close);
    }

    @Test
    void delivers_changes_in_order_as_lambda_shows_them() {
        put("changes", Map.of("id", text("a"), "n", AttributeValue.fromN("1")));
        put(
                "changes",
                Map.of(
                        "id", text("a"),
                        "bytes", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0, -1})),
                        "numbers", AttributeValue.fromNs(List.of("1", "2.5")),
                        "nested", AttributeValue.fromM(Map.of("l", AttributeValue.fromL(List.of(text("x")))))));
        dynamoDb.deleteItem(request -> request.tableName("changes").key(Map.of("id", text("a"))));
        RecordingFunction function = new RecordingFunction();
        drain(start(function, EventSourceMapping.builder("changes", "fn")));

        assertThat(function.records())
                .extracting(DynamodbStreamRecord::getEventName)
                .containsExactly("INSERT", "MODIFY", "REMOVE");
        DynamodbStreamRecord modify = function.records().get(1);
        assertThat(modify.getEventID()).isNotBlank();
        assertThat(modify.getEventVersion()).isEqualTo("1.1");
        assertThat(modify.getEventSource()).isEqualTo("aws:dynamodb");
        assertThat(modify.getAwsRegion()).isEqualTo(REGION);
        assertThat(modify.getEventSourceARN())
                .startsWith("arn:aws:dynamodb:" + REGION + ":" + ACCOUNT + ":table/changes/stream/20");
        assertThat(modify.getUserIdentity()).isNull();
        var change = modify.getDynamodb();
        assertThat(change.getStreamViewType()).isEqualTo("NEW_AND_OLD_IMAGES");
        assertThat(change.getSizeBytes()).isPositive();
        assertThat(change.getKeys().get("id").getS()).isEqualTo("a");
        assertThat(change.getOldImage().get("n").getN()).isEqualTo("1");
        assertThat(change.getNewImage().get("bytes").getB().array()).containsExactly(0, -1);
        assertThat(change.getNewImage().get("numbers").getNS()).containsExactlyInAnyOrder("1", "2.5");
        assertThat(change.getNewImage()
                        .get("nested")
                        .getM()
                        .get("l")
                        .getL()
                        .get(0)
                        .getS())
                .isEqualTo("x");
        assertThat(function.records().get(2).getDynamodb().getNewImage()).isNull();
    }

    @Test
    void a_latest_mapping_sees_what_is_written_after_its_start_and_nothing_before() {
        put("latest", Map.of("id", text("before")));
        RecordingFunction function = new RecordingFunction();
        EventSourceMappings mappings =
                start(function, EventSourceMapping.builder("latest", "fn").startingPosition(StartingPosition.LATEST));
        put("latest", Map.of("id", text("after")));
        drain(mappings);
        assertThat(function.ids()).containsExactly("after");
    }

    @Test
    void a_latest_mapping_of_an_empty_stream_misses_nothing() {
        RecordingFunction function = new RecordingFunction();
        EventSourceMappings mappings =
                start(function, EventSourceMapping.builder("empty", "fn").startingPosition(StartingPosition.LATEST));
        put("latest", Map.of("id", text("elsewhere")));
        drain(mappings);
        put("latest", Map.of("id", text("elsewhere too")));
        put("empty", Map.of("id", text("first")));
        drain(mappings);
        assertThat(function.ids()).containsExactly("first");
    }

    @Test
    void a_partial_failure_is_tried_again_from_its_record() {
        for (String id : List.of("a", "b", "c")) {
            put("partial", Map.of("id", text(id)));
        }
        RecordingFunction function = new RecordingFunction();
        function.answer = records -> function.batches.size() == 1
                ? "{\"batchItemFailures\": [{\"itemIdentifier\": \""
                        + records.get(1).getDynamodb().getSequenceNumber() + "\"}]}"
                : "{\"batchItemFailures\": []}";
        drain(start(function, EventSourceMapping.builder("partial", "fn").reportBatchItemFailures(true)));
        assertThat(function.batches).containsExactly(List.of("a", "b", "c"), List.of("b", "c"));
    }

    @Test
    void bisecting_discards_only_the_record_that_always_fails() {
        for (String id : List.of("a", "b", "poison", "d")) {
            put("poison", Map.of("id", text(id)));
        }
        RecordingFunction function = new RecordingFunction();
        function.fails = ids -> ids.contains("poison");
        drain(start(
                function,
                EventSourceMapping.builder("poison", "fn")
                        .bisectBatchOnFunctionError(true)
                        .maximumRetryAttempts(1)));
        assertThat(function.batches)
                .containsExactly(
                        List.of("a", "b", "poison", "d"),
                        List.of("a", "b"),
                        List.of("poison", "d"),
                        List.of("poison"),
                        List.of("poison"),
                        List.of("d"));
    }

    @Test
    void filtered_records_invoke_nothing() {
        put("filtered", Map.of("id", text("lease")));
        put("filtered", Map.of("id", text("site"), "lastChange", text("CONNECT")));
        put("filtered", Map.of("id", text("lease"), "owner", text("x")));
        RecordingFunction function = new RecordingFunction();
        drain(start(
                function,
                EventSourceMapping.builder("filtered", "fn")
                        .filter("{\"dynamodb\": {\"NewImage\": {\"lastChange\": {\"S\": [{\"exists\": true}]}}}}")));
        assertThat(function.batches).containsExactly(List.of("site"));
    }

    @Test
    void two_mappings_of_one_stream_are_independent() {
        for (String id : List.of("wake#site", "site", "lease#site", "wake#room")) {
            put("shared", Map.of("id", text(id)));
        }
        dynamoDb.deleteItem(request -> request.tableName("shared").key(Map.of("id", text("wake#site"))));
        RecordingFunction wakes = new RecordingFunction();
        RecordingFunction others = new RecordingFunction();
        others.fails = ids -> others.batches.size() < 3;
        FunctionInvoker both =
                (name, payload) -> name.equals("wakes") ? wakes.invoke(name, payload) : others.invoke(name, payload);
        drain(start(
                both,
                EventSourceMapping.builder("shared", "wakes")
                        .maximumBatchingWindowInSeconds(1)
                        .filter("{\"dynamodb\": {\"NewImage\": {\"id\": {\"S\": [{\"prefix\": \"wake#\"}]}}}}"),
                EventSourceMapping.builder("shared", "others")
                        .filter("{\"dynamodb\": {\"Keys\": {\"id\": {\"S\": [\"site\"]}}}}")));
        assertThat(wakes.batches)
                .as("in one batch, and without the removal, which has no new image")
                .containsExactly(List.of("wake#site", "wake#room"));
        assertThat(others.batches)
                .as("its failures do not hold up the other mapping")
                .containsExactly(List.of("site"), List.of("site"), List.of("site"));
    }

    @Test
    void a_second_mapping_of_the_same_stream_and_function_is_rejected() {
        assertThatThrownBy(() -> start(
                        new RecordingFunction(),
                        EventSourceMapping.builder("shared", "fn"),
                        EventSourceMapping.builder("shared", "fn")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two event source mappings of table 'shared' to function 'fn'");
    }

    @Test
    void drained_includes_records_that_functions_write() {
        RecordingFunction second = new RecordingFunction();
        RecordingFunction first = new RecordingFunction();
        first.answer = records -> {
            put("second", Map.of("id", text("from-first")));
            return "null";
        };
        FunctionInvoker both =
                (name, payload) -> name.equals("first") ? first.invoke(name, payload) : second.invoke(name, payload);
        EventSourceMappings mappings = start(
                both, EventSourceMapping.builder("first", "first"), EventSourceMapping.builder("second", "second"));
        for (int i = 0; i < 3; i++) {
            second.batches.clear();
            put("first", Map.of("id", text("x" + i)));
            put("second", Map.of("id", text("from-first"), "round", text("x" + i)));
            drain(mappings);
            assertThat(second.ids()).as("round %d", i).hasSize(2);
        }
    }

    @Test
    void a_backlog_is_delivered_completely_and_in_order() {
        List<String> ids = IntStream.range(0, 1200).mapToObj(i -> "item" + i).toList();
        for (int i = 0; i < ids.size(); i += 25) {
            List<WriteRequest> page = ids.subList(i, i + 25).stream()
                    .map(id -> WriteRequest.builder()
                            .putRequest(put -> put.item(Map.of("id", text(id))))
                            .build())
                    .toList();
            dynamoDb.batchWriteItem(request -> request.requestItems(Map.of("many", page)));
        }
        RecordingFunction function = new RecordingFunction();
        drain(start(function, EventSourceMapping.builder("many", "fn").batchSize(500)));
        assertThat(function.ids()).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(function.batches).allSatisfy(batch -> assertThat(batch).hasSizeBetween(1, 500));
        assertThat(function.records())
                .extracting(one -> one.getDynamodb().getSequenceNumber())
                .isSorted();
    }

    @Test
    void faults_deliver_twice_and_fail_after_the_function_ran() {
        FAULTS.set(Faults.builder().duplicateBatchRatio(1).build());
        put("doubled", Map.of("id", text("a")));
        RecordingFunction function = new RecordingFunction();
        EventSourceMappings mappings =
                start(function, EventSourceMapping.builder("doubled", "fn").maximumRetryAttempts(1));
        drain(mappings);
        assertThat(function.batches).containsExactly(List.of("a"), List.of("a"));
        FAULTS.set(Faults.builder().failBatchRatio(1).build());
        put("doubled", Map.of("id", text("b")));
        drain(mappings);
        assertThat(function.batches).containsExactly(List.of("a"), List.of("a"), List.of("b"), List.of("b"));
    }

    @Test
    void an_expired_item_is_removed_by_the_service() throws InterruptedException {
        RecordingFunction function = new RecordingFunction();
        start(
                function,
                EventSourceMapping.builder("expiring", "fn")
                        .filter("{\"userIdentity\": {\"type\": [\"Service\"], \"principalId\":"
                                + " [\"dynamodb.amazonaws.com\"]}}"));
        String anHourAgo =
                Long.toString(Instant.now().minus(Duration.ofHours(1)).getEpochSecond());
        put("expiring", Map.of("id", text("old"), EXPIRY, AttributeValue.fromN(anHourAgo)));
        DynamodbStreamRecord removed = function.arrived.poll(40, TimeUnit.SECONDS);
        assertThat(removed).as("a record of the deletion").isNotNull();
        assertThat(removed.getEventName()).isEqualTo("REMOVE");
        assertThat(removed.getUserIdentity().getType()).isEqualTo("Service");
        assertThat(removed.getDynamodb().getOldImage().get("id").getS()).isEqualTo("old");
    }

    @Test
    void closing_abandons_a_function_that_hangs() throws InterruptedException {
        put("hanging", Map.of("id", text("a")));
        BlockingQueue<String> invoked = new LinkedBlockingQueue<>();
        EventSourceMappings mappings = start(
                (name, payload) -> {
                    invoked.add(name);
                    return new CompletableFuture<>();
                },
                EventSourceMapping.builder("hanging", "fn"));
        assertThat(invoked.poll(20, TimeUnit.SECONDS)).isEqualTo("fn");
        CompletableFuture<Void> drained = mappings.drained();
        mappings.close();
        assertThat(drained).isCompletedExceptionally();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("stream-hanging-fn");
    }

    @Test
    void a_table_without_a_stream_is_rejected() {
        assertThatThrownBy(() -> start(new RecordingFunction(), EventSourceMapping.builder("nowhere", "fn")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("table 'nowhere' has no stream")
                .hasMessageContaining("changes");
    }

    private EventSourceMappings start(FunctionInvoker function, EventSourceMapping.Builder... mappings) {
        EventSourceMappings running = EventSourceMappings.start(
                List.of(mappings).stream()
                        .map(EventSourceMapping.Builder::build)
                        .toList(),
                new StreamSource(streams, streamArns, REGION, ACCOUNT),
                function,
                FAULTS,
                Duration.ofMillis(20));
        started.add(running);
        return running;
    }

    private static void drain(EventSourceMappings mappings) {
        assertThat(mappings.drained()).succeedsWithin(Duration.ofSeconds(30));
    }

    private static void put(String table, Map<String, AttributeValue> item) {
        dynamoDb.putItem(request -> request.tableName(table).item(item));
    }

    private static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    /** Deserialises its events like a Java function. */
    private static final class RecordingFunction implements FunctionInvoker {

        private final List<List<String>> batches = new CopyOnWriteArrayList<>();
        private final BlockingQueue<DynamodbStreamRecord> arrived = new LinkedBlockingQueue<>();
        private Function<List<DynamodbStreamRecord>, String> answer = records -> "null";
        private Predicate<List<String>> fails = ids -> false;

        @Override
        public CompletableFuture<InvocationResult> invoke(String functionName, String payload) {
            List<DynamodbStreamRecord> records = LambdaEventSerializers.serializerFor(
                            DynamodbEvent.class, getClass().getClassLoader())
                    .fromJson(payload)
                    .getRecords();
            List<String> ids = records.stream()
                    .map(one -> one.getDynamodb().getKeys().get("id").getS())
                    .toList();
            batches.add(ids);
            arrived.addAll(records);
            return CompletableFuture.completedFuture(
                    fails.test(ids)
                            ? new InvocationResult("r", "{\"errorMessage\": \"poison\"}", "Unhandled")
                            : new InvocationResult("r", answer.apply(records), null));
        }

        List<DynamodbStreamRecord> records() {
            return List.copyOf(arrived);
        }

        List<String> ids() {
            return batches.stream().flatMap(List::stream).toList();
        }
    }
}
