package io.github.visitorcounter.demo;

import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.demo.CounterStack.DisconnectTrigger;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.internal.dynamodb.DynamoDbCounterStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbReconcileStore;
import io.github.visitorcounter.internal.reconcile.Repair;
import io.github.visitorcounter.internal.time.Deadline;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A counter's start value, with the command that docs/counting.md has, while visitors connect. */
@Tag("slow")
class StartValueIT {

    private static final long START = 3_456;
    private static final String BUSY = "test:busy";
    private static final int THREADS = 24;
    private static final int CONNECTS = 25;

    private static EmbeddedStack stack;
    private static DynamoDbClient client;

    @TempDir
    private Path folder;

    private final HttpClient browser = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        stack = CounterStack.describeCounters(DisconnectTrigger.BY_INVOCATION, "test:*")
                .start();
        client = StartValue.client(stack);
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            client.close();
            stack.close();
        }
    }

    @Test
    void every_page_shows_it_and_running_the_command_again_adds_nothing() throws Exception {
        List<Visitor> visitors = connect("test:pages", 10);
        for (Visitor visitor : visitors) {
            visitor.awaits(10, 10);
        }
        StartValue command = StartValue.command("test:pages", START, folder);

        ExecutorService others = Executors.newSingleThreadExecutor();
        try {
            Future<List<Visitor>> connecting = others.submit(() -> connect("test:pages", 40));
            command.run(client);
            visitors.addAll(connecting.get(60, TimeUnit.SECONDS));
        } finally {
            others.shutdownNow();
        }

        for (Visitor visitor : visitors) {
            visitor.awaits(50, START + 50);
        }
        assertThatThrownBy(() -> command.run(client)).isInstanceOf(ConditionalCheckFailedException.class);
        assertThatThrownBy(() -> StartValue.command("test:pages", 9, folder).run(client))
                .isInstanceOf(ConditionalCheckFailedException.class);
        connect("test:pages", 1).get(0).awaits(51, START + 51);
    }

    /** Nobody connects afterwards: what the pages show is the change that the command itself reported. */
    @Test
    void open_pages_show_it_without_another_connect() throws Exception {
        List<Visitor> visitors = connect("test:open", 3);
        for (Visitor visitor : visitors) {
            visitor.awaits(3, 3);
        }
        // So that no broadcast of the connects, nor a rescan after it, sends the number.
        stack.streamsDrained().get(60, TimeUnit.SECONDS);

        StartValue.command("test:open", START, folder).run(client);

        for (Visitor visitor : visitors) {
            visitor.awaits(3, START + 3);
        }
    }

    @Test
    void a_counter_can_have_it_before_its_first_visitor_and_it_can_be_corrected() throws Exception {
        Instant before = Instant.now();
        StartValue.command("test:new", START, folder).run(client);
        Visitor visitor = connect("test:new", 1).get(0);
        visitor.awaits(1, START + 1);
        // As for each new row: above all versions of a row that may have been deleted.
        assertThat(visitor.shown().version()).isGreaterThan(before.getEpochSecond() * 1_000_000);
        assertThat(row(stack, "test:new")).containsEntry("startTotal", AttributeValue.fromN("3456"));

        UpdateItemRequest correction =
                StartValue.command("test:new", 4_000, folder).request();
        Map<String, AttributeValue> values = new HashMap<>(correction.expressionAttributeValues());
        values.put(":wrong", AttributeValue.fromN("3456"));
        values.put(":difference", AttributeValue.fromN("544"));
        client.updateItem(correction.toBuilder()
                .conditionExpression("startTotal = :wrong")
                .updateExpression(correction.updateExpression().replace("#total :start", "#total :difference"))
                .expressionAttributeValues(values)
                .build());
        visitor.awaits(1, 4_001);
    }

    @Test
    void while_a_transaction_holds_the_row_the_command_writes_nothing() throws Exception {
        try (EmbeddedStack slow = CounterStack.describe(DisconnectTrigger.BY_INVOCATION)
                        .dynamodbTransactionMillis(3_000)
                        .start();
                DynamoDbClient cli = StartValue.client(slow)) {
            StartValue command = StartValue.command("site", START, folder);
            CompletableFuture<Void> connecting = CompletableFuture.runAsync(
                    () -> store(cli).addConnection(Connection.opened("c1", "site", Instant.now()), deadline()));
            Awaiting.until(Duration.ofSeconds(60), 10, () -> isHeld(cli), () -> "a transaction on the row");

            assertThatThrownBy(() -> cli.updateItem(command.request()))
                    .isInstanceOf(TransactionConflictException.class);
            connecting.get(60, TimeUnit.SECONDS);
            assertThat(row(slow, "site")).doesNotContainKey("startTotal");
            cli.updateItem(command.request());

            assertThat(store(cli).read("site", deadline()).total()).isEqualTo(START + 1);
        }
    }

    /** Tries a write that changes nothing, because its condition is never true. */
    private static boolean isHeld(DynamoDbClient cli) {
        try {
            cli.updateItem(request -> request.tableName("VisitorCount")
                    .key(Map.of("counterId", AttributeValue.fromS("site")))
                    .updateExpression("SET neverSet = :never")
                    .conditionExpression("attribute_exists(neverSet)")
                    .expressionAttributeValues(Map.of(":never", AttributeValue.fromN("1"))));
            throw new AssertionError("The condition was true");
        } catch (ConditionalCheckFailedException notHeld) {
            return false;
        } catch (TransactionConflictException held) {
            return true;
        }
    }

    @Test
    void it_is_exact_on_a_busy_counter_which_is_then_folded_and_repaired() throws Exception {
        StartValue command = StartValue.command(BUSY, START, folder);
        DynamoDbCounterStore store = store(client);

        int conflicts = connectAll(store, command);

        DynamoDbReconcileStore reconcile = new DynamoDbReconcileStore(client, "ConnectionIDs", "VisitorCount");
        int rows = reconcile
                .readCounters(Set.of(BUSY), deadline())
                .get(BUSY)
                .shards()
                .count();
        System.out.println(conflicts + " conflicts with the command; the counter has " + rows + " rows");
        assertThat(rows).as("rows of a busy counter").isGreaterThan(1);
        assertCount(store.read(BUSY, deadline()), THREADS * CONNECTS);

        reconcile.fold(BUSY, Instant.now(), deadline());
        assertThat(row(stack, BUSY))
                .containsEntry("total", AttributeValue.fromN(Long.toString(START + THREADS * CONNECTS)));
        reconcile.repair(
                new Repair(reconcile.readCounters(Set.of(BUSY), deadline()).get(BUSY), 7, Instant.now()), deadline());
        assertCount(store.read(BUSY, deadline()), THREADS * CONNECTS - 7);
        assertThat(row(stack, BUSY)).containsEntry("startTotal", AttributeValue.fromN("3456"));
        assertThatThrownBy(() -> command.run(client)).isInstanceOf(ConditionalCheckFailedException.class);
    }

    /** Connects from many threads, and runs the command when half of them have been counted. */
    private int connectAll(DynamoDbCounterStore store, StartValue command) throws Exception {
        CountDownLatch half = new CountDownLatch(THREADS * CONNECTS / 2);
        ExecutorService functions = Executors.newFixedThreadPool(THREADS + 1);
        try {
            List<Future<?>> connecting = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                String name = "c" + thread + "-";
                connecting.add(functions.submit(() -> {
                    for (int i = 0; i < CONNECTS; i++) {
                        store.addConnection(Connection.opened(name + i, BUSY, Instant.now()), deadline());
                        half.countDown();
                    }
                }));
            }
            Future<Integer> conflicts = functions.submit(() -> {
                half.await();
                return command.run(client);
            });
            for (Future<?> done : connecting) {
                done.get(120, TimeUnit.SECONDS);
            }
            return conflicts.get(60, TimeUnit.SECONDS);
        } finally {
            functions.shutdownNow();
        }
    }

    private static void assertCount(VisitorCount count, long live) {
        assertThat(count.live()).isEqualTo(live);
        assertThat(count.total()).isEqualTo(START + THREADS * CONNECTS);
    }

    private List<Visitor> connect(String counter, int number) throws Exception {
        URI address = URI.create(stack.endpoints().websocket() + "?counter=" + counter);
        return new ArrayList<>(Visitor.connect(browser, address, number));
    }

    private static DynamoDbCounterStore store(DynamoDbClient client) {
        return new DynamoDbCounterStore(client, VisitorCounterConfig.builder().build());
    }

    private static Map<String, AttributeValue> row(EmbeddedStack stack, String counter) {
        return stack.dynamoDb()
                .getItem(request -> request.tableName("VisitorCount")
                        .key(Map.of("counterId", AttributeValue.fromS(counter)))
                        .consistentRead(true))
                .item();
    }

    private static Deadline deadline() {
        return new Deadline(Instant.now().plus(Duration.ofSeconds(60)));
    }
}
