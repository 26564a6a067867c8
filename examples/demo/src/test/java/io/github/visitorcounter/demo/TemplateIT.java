package io.github.visitorcounter.demo;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.access.Access;
import io.github.visitorcounter.embeddedstack.access.Policy;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.control.Stats;
import io.github.visitorcounter.embeddedstack.lambda.InvocationResult;
import io.github.visitorcounter.embeddedstack.template.StackTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import static org.assertj.core.api.Assertions.assertThat;

/** The counter as examples-sam/template.yaml deploys it, with its roles. */
class TemplateIT {

    private static final Path TEMPLATE = Path.of("../../examples-sam/template.yaml");
    private static final String CONNECTIONS = "ConnectionIDs";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Actions that a role allows for AWS, not for its handler. */
    private static final List<String> DONE_BY_AWS = List.of(
            "logs:CreateLogStream", // Lambda writes the function's log.
            "logs:PutLogEvents",
            "dynamodb:DescribeStream", // The event source mapping reads the stream.
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:ListStreams",
            "sqs:SendMessage"); // Lambda sends discarded events to a queue.

    /**
     * One counter is read by Scan, several by Query; both are allowed while a deployment changes from one to the other.
     */
    private static final String OTHER_WAY_OF_READING = "dynamodb:Query";

    /** A counter has several rows only while it is busy, and connections that cannot be reached are rare. */
    private static final Set<String> SOMETIMES =
            Set.of("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem");

    private static final List<String> LOG = new CopyOnWriteArrayList<>();

    private static StackTemplate template;
    private static EmbeddedStack stack;
    private static Stats counted;

    @BeforeAll
    static void connect_and_disconnect_visitors_and_lose_two() throws Exception {
        try {
            connectAndDisconnect();
        } catch (TimeoutException late) {
            throw new AssertionError(late.getMessage() + "; rejected: " + rejections(), late);
        }
    }

    private static void connectAndDisconnect() throws Exception {
        // A small budget: once it is used up, the function invokes itself.
        template = StackTemplate.read(TEMPLATE, Map.of("BroadcastMessagesPerSecond", "2"));
        stack = template.describe().logSink(LOG::add).start();
        List<Visitor> visitors = Visitor.connect(HttpClient.newHttpClient(), stack, 30);
        for (Visitor visitor : visitors) {
            visitor.awaits(30, 30);
        }
        visitors.get(0).ask();
        visitors.subList(0, 10).forEach(Visitor::disconnect);
        visitors.subList(10, 15).forEach(Visitor::kill);
        for (Visitor visitor : visitors.subList(15, 30)) {
            visitor.awaits(15, 30);
        }
        // A connection whose $disconnect was lost is found by a broadcast ...
        lose(visitors.get(15));
        letTimePass();
        visitors.get(16).disconnect();
        for (Visitor visitor : visitors.subList(17, 30)) {
            visitor.awaits(13, 30);
        }
        // ... or by the scheduled reconcile.
        lose(visitors.get(17));
        letTimePass();
        InvocationResult repaired = stack.invoke("ReconcileFunction", "{}").get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(repaired.failed()).as(repaired.payload()).isFalse();
        for (Visitor visitor : visitors.subList(18, 30)) {
            visitor.awaits(12, 30);
        }
        counted = stack.stats();
        stack.streamsDrained().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void the_template_s_counter_counts() {
        assertThat(counted.connections().accepted()).isEqualTo(30);
        assertThat(counted.connections().rejected()).isZero();
        assertThat(counted.invocations().keySet())
                .containsExactlyInAnyOrder(
                        "ConnectFunction",
                        "DisconnectFunction",
                        "BroadcastFunction",
                        "WakeUpFunction",
                        "MessageFunction",
                        "ReconcileFunction");
        assertThat(stack.stats().invocations().values())
                .allSatisfy(counts -> assertThat(counts.errors()).isZero());
        assertThat(stack.endpoints().websocket().getPath()).isEqualTo("/prod");
    }

    @Test
    void only_known_resources_are_unsupported() {
        assertThat(template.unsupportedResources())
                .containsExactly(
                        "AWS::ApiGatewayV2::Stage RouteSettings (Stage)",
                        "AWS::CloudFront::Distribution (PageDistribution)",
                        "AWS::CloudFront::OriginAccessControl (PageAccess)",
                        "AWS::CloudFront::ResponseHeadersPolicy (PageHeaders)",
                        "AWS::CloudWatch::Alarm (ErrorsAlarm, FailedPostsAlarm, IncompleteReconcileAlarm, IteratorAgeAlarm,"
                                + " RejectedConnectionsAlarm, ThrottlesAlarm, UndeliveredAlarm, WakeUpAgeAlarm)",
                        "AWS::CloudWatch::Dashboard (Dashboard)",
                        "AWS::DynamoDB::Table PointInTimeRecoverySpecification (VisitorCount)",
                        "AWS::Lambda::EventSourceMapping DestinationConfig (WakeUpFunctionWakeUps)",
                        "AWS::Logs::LogGroup (BroadcastLogs, ConnectLogs, DisconnectLogs, MessageLogs, PublishLogs,"
                                + " ReconcileLogs, WakeUpLogs)",
                        "AWS::S3::Bucket (PageBucket)",
                        "AWS::S3::BucketPolicy (PageBucketPolicy)",
                        "AWS::SQS::Queue (DeadLetterQueue)",
                        "AWS::Serverless::Function EventInvokeConfig DestinationConfig"
                                + " (BroadcastFunction.EventInvokeConfig, ReconcileFunction.EventInvokeConfig,"
                                + " WakeUpFunction.EventInvokeConfig)",
                        "AWS::Serverless::Function LoggingConfig LogGroup (BroadcastFunction, ConnectFunction,"
                                + " DisconnectFunction, MessageFunction, ReconcileFunction, WakeUpFunction)",
                        "AWS::Serverless::Function SnapStart (BroadcastFunction, ConnectFunction,"
                                + " DisconnectFunction, MessageFunction, ReconcileFunction, WakeUpFunction)",
                        "AWS::Serverless::Function Tracing (BroadcastFunction, ConnectFunction,"
                                + " DisconnectFunction, MessageFunction, ReconcileFunction, WakeUpFunction)",
                        "AWS::Serverless::Function event DynamoDB DestinationConfig (BroadcastFunction.Changes)",
                        "AWS::Serverless::Function with the runtime nodejs22.x (PublishFunction)",
                        "Custom::PageFiles (PageFiles)");
    }

    @Test
    void no_handler_needs_more_than_its_role_allows() {
        Set<String> functions = new TreeSet<>(template.policies().keySet());
        assertThat(stack.accesses()).extracting(Access::function).containsAll(functions);
        assertThat(rejections()).isEmpty();
    }

    @Test
    void no_role_allows_more_than_its_handler_does() {
        assertThat(template.policies()).hasSize(6);
        Set<String> spare = new TreeSet<>();
        template.policies().forEach((function, policy) -> policy.statements().forEach(statement -> statement
                .actions()
                .forEach(action -> statement.resources().forEach(resource -> {
                    if (!DONE_BY_AWS.contains(action)
                            && !action.equals(OTHER_WAY_OF_READING)
                            && !isSelfInvocation(function, action)
                            && !isRemovalOfExpired(function, action)
                            && !(SOMETIMES.contains(action) && resource.endsWith("VisitorCount"))
                            && !used(function, action, resource)) {
                        spare.add(function + ": " + action + " on " + resource);
                    }
                }))));
        assertThat(spare).isEmpty();
    }

    private static List<String> rejections() {
        return LOG.stream()
                .filter(line -> line.contains("is not authorized"))
                .distinct()
                .toList();
    }

    private static boolean used(String function, String action, String resource) {
        Policy alone = new Policy(List.of(new Policy.Statement(List.of(action), List.of(resource))));
        return stack.accesses().stream()
                .anyMatch(access ->
                        access.function().equals(function) && alone.allows(access.action(), access.resource()));
    }

    private static void lose(Visitor visitor) {
        long before = stack.stats().connections().open();
        stack.faults(Faults.builder().loseDisconnectRatio(1).build());
        visitor.kill();
        Awaiting.until(
                PATIENCE,
                20,
                () -> stack.stats().connections().open() == before - 1,
                () -> "a connection to end: " + stack.stats().connections());
        stack.faults(Faults.NONE);
    }

    /** Only the broadcast to a large audience is split across invocations. */
    private static boolean isSelfInvocation(String function, String action) {
        return action.equals("lambda:InvokeFunction") && !function.equals("DisconnectFunction");
    }

    /** In this test no connection expires, and no count is repaired. */
    private static boolean isRemovalOfExpired(String function, String action) {
        return function.equals("ReconcileFunction")
                && Set.of("dynamodb:BatchGetItem", "dynamodb:DeleteItem", "dynamodb:UpdateItem")
                        .contains(action);
    }

    /** So that 410 is not mistaken for an unfinished handshake, nor a change for one that is being sent. */
    private static void letTimePass() {
        AttributeValue anHourAgo = AttributeValue.fromN(
                Long.toString(Instant.now().minus(Duration.ofHours(1)).toEpochMilli()));
        stack.dynamoDb()
                .scanPaginator(request -> request.tableName(CONNECTIONS))
                .items()
                .forEach(row -> set(CONNECTIONS, "connectionId", row.get("connectionId"), "connectedAt", anHourAgo));
        set("VisitorCount", "counterId", AttributeValue.fromS("site"), "updatedAt", anHourAgo);
    }

    private static void set(String table, String key, AttributeValue id, String attribute, AttributeValue value) {
        stack.dynamoDb().updateItem(request -> request.tableName(table)
                .key(Map.of(key, id))
                .updateExpression("SET #attribute = :value")
                .expressionAttributeNames(Map.of("#attribute", attribute))
                .expressionAttributeValues(Map.of(":value", value)));
    }
}
