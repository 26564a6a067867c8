package io.github.visitorcounter.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.Setting;
import io.github.visitorcounter.demo.CounterStack.DisconnectTrigger;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.control.Faults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** Wrong counts of every kind, which one invocation of reconcile repairs on all pages. */
@Tag("slow")
class ReconcileIT {

    private static final String CONNECTIONS = "ConnectionIDs";
    private static final String COUNTS = "VisitorCount";

    /** The minimum age of a connection that may be probed. */
    private static final Duration GRACE = Duration.ofSeconds(12);

    private static final Map<String, String> SETTINGS =
            Map.of(Setting.HANDSHAKE_GRACE.variable(), Long.toString(GRACE.toSeconds()));

    private final HttpClient browser = HttpClient.newHttpClient();
    private EmbeddedStack stack;
    private LambdaClient lambda;

    @BeforeEach
    void start() {
        stack = CounterStack.describe(DisconnectTrigger.BY_INVOCATION, SETTINGS).start();
        lambda = LambdaClient.builder()
                .endpointOverride(stack.endpoints().lambda())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(60)))
                .build();
    }

    @AfterEach
    void stop() {
        lambda.close();
        stack.close();
    }

    @Test
    void all_kinds_of_drift_are_repaired_at_once() throws Exception {
        List<Visitor> visitors = Visitor.connect(browser, stack, 10);
        List<String> remaining = connectionIds();
        List<Visitor> forgotten = Visitor.connect(browser, stack, 2);
        for (Visitor visitor : visitors) {
            visitor.awaits(12, 12);
        }

        // The disconnects of three are lost; the rows of two more are removed.
        stack.faults(Faults.builder().loseDisconnectRatio(1).build());
        visitors.subList(0, 3).forEach(Visitor::disconnect);
        forgotten.forEach(Visitor::disconnect);
        awaitOpenConnections(7);
        connectionIds().stream().filter(id -> !remaining.contains(id)).forEach(this::removeRow);
        // The rows of four have expired, and the count is edited.
        for (int i = 0; i < 4; i++) {
            putExpiredRow("expired-" + i + "=");
        }
        edit("SET live = :n", Map.of(":n", AttributeValue.fromN("999")));

        JsonNode report = reconcile();

        System.out.println("Reconciled: " + report);
        // The count was 999 with 10 rows and 4 expired ones; DynamoDB may remove the latter.
        int expired = report.get("expired").intValue();
        assertThat(expired).isLessThanOrEqualTo(4);
        assertThat(report.at("/drifts/site").intValue()).isEqualTo(999 - 10 - expired);
        assertThat(report.get("complete").booleanValue()).isTrue();
        for (Visitor visitor : visitors.subList(3, 10)) {
            visitor.awaits(7, 12);
        }

        assertThat(reconcile().get("drifts")).isEmpty();
    }

    @Test
    void stale_connections_are_found_by_probing() throws Exception {
        List<Visitor> visitors = Visitor.connect(browser, stack, 8);
        for (Visitor visitor : visitors) {
            visitor.awaits(8, 8);
        }
        stack.faults(Faults.builder().loseDisconnectRatio(1).build());
        visitors.subList(0, 3).forEach(Visitor::disconnect);
        awaitOpenConnections(5);

        // All three, unless a broadcast finds one of them first. A wake-up probes them again.
        assertThat(reconcile().get("suspects").intValue()).isBetween(0, 3);

        for (Visitor visitor : visitors.subList(3, 8)) {
            visitor.awaits(5, 8);
        }
    }

    @Test
    void a_lost_counter_restarts_and_open_pages_accept_it() throws Exception {
        List<Visitor> visitors = Visitor.connect(browser, stack, 5);
        for (Visitor visitor : visitors) {
            visitor.awaits(5, 5);
        }
        edit("SET #total = :n", Map.of(":n", AttributeValue.fromN("500")));
        stack.dynamoDb().deleteItem(request -> request.tableName(COUNTS).key(key("counterId", "site")));

        // The stream's records of the old row are broadcast too, and pages ignore them.
        stack.streamsDrained().get();

        assertThat(reconcile().get("drifts").toString()).isEqualTo("{\"site\":-5}");

        Visitor.connect(browser, stack, 1).get(0).awaits(6, 6);
        for (Visitor visitor : visitors) {
            visitor.awaits(6, 6);
        }
    }

    @Test
    void a_missed_broadcast_is_sent() throws Exception {
        Visitor visitor = Visitor.connect(browser, stack, 1).get(0);
        visitor.awaits(1, 1);
        stack.streamsDrained().get();
        // The stream's filter excludes disconnects, and the invocation that should have requested the broadcast has
        // failed.
        edit(
                "SET lastChange = :change, updatedAt = :at, #total = :total, version = version + :one",
                Map.of(
                        ":change", AttributeValue.fromS("DISCONNECT"),
                        ":at", number(Instant.now().minusSeconds(60).toEpochMilli()),
                        ":total", number(7),
                        ":one", number(1)));

        assertThat(reconcile().get("restarted").toString()).isEqualTo("[\"site\"]");

        visitor.awaits(1, 7);
        stack.streamsDrained().get();
        assertThat(reconcile().get("restarted")).isEmpty();
    }

    private JsonNode reconcile() throws Exception {
        ageConnections();
        InvokeResponse response = lambda.invoke(
                request -> request.functionName(CounterStack.RECONCILE).payload(SdkBytes.fromUtf8String("{}")));
        assertThat(response.functionError()).isNull();
        return new ObjectMapper().readTree(response.payload().asUtf8String());
    }

    private void awaitOpenConnections(long number) {
        Awaiting.until(
                Duration.ofSeconds(30),
                20,
                () -> stack.stats().connections().open() == number,
                () -> number + " open connections: " + stack.stats().connections());
    }

    /** Makes every connection old enough to be probed. Only its row contains its age. */
    private void ageConnections() {
        rows().forEach(this::age);
    }

    private void age(Map<String, AttributeValue> row) {
        long connectedAt = Long.parseLong(row.get("connectedAt").n());
        try {
            stack.dynamoDb().updateItem(request -> request.tableName(CONNECTIONS)
                    .key(Map.of("connectionId", row.get("connectionId")))
                    .updateExpression("SET connectedAt = :earlier")
                    .conditionExpression("attribute_exists(connectionId)")
                    .expressionAttributeValues(Map.of(":earlier", number(connectedAt - GRACE.toMillis() - 1))));
        } catch (ConditionalCheckFailedException removedMeanwhile) {
            // Removed by a broadcast or because it has expired: it is not restored.
        }
    }

    private List<Map<String, AttributeValue>> rows() {
        return stack.dynamoDb().scan(request -> request.tableName(CONNECTIONS)).items();
    }

    private List<String> connectionIds() {
        return rows().stream().map(row -> row.get("connectionId").s()).toList();
    }

    private void removeRow(String connectionId) {
        stack.dynamoDb().deleteItem(request -> request.tableName(CONNECTIONS).key(key("connectionId", connectionId)));
    }

    private void putExpiredRow(String connectionId) {
        Instant expiresAt = Instant.now().minusSeconds(60);
        stack.dynamoDb().putItem(request -> request.tableName(CONNECTIONS)
                .item(Map.of(
                        "connectionId", AttributeValue.fromS(connectionId),
                        "counterId", AttributeValue.fromS("site"),
                        "connectedAt", number(expiresAt.minusSeconds(7_800).toEpochMilli()),
                        "expiresAt", number(expiresAt.getEpochSecond()))));
    }

    private void edit(String update, Map<String, AttributeValue> values) {
        stack.dynamoDb().updateItem(request -> request.tableName(COUNTS)
                .key(key("counterId", "site"))
                .updateExpression(update)
                .expressionAttributeNames(update.contains("#total") ? Map.of("#total", "total") : null)
                .expressionAttributeValues(values));
    }

    private static Map<String, AttributeValue> key(String name, String value) {
        return Map.of(name, AttributeValue.fromS(value));
    }

    private static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }
}
