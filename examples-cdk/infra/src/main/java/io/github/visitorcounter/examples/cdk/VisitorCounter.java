package io.github.visitorcounter.examples.cdk;

import io.github.visitorcounter.VisitorCounterConfig;
import software.amazon.awscdk.CfnDeletionPolicy;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.BillingMode;
import software.amazon.awscdk.services.dynamodb.CfnTable;
import software.amazon.awscdk.services.dynamodb.GlobalSecondaryIndexProps;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.ProjectionType;
import software.amazon.awscdk.services.dynamodb.StreamViewType;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.events.CfnRule;
import software.amazon.awscdk.services.iam.CfnPolicy;
import software.amazon.awscdk.services.iam.IManagedPolicy;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.CfnAlias;
import software.amazon.awscdk.services.lambda.CfnEventInvokeConfig;
import software.amazon.awscdk.services.lambda.CfnEventSourceMapping;
import software.amazon.awscdk.services.lambda.Permission;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A visitor counter: a WebSocket API, five functions and two tables, a page, alarms and a dashboard.
 *
 * <p>A page connects and {@code ConnectHandler} counts it in; the stream of the count wakes {@code StreamBroadcastHandler},
 * which tells everyone; when a page leaves, {@code DisconnectHandler} counts it out and invokes the broadcast directly. {@code
 * MessageHandler} answers what pages say, and {@code ReconcileHandler} heals what got lost.
 */
public final class VisitorCounter extends Construct {

    private static final String COUNTER_INDEX = "byCounter";
    private static final String CHANGES =
            "{\"dynamodb\":{\"NewImage\":{\"lastChange\":{\"S\":[{\"anything-but\":[\"DISCONNECT\"]}]}}}}";

    private final VisitorCounterProps props;
    private final String metricsNamespace;
    private final Optional<IManagedPolicy> tracing;
    private final Table connectionIds;
    private final Table visitorCount;
    private final Queue undelivered;
    private final SocketApi api;
    private final Page page;

    /**
     * Adds a visitor counter.
     *
     * @param scope where
     * @param id its name there
     * @param props what it is made of
     */
    public VisitorCounter(Construct scope, String id, VisitorCounterProps props) {
        super(scope, id);
        this.props = props;
        this.metricsNamespace = "VisitorCounter/" + Stack.of(this).getStackName();
        this.tracing = props.tracing() ? Optional.of(tracing()) : Optional.empty();
        this.connectionIds = connectionIds();
        this.visitorCount = visitorCount();
        this.undelivered = undelivered();
        this.api = new SocketApi(this, "Socket", props.socketDomain());
        this.page = new Page(this, "Page", props.page(), api.socketUrl(), api.socketHost(), props.logRetention());
        CounterFunction connect = connect();
        CounterFunction broadcast = broadcast();
        CounterFunction disconnect = disconnect(broadcast.alias());
        api.route("$connect", connect.alias());
        api.route("$disconnect", disconnect.alias());
        api.ping();
        CounterFunction message = message();
        api.messages(message.alias());
        CounterFunction reconcile = reconcile();
        schedule(reconcile);
        allowSelfInvoke(broadcast);
        broadcastChanges(broadcast);
        Watch watch = new Watch(
                this,
                "Watch",
                Map.of(
                        "Connect", connect.function(),
                        "Disconnect", disconnect.function(),
                        "Broadcast", broadcast.function(),
                        "Message", message.function(),
                        "Reconcile", reconcile.function()),
                metricsNamespace,
                props.alarmTopicArn());
        watch.alarms(undelivered.getQueueName());
        watch.dashboard(props.messagesPerSecond());
    }

    /**
     * Returns where the page is.
     *
     * @return an address that starts with {@code https://}
     */
    public String pageUrl() {
        return page.url();
    }

    /**
     * Returns where pages connect to.
     *
     * @return an address that starts with {@code wss://}
     */
    public String socketUrl() {
        return api.socketUrl();
    }

    /**
     * Returns the table of counters.
     *
     * @return the table
     */
    public Table visitorCountTable() {
        return visitorCount;
    }

    /**
     * Returns the queue of what Lambda gave up: which records of the stream, or the whole invocation.
     *
     * @return the queue
     */
    public Queue undeliveredQueue() {
        return undelivered;
    }

    /** The only place where a resource is *: X-Ray has no resources to name. */
    private IManagedPolicy tracing() {
        return ManagedPolicy.Builder.create(this, "TracingPolicy")
                .statements(List.of(PolicyStatement.Builder.create()
                        .actions(List.of("xray:PutTraceSegments", "xray:PutTelemetryRecords"))
                        .resources(List.of("*"))
                        .build()))
                .build();
    }

    private Table connectionIds() {
        Table table = Table.Builder.create(this, "ConnectionIDs")
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .partitionKey(key("connectionId"))
                // Because $disconnect can get lost, and such a row must not stay for ever.
                .timeToLiveAttribute("expiresAt")
                // Because its rows live as long as their sockets, which do not outlive the API.
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        if (props.hasRooms()) {
            // Because with many counters each should find its own connections. One counter reads the table as it is,
            // and saves
            // the index.
            table.addGlobalSecondaryIndex(GlobalSecondaryIndexProps.builder()
                    .indexName(COUNTER_INDEX)
                    .partitionKey(key("counterId"))
                    .sortKey(Attribute.builder()
                            .name("connectedAt")
                            .type(AttributeType.NUMBER)
                            .build())
                    .projectionType(ProjectionType.INCLUDE)
                    .nonKeyAttributes(List.of("expiresAt", "visit"))
                    .build());
        }
        return table;
    }

    private Table visitorCount() {
        Table table = Table.Builder.create(this, "VisitorCount")
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .partitionKey(key("counterId"))
                // Because visits, and the limits of addresses, are rows here too, and end.
                .timeToLiveAttribute("expiresAt")
                // Because the filter and the handler look at the new row; the old one would only make records larger.
                .stream(StreamViewType.NEW_IMAGE)
                // Because a wrong script must not cost the totals; a table this small has backups for next to nothing.
                .pointInTimeRecoverySpecification(PointInTimeRecoverySpecification.builder()
                        .pointInTimeRecoveryEnabled(true)
                        .build())
                .build();
        // Because the total can't be made again from anything else.
        CfnTable cfn = (CfnTable) table.getNode().getDefaultChild();
        cfn.getCfnOptions()
                .setDeletionPolicy(
                        props.totals() == RemovalPolicy.RETAIN ? CfnDeletionPolicy.RETAIN : CfnDeletionPolicy.DELETE);
        cfn.getCfnOptions().setUpdateReplacePolicy(CfnDeletionPolicy.RETAIN);
        // Because CloudFormation does not notice an update that changes nothing but a deletion policy.
        cfn.addMetadata("WhenDeleted", props.totals() == RemovalPolicy.RETAIN ? "Retain" : "Delete");
        return table;
    }

    private Queue undelivered() {
        return Queue.Builder.create(this, "Undelivered")
                // Because a weekend should fit; this is the most there is.
                .retentionPeriod(Duration.days(14))
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
    }

    private CounterFunction connect() {
        List<String> origins = new ArrayList<>(List.of(page.url()));
        origins.addAll(props.allowedOrigins());
        return counting("Connect", "io.github.visitorcounter.ConnectHandler")
                .description("Counts a visitor in")
                // Because the handshake waits for the answer; the handler retries DynamoDB until shortly before this.
                .timeout(Duration.seconds(10))
                .setting(VisitorCounterConfig.COUNTERS, String.join(",", props.counters()))
                // Because any page in the world can open a socket, and only browsers tell whose page it is.
                .setting(VisitorCounterConfig.ALLOWED_ORIGINS, String.join(",", origins))
                .setting(VisitorCounterConfig.ARRIVALS_PER_ADDRESS, Integer.toString(props.arrivalsPerAddress()))
                .setting(VisitorCounterConfig.LIVE_LIMIT, Integer.toString(props.liveLimit()))
                // Because a transaction needs the permissions of its parts, and none of its own.
                .allow(connectionIds.getTableArn(), "dynamodb:PutItem")
                .allow(visitorCount.getTableArn(), "dynamodb:UpdateItem")
                .build();
    }

    private CounterFunction disconnect(Alias broadcast) {
        return counting("Disconnect", "io.github.visitorcounter.DisconnectHandler")
                .description("Counts a visitor out")
                // Because the handler retries DynamoDB and the announcement until shortly before this.
                .timeout(Duration.seconds(10))
                // Because a function's name alone would mean its unpublished version, which has no snapshot.
                .setting(VisitorCounterConfig.BROADCAST_FUNCTION, broadcast.getFunctionArn())
                .allow(connectionIds.getTableArn(), "dynamodb:BatchGetItem", "dynamodb:DeleteItem")
                .allow(visitorCount.getTableArn(), "dynamodb:UpdateItem")
                .allow(broadcast.getFunctionArn(), "lambda:InvokeFunction")
                .build();
    }

    /**
     * The function that tells everyone. Its RecursiveLoop stays as it is by default, Terminate: Lambda stops chains of about 16
     * invocations, and the handler stops after 8 by itself and goes on through the table.
     */
    private CounterFunction broadcast() {
        CounterFunction.Builder broadcast = counting("Broadcast", "io.github.visitorcounter.StreamBroadcastHandler")
                .description("Tells everyone the newest count")
                // Because a large audience takes a while; what does not fit is handed on to the function's next
                // invocation.
                .timeout(Duration.seconds(60))
                // Because a stream's event does not say where the API is. Posts go this way with a domain of your own,
                // too.
                .setting(VisitorCounterConfig.CALLBACK_URL, api.callbackUrl())
                // Because messages are the bill, and this is its ceiling.
                .setting(VisitorCounterConfig.MESSAGES_PER_SECOND, Integer.toString(props.messagesPerSecond()))
                .setting(
                        VisitorCounterConfig.LEAVE_GRACE,
                        Long.toString(props.leaveGrace().toMillis()))
                // Because the dashboard and an alarm are made of these metrics.
                .setting(VisitorCounterConfig.METRICS_NAMESPACE, metricsNamespace)
                // BatchGetItem, DeleteItem and UpdateItem: connections that are gone are counted out. UpdateItem and
                // GetItem:
                // leases.
                .allow(connectionIds.getTableArn(), "dynamodb:BatchGetItem", "dynamodb:DeleteItem")
                .allow(visitorCount.getTableArn(), "dynamodb:GetItem", "dynamodb:UpdateItem")
                .allow(api.connectionsArn("POST"), "execute-api:ManageConnections")
                // The event source mapping reads the stream as this function's role.
                .allow(
                        visitorCount.getTableStreamArn(),
                        "dynamodb:DescribeStream",
                        "dynamodb:GetRecords",
                        "dynamodb:GetShardIterator")
                .allow(visitorCount.getTableArn() + "/stream/*", "dynamodb:ListStreams")
                // Lambda sends what was given up as this role.
                .allow(undelivered.getQueueArn(), "sqs:SendMessage");
        if (props.hasRooms()) {
            broadcast
                    .setting(VisitorCounterConfig.COUNTER_INDEX, COUNTER_INDEX)
                    .allow(connectionIds.getTableArn() + "/index/" + COUNTER_INDEX, "dynamodb:Query");
        } else {
            broadcast.allow(connectionIds.getTableArn(), "dynamodb:Scan");
        }
        if (props.broadcastConcurrency() > 0) {
            broadcast.concurrency(props.broadcastConcurrency());
        }
        return broadcast.build();
    }

    /**
     * Because the function waits for the pace and divides a large audience in other invocations of itself. A policy of its own,
     * because the role can't name an alias that waits for the role. Until it is there, the function waits where it is.
     */
    private void allowSelfInvoke(CounterFunction broadcast) {
        CfnPolicy.Builder.create(this, "BroadcastSelfInvoke")
                .policyName("self-invoke")
                .roles(List.of(broadcast.role().getRoleName()))
                .policyDocument(PolicyDocument.Builder.create()
                        .statements(List.of(PolicyStatement.Builder.create()
                                .actions(List.of("lambda:InvokeFunction"))
                                .resources(List.of(broadcast.alias().getFunctionArn()))
                                .build()))
                        .build())
                .build();
    }

    private void broadcastChanges(CounterFunction broadcast) {
        // For the invocations by the disconnect function, and by the function itself.
        CfnEventInvokeConfig.Builder.create(this, "BroadcastEventInvokeConfig")
                .functionName(broadcast.function().getFunctionName())
                .qualifier(broadcast.alias().getAliasName())
                // Because a retry finds its own lease and goes on, and when the second fails too, the third would.
                .maximumRetryAttempts(1)
                // Because Lambda waits a minute before it tries again, and a count that is older than two is news to
                // nobody.
                .maximumEventAgeInSeconds(120)
                .destinationConfig(CfnEventInvokeConfig.DestinationConfigProperty.builder()
                        .onFailure(CfnEventInvokeConfig.OnFailureProperty.builder()
                                .destination(undelivered.getQueueArn())
                                .build())
                        .build())
                .build()
                .addDependency((CfnAlias) broadcast.alias().getNode().getDefaultChild());
        // Not DynamoEventSource: that would also allow listing the streams of every table.
        CfnEventSourceMapping.Builder.create(this, "BroadcastChanges")
                .functionName(broadcast.alias().getFunctionArn())
                .eventSourceArn(visitorCount.getTableStreamArn())
                // Because LATEST would miss the visitors who come while this mapping is being made.
                .startingPosition("TRIM_HORIZON")
                // Because only rows that say what changed are counts, and the disconnect function announces its own
                // changes. A row without lastChange does not match: anything-but needs the key to be there.
                .filterCriteria(CfnEventSourceMapping.FilterCriteriaProperty.builder()
                        .filters(List.of(CfnEventSourceMapping.FilterProperty.builder()
                                .pattern(CHANGES)
                                .build()))
                        .build())
                // Because any number of records is one broadcast: what waits behind a running one should become one
                // more.
                .batchSize(1000)
                // Because newcomers should see the count at once.
                .maximumBatchingWindowInSeconds(0)
                // Because broadcasts of one counter should follow each other, not overlap.
                .parallelizationFactor(1)
                // Because the handler names the records whose broadcast failed; without this they would count as done.
                .functionResponseTypes(List.of("ReportBatchItemFailures"))
                // Because otherwise one bad record holds up the stream for a day.
                .bisectBatchOnFunctionError(true)
                .maximumRetryAttempts(5)
                .maximumRecordAgeInSeconds(60)
                // Because what was given up should leave a trace.
                .destinationConfig(CfnEventSourceMapping.DestinationConfigProperty.builder()
                        .onFailure(CfnEventSourceMapping.OnFailureProperty.builder()
                                .destination(undelivered.getQueueArn())
                                .build())
                        .build())
                .build();
    }

    private CounterFunction message() {
        return function("Message", "io.github.visitorcounter.MessageHandler")
                .description("Answers what pages say")
                .timeout(Duration.seconds(10))
                // The answer is the function's own, and needs no permission.
                .allow(connectionIds.getTableArn(), "dynamodb:GetItem")
                .allow(visitorCount.getTableArn(), "dynamodb:GetItem")
                .build();
    }

    private CounterFunction reconcile() {
        return counting("Reconcile", "io.github.visitorcounter.ReconcileHandler")
                .description("Holds the counts against the connections")
                // Because it reads all connections; what it has no time for is left to its next run.
                .timeout(Duration.seconds(300))
                // Because it asks API Gateway whether the oldest connections are still there.
                .setting(VisitorCounterConfig.CALLBACK_URL, api.callbackUrl())
                .setting(VisitorCounterConfig.METRICS_NAMESPACE, metricsNamespace)
                .allow(connectionIds.getTableArn(), "dynamodb:Scan", "dynamodb:BatchGetItem", "dynamodb:DeleteItem")
                .allow(
                        visitorCount.getTableArn(),
                        "dynamodb:Scan",
                        "dynamodb:BatchGetItem",
                        "dynamodb:GetItem",
                        "dynamodb:UpdateItem")
                .allow(api.connectionsArn("GET"), "execute-api:ManageConnections")
                // Lambda sends what was given up as this role.
                .allow(undelivered.getQueueArn(), "sqs:SendMessage")
                .build();
    }

    private void schedule(CounterFunction reconcile) {
        CfnRule rule = CfnRule.Builder.create(this, "ReconcileSchedule")
                .description("Heals what got lost")
                .scheduleExpression("rate(5 minutes)")
                .targets(List.of(CfnRule.TargetProperty.builder()
                        .id("reconcile")
                        .arn(reconcile.alias().getFunctionArn())
                        .build()))
                .build();
        reconcile
                .alias()
                .addPermission(
                        "Schedule",
                        Permission.builder()
                                .principal(new ServicePrincipal("events.amazonaws.com"))
                                .sourceArn(rule.getAttrArn())
                                .build());
        CfnEventInvokeConfig.Builder.create(this, "ReconcileEventInvokeConfig")
                .functionName(reconcile.function().getFunctionName())
                .qualifier(reconcile.alias().getAliasName())
                // Because the schedule comes again by itself.
                .maximumRetryAttempts(1)
                .destinationConfig(CfnEventInvokeConfig.DestinationConfigProperty.builder()
                        .onFailure(CfnEventInvokeConfig.OnFailureProperty.builder()
                                .destination(undelivered.getQueueArn())
                                .build())
                        .build())
                .build()
                .addDependency((CfnAlias) reconcile.alias().getNode().getDefaultChild());
    }

    /** A function that counts visitors in or out, and must do it as the others do. */
    private CounterFunction.Builder counting(String id, String handler) {
        return function(id, handler)
                .setting(
                        VisitorCounterConfig.LIVE_COUNTS,
                        props.liveCounts().name().toLowerCase(Locale.ROOT))
                .setting(
                        VisitorCounterConfig.VISIT_WINDOW,
                        Long.toString(props.visitWindow().toSeconds()));
    }

    private CounterFunction.Builder function(String id, String handler) {
        CounterFunction.Builder function = new CounterFunction.Builder(
                        this, id, handler, props.code(), props.logRetention())
                .setting(VisitorCounterConfig.CONNECTIONS_TABLE, connectionIds.getTableName())
                .setting(VisitorCounterConfig.COUNT_TABLE, visitorCount.getTableName());
        tracing.ifPresent(function::tracedWith);
        return function;
    }

    private static Attribute key(String name) {
        return Attribute.builder().name(name).type(AttributeType.STRING).build();
    }
}
