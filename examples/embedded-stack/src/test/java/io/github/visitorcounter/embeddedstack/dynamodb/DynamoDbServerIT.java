package io.github.visitorcounter.embeddedstack.dynamodb;

import io.github.visitorcounter.embeddedstack.TestAccess;
import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import io.github.visitorcounter.embeddedstack.control.Faults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

class DynamoDbServerIT {

    private static final String REGION = "eu-west-1";
    private static final RecordingMeter METER = new RecordingMeter();
    private static final FaultInjector FAULTS = new FaultInjector(new Random(1));
    private static DynamoDbServer server;
    private static DynamoDbClient own;
    private static DynamoDbClient user;
    private static Map<String, String> streamArns;

    @BeforeAll
    static void start() {
        server = DynamoDbServer.start(0, REGION, "000000000000", Duration.ofMillis(10), TestAccess.OPEN, FAULTS, METER);
        own = server.client();
        streamArns = TableCreation.create(
                own,
                List.of(
                        new TableDefinition(TestTables.indexed("Connections"), "expiresAt"),
                        new TableDefinition(TestTables.streamed("Counter"))));
        user = userOf(server);
    }

    @AfterAll
    static void stop() {
        user.close();
        own.close();
        server.close();
        server.close();
    }

    @BeforeEach
    void noFaults() {
        FAULTS.set(Faults.NONE);
        METER.calls().clear();
    }

    @Test
    void listens_on_loopback_only() throws IOException {
        int port = server.endpoint().getPort();
        assertThat(server.endpoint().getHost()).isEqualTo("127.0.0.1");
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .toList();
        assumeThat(others).as("addresses other than loopback").isNotEmpty();
        for (InetAddress address : others) {
            assertThatThrownBy(() -> connect(address, port)).as("%s", address).isInstanceOf(IOException.class);
        }
        connect(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }

    @Test
    void a_port_in_use_is_reported() {
        int port = server.endpoint().getPort();
        assertThatThrownBy(() -> DynamoDbServer.start(
                        port, REGION, "000000000000", Duration.ofMillis(10), TestAccess.OPEN, FAULTS, METER))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Port " + port + " on 127.0.0.1 is taken, so DynamoDB cannot listen there:"
                        + " stop the program that uses it, or choose another port, 0 for any free one.");
    }

    @Test
    void creates_tables_with_streams_and_time_to_live() {
        assertThat(streamArns).containsOnlyKeys("Counter");
        assertThat(own.describeTimeToLive(request -> request.tableName("Connections"))
                        .timeToLiveDescription()
                        .attributeName())
                .isEqualTo("expiresAt");
    }

    @Test
    void counts_calls_with_the_capacity_that_aws_would_bill() {
        Map<String, AttributeValue> plain = Map.of("id", text("m1"));
        Map<String, AttributeValue> indexed = Map.of("id", text("m2"), "counterId", text("site"));
        user.putItem(request -> request.tableName("Connections").item(plain));
        user.putItem(request -> request.tableName("Connections").item(indexed));
        user.putItem(request ->
                request.tableName("Connections").item(Map.of("id", text("m3"), "data", text("x".repeat(2500)))));
        user.getItem(request -> request.tableName("Connections").key(plain));
        user.getItem(request -> request.tableName("Connections").key(plain).consistentRead(true));
        user.query(request -> request.tableName("Connections")
                .indexName("byCounter")
                .keyConditionExpression("counterId = :c")
                .expressionAttributeValues(Map.of(":c", text("site"))));
        user.scan(request -> request.tableName("Connections"));
        user.scan(request -> request.tableName("Connections").consistentRead(true));
        assertThatThrownBy(() -> user.putItem(request ->
                        request.tableName("Connections").item(plain).conditionExpression("attribute_not_exists(id)")))
                .isInstanceOf(ConditionalCheckFailedException.class);
        user.deleteItem(request -> request.tableName("Connections").key(Map.of("id", text("m2"))));
        user.deleteItem(request -> request.tableName("Connections").key(Map.of("id", text("m3"))));
        assertThat(METER.calls())
                .containsExactly(
                        "PutItem r0.0 w1.0",
                        "PutItem r0.0 w2.0",
                        "PutItem r0.0 w3.0",
                        "GetItem r0.5 w0.0",
                        "GetItem r1.0 w0.0",
                        "Query r0.5 w0.0",
                        "Scan r0.5 w0.0",
                        "Scan r1.0 w0.0",
                        "PutItem r0.0 w1.0",
                        "DeleteItem r0.0 w2.0",
                        "DeleteItem r0.0 w3.0");
    }

    @Test
    void counts_each_item_of_a_transaction_twice() {
        user.transactWriteItems(request -> request.transactItems(put("t1"), increment()));
        user.transactWriteItems(request -> request.transactItems(put("t2"), put("t3"), put("t4")));
        user.transactGetItems(request -> request.transactItems(TransactGetItem.builder()
                .get(get -> get.tableName("Connections").key(Map.of("id", text("t1"))))
                .build()));
        assertThatThrownBy(() -> user.transactWriteItems(request -> request.transactItems(put("t1"), increment())))
                .isInstanceOf(TransactionCanceledException.class);
        assertThat(METER.calls())
                .containsExactly(
                        "TransactWriteItems r0.0 w4.0",
                        "TransactWriteItems r0.0 w6.0",
                        "TransactGetItems r2.0 w0.0",
                        "TransactWriteItems r0.0 w4.0");
    }

    @Test
    void shows_the_capacity_only_to_clients_that_ask() {
        PutItemResponse silent =
                user.putItem(request -> request.tableName("Connections").item(Map.of("id", text("c1"))));
        PutItemResponse asked = user.putItem(request -> request.tableName("Connections")
                .item(Map.of("id", text("c1")))
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL));
        assertThat(silent.consumedCapacity()).isNull();
        assertThat(asked.consumedCapacity().capacityUnits()).isEqualTo(1);
        assertThat(METER.calls()).containsExactly("PutItem r0.0 w1.0", "PutItem r0.0 w1.0");
    }

    @Test
    void the_answer_carries_the_checksum_of_what_is_sent() throws Exception {
        HttpResponse<byte[]> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(server.endpoint())
                                .header("X-Amz-Target", "DynamoDB_20120810.GetItem")
                                .header("Content-Type", "application/x-amz-json-1.0")
                                .header("Accept-Encoding", "gzip")
                                .header(
                                        "Authorization",
                                        "AWS4-HMAC-SHA256 Credential=local/20261124/eu-west-1/dynamodb/aws4_request,"
                                                + " SignedHeaders=host, Signature=00")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"TableName\": \"Connections\", \"Key\": {\"id\": {\"S\": \"nobody\"}}}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        CRC32 checksum = new CRC32();
        checksum.update(response.body());
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo("{}");
        assertThat(response.headers().firstValue("x-amz-crc32")).hasValue(Long.toString(checksum.getValue()));
    }

    @Test
    void throttles_as_aws_does() {
        FAULTS.set(dynamoDbFaults(0, 1, 0));
        ProvisionedThroughputExceededException thrown = catchThrowableOfType(
                ProvisionedThroughputExceededException.class,
                () -> user.putItem(request -> request.tableName("Connections").item(Map.of("id", text("f1")))));
        assertThat(thrown).isNotNull();
        assertThat(thrown.isThrottlingException()).isTrue();
        assertThat(thrown.requestId()).isNotBlank();
        assertThat(METER.calls()).containsExactly("PutItem r0.0 w0.0");
        FAULTS.set(Faults.NONE);
        assertThat(own.getItem(request -> request.tableName("Connections").key(Map.of("id", text("f1"))))
                        .hasItem())
                .as("a throttled write has no effect")
                .isFalse();
    }

    @Test
    void conflicts_as_aws_does() {
        FAULTS.set(dynamoDbFaults(0, 0, 1));
        TransactionCanceledException thrown = catchThrowableOfType(
                TransactionCanceledException.class,
                () -> user.transactWriteItems(request -> request.transactItems(put("f2"), increment())));
        assertThat(thrown).isNotNull();
        assertThat(thrown.cancellationReasons())
                .extracting(CancellationReason::code)
                .containsExactly("None", "TransactionConflict");
        assertThat(thrown.getMessage())
                .contains("please refer cancellation reasons for specific reasons [None, TransactionConflict]");
        // Only transactions conflict.
        user.putItem(request -> request.tableName("Connections").item(Map.of("id", text("f3"))));
    }

    @Test
    void faults_spare_tables_streams_and_the_stacks_own_clients() {
        FAULTS.set(dynamoDbFaults(0, 1, 1));
        user.describeTable(request -> request.tableName("Connections"));
        own.putItem(request -> request.tableName("Connections").item(Map.of("id", text("f4"))));
        try (DynamoDbStreamsClient streams = server.streamsClient()) {
            streams.describeStream(request -> request.streamArn(streamArns.get("Counter")));
        }
        assertThat(METER.calls()).isEmpty();
    }

    @Test
    void latency_delays_calls_at_the_same_time() {
        FAULTS.set(dynamoDbFaults(300, 0, 0));
        Instant began = Instant.now();
        IntStream.range(0, 8)
                .parallel()
                .forEach(i ->
                        user.getItem(request -> request.tableName("Connections").key(Map.of("id", text("x" + i)))));
        assertThat(Duration.between(began, Instant.now())).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(METER.calls()).hasSize(8);
    }

    @Test
    void a_client_request_token_still_works() {
        for (int i = 0; i < 2; i++) {
            user.transactWriteItems(
                    request -> request.clientRequestToken("once").transactItems(put("i1"), increment()));
        }
        assertThat(METER.calls()).hasSize(2);
    }

    @Test
    void large_answers_pass_whole() {
        String data = "x".repeat(300_000);
        for (int i = 0; i < 3; i++) {
            Map<String, AttributeValue> item = Map.of("id", text("large" + i), "data", text(data));
            own.putItem(request -> request.tableName("Counter").item(item));
        }
        assertThat(user.scan(request -> request.tableName("Counter")
                                .filterExpression("begins_with(id, :l)")
                                .expressionAttributeValues(Map.of(":l", text("large"))))
                        .items())
                .hasSize(3)
                .allSatisfy(item -> assertThat(item.get("data").s()).isEqualTo(data));
    }

    private static void connect(InetAddress address, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 1000);
        }
    }

    private static DynamoDbClient userOf(DynamoDbServer server) {
        URI endpoint = server.endpoint();
        return DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(Region.of(REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("user", "user")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(settings -> settings.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    private static Faults dynamoDbFaults(int latencyMillis, double throttleRatio, double conflictRatio) {
        return Faults.builder()
                .dynamodbLatencyMillis(latencyMillis)
                .dynamodbThrottleRatio(throttleRatio)
                .dynamodbConflictRatio(conflictRatio)
                .build();
    }

    private static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    private static TransactWriteItem put(String id) {
        return TransactWriteItem.builder()
                .put(put -> put.tableName("Connections")
                        .item(Map.of("id", text(id)))
                        .conditionExpression("attribute_not_exists(id)"))
                .build();
    }

    private static TransactWriteItem increment() {
        return TransactWriteItem.builder()
                .update(update -> update.tableName("Counter")
                        .key(Map.of("id", text("site")))
                        .updateExpression("ADD live :one")
                        .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1"))))
                .build();
    }
}
