package io.github.visitorcounter.examples.cdk;

import io.github.visitorcounter.Setting;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A visitor counter: a WebSocket API, six functions and two tables, a page, alarms and a dashboard.
 *
 * <p>{@code ConnectHandler} counts a connection. The stream of the counters invokes {@code StreamBroadcastHandler}, which sends the
 * count to every connection. {@code DisconnectHandler} counts a disconnect and invokes the broadcast function directly. A broadcast
 * that has to wait leaves a wake-up row, which comes back through the stream to a second function of the same handler. {@code
 * MessageHandler} answers messages, and {@code ReconcileHandler} repairs the counters.
 */
public final class VisitorCounter extends Construct {

    private static final String COUNTER_INDEX = "byCounter";

    /**
     * Half of it is the time in which a connection must be counted. In 10 s a retry comes more than 5 s after the first attempt,
     * which AWS recommends for transactions whose coordinator failed. A 410 of a younger connection may be a handshake that is not
     * finished.
     */
    private static final java.time.Duration HANDSHAKE_GRACE = java.time.Duration.ofSeconds(20);

    /**
     * Only the rows of counters have lastChange, and the disconnect function announces its own changes. A row without lastChange
     * does not match: anything-but needs the attribute to exist.
     */
    private static final String CHANGES =
            "{\"dynamodb\":{\"NewImage\":{\"lastChange\":{\"S\":[{\"anything-but\":[\"DISCONNECT\"]}]}}}}";

    /** New images of wake-up rows only. The function deletes the row, and a REMOVE must not wake it again. */
    private static final String WAKE_UPS = "{\"eventName\":[\"INSERT\",\"MODIFY\"],"
            + "\"dynamodb\":{\"NewImage\":{\"counterId\":{\"S\":[{\"prefix\":\"wake#\"}]}}}}";

    private final VisitorCounterProps props;
    private final String metricsNamespace;
    private final Optional<IManagedPolicy> tracing;
    private final Table connectionIds;
    private final Table visitorCount;
    private final Queue undelivered;
    private final SocketApi api;
    private final Optional<Page> page;

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
        this.page = props.page()
                .map(files -> new Page(this, "Page", files, api.socketUrl(), api.socketHost(), props.logRetention()));
        CounterFunction connect = connect();
        CounterFunction broadcast = broadcast();
        CounterFunction wakeUp = wakeUp();
        CounterFunction disconnect = disconnect(broadcast.alias());
        api.route("$connect", connect.alias());
        api.route("$disconnect", disconnect.alias());
        api.ping();
        CounterFunction message = message();
        api.messages(message.alias());
        CounterFunction reconcile = reconcile();
        schedule(reconcile);
        keepAlive(List.of(connect, disconnect, broadcast, wakeUp, message));
        List.of(broadcast, wakeUp).forEach(this::allowSelfInvoke);
        // A new connection should be sent the count at once.
        readStream(broadcast, "Changes", CHANGES, 0);
        // The window is the clock of wake-ups. This is the second reader of the stream, and a stream serves two.
        readStream(wakeUp, "WakeUps", WAKE_UPS, props.wakeUpWindow().toSeconds());
        Monitoring watch = new Monitoring(
                this,
                "Monitoring",
                Map.of(
                        "Connect", connect.function(),
                        "Disconnect", disconnect.function(),
                        "Broadcast", broadcast.function(),
                        "WakeUp", wakeUp.function(),
                        "Message", message.function(),
                        "Reconcile", reconcile.function()),
                metricsNamespace,
                props.alarmTopicArn());
        watch.alarms(undelivered.getQueueName());
        watch.dashboard(props.broadcastMessagesPerSecond());
    }

    /**
     * Returns where the page is.
     *
     * @return an address that starts with {@code https://}, or empty without a page
     */
    public Optional<String> pageUrl() {
        return page.map(Page::url);
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
                // API Gateway does not guarantee $disconnect, and a row without one must not stay for ever.
                .timeToLiveAttribute("expiresAt")
                // Its rows live as long as their sockets, which do not outlive the API.
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        if (props.hasRooms()) {
            // With many counters a broadcast finds its own connections by the index. One counter reads the whole
            // table, and saves the index's writes.
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
                // Visits, and the limits of addresses, are rows here too, and expire.
                .timeToLiveAttribute("expiresAt")
                // The filters and the handler read the new image. The old one would only make records larger.
                .stream(StreamViewType.NEW_IMAGE)
                // A wrong script must not cost the totals, and backups of a table this small cost next to nothing.
                .pointInTimeRecoverySpecification(PointInTimeRecoverySpecification.builder()
                        .pointInTimeRecoveryEnabled(true)
                        .build())
                .build();
        // The total can't be computed from anything else.
        CfnTable cfn = (CfnTable) table.getNode().getDefaultChild();
        cfn.getCfnOptions()
                .setDeletionPolicy(
                        props.totals() == RemovalPolicy.RETAIN ? CfnDeletionPolicy.RETAIN : CfnDeletionPolicy.DELETE);
        cfn.getCfnOptions().setUpdateReplacePolicy(CfnDeletionPolicy.RETAIN);
        // CloudFormation does not notice an update that changes nothing but a deletion policy.
        cfn.addMetadata("WhenDeleted", props.totals() == RemovalPolicy.RETAIN ? "Retain" : "Delete");
        return table;
    }

    private Queue undelivered() {
        return Queue.Builder.create(this, "DeadLetterQueue")
                // The maximum.
                .retentionPeriod(Duration.days(14))
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
    }

    private CounterFunction connect() {
        List<String> origins = new ArrayList<>(pageUrl().stream().toList());
        origins.addAll(props.allowedOrigins());
        CounterFunction.Builder connect = counting("Connect", "io.github.visitorcounter.ConnectHandler")
                .description("Counts connections")
                // The handshake waits for the answer. The handler retries DynamoDB until shortly before this.
                .timeout(Duration.seconds(10))
                .setting(Setting.ALLOWED_COUNTERS, new LinkedHashSet<>(props.allowedCounters()))
                // Any page in the world can open a socket. Browsers say whose page it is.
                .reference(Setting.ALLOWED_ORIGINS, String.join(",", origins))
                .setting(Setting.CONNECTS_PER_IP, props.connectsPerIp())
                .setting(Setting.NEW_COUNTERS_PER_MINUTE, props.newCountersPerMinute())
                // For the metric RejectedConnections, by reason.
                .reference(Setting.METRICS_NAMESPACE, metricsNamespace)
                .setting(Setting.HANDSHAKE_GRACE, HANDSHAKE_GRACE)
                // A transaction needs the permissions of its parts, and none of its own.
                .allow(connectionIds.getTableArn(), "dynamodb:PutItem")
                // GetItem: which rows a busy counter has. BatchGetItem: how many are live, where a live limit is set.
                .allow(visitorCount.getTableArn(), "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem");
        if (props.connectConcurrency() > 0) {
            connect.concurrency(props.connectConcurrency());
        }
        return connect.build();
    }

    private CounterFunction disconnect(Alias broadcast) {
        return counting("Disconnect", "io.github.visitorcounter.DisconnectHandler")
                .description("Removes connections")
                // The handler retries DynamoDB and the invocation until shortly before this.
                .timeout(Duration.seconds(10))
                // The alias: a function's name alone means its unpublished version, which has no snapshot.
                .reference(Setting.BROADCAST_FUNCTION, broadcast.getFunctionArn())
                .allow(connectionIds.getTableArn(), "dynamodb:BatchGetItem", "dynamodb:DeleteItem")
                .allow(visitorCount.getTableArn(), "dynamodb:GetItem", "dynamodb:UpdateItem")
                .allow(broadcast.getFunctionArn(), "lambda:InvokeFunction")
                .build();
    }

    private CounterFunction broadcast() {
        return broadcasting("Broadcast")
                .description("Sends the newest count to everyone")
                .build();
    }

    /**
     * The function of wake-ups. A broadcast that may not be sent yet (the budget, or disconnects that a reload may undo) leaves a
     * row {@code wake#<counter>}. Its stream record arrives here after the batching window: AWS waits, at no charge. The function
     * deletes the row and broadcasts, or requests the next wake-up.
     */
    private CounterFunction wakeUp() {
        return broadcasting("WakeUp")
                .description("Sends the newest count when a broadcast had to wait")
                // This function removes stale connections: they have answered 410 to the broadcast and again to it.
                .allow(connectionIds.getTableArn(), "dynamodb:BatchGetItem", "dynamodb:DeleteItem")
                .allow(visitorCount.getTableArn(), "dynamodb:DeleteItem")
                // Most invocations read two rows and end.
                .memory(props.wakeUpMemoryMegabytes())
                .build();
    }

    /**
     * A function that broadcasts. Its RecursiveLoop keeps the default, Terminate: Lambda stops chains of about 16 invocations, and
     * the handler's are shorter.
     */
    private CounterFunction.Builder broadcasting(String id) {
        CounterFunction.Builder function = counting(id, "io.github.visitorcounter.StreamBroadcastHandler")
                // A large audience takes a while. What does not fit is handed on to another invocation.
                .timeout(Duration.seconds(60))
                // A stream's event does not say where the API is. Also used with a domain of your own.
                .reference(Setting.CALLBACK_URL, api.callbackUrl())
                // Messages are most of the bill, and this is their ceiling.
                .setting(Setting.BROADCAST_MESSAGES_PER_SECOND, props.broadcastMessagesPerSecond())
                .setting(Setting.DISCONNECT_DEBOUNCE, props.disconnectDebounce())
                .setting(Setting.HANDSHAKE_GRACE, HANDSHAKE_GRACE)
                // Metrics name only the counters that are named here.
                .setting(Setting.ALLOWED_COUNTERS, new LinkedHashSet<>(props.allowedCounters()))
                // The dashboard and an alarm use these metrics.
                .reference(Setting.METRICS_NAMESPACE, metricsNamespace)
                // Both ways of reading connections, whatever the counters are: when they change, the role is updated
                // minutes before the alias, and the running version must still be allowed to read.
                .allow(connectionIds.getTableArn() + "/index/" + COUNTER_INDEX, "dynamodb:Query")
                .allow(connectionIds.getTableArn(), "dynamodb:Scan")
                // Counters, leases (lease#) and wake-ups (wake#).
                .allow(
                        visitorCount.getTableArn(),
                        "dynamodb:GetItem",
                        "dynamodb:BatchGetItem",
                        "dynamodb:PutItem",
                        "dynamodb:UpdateItem")
                .allow(api.connectionsArn("POST"), "execute-api:ManageConnections")
                // The event source mapping reads the stream as this function's role.
                .allow(
                        visitorCount.getTableStreamArn(),
                        "dynamodb:DescribeStream",
                        "dynamodb:GetRecords",
                        "dynamodb:GetShardIterator")
                .allow(visitorCount.getTableArn() + "/stream/*", "dynamodb:ListStreams")
                // Lambda sends what it gave up as this role.
                .allow(undelivered.getQueueArn(), "sqs:SendMessage");
        if (props.hasRooms()) {
            function.setting(Setting.COUNTER_INDEX, COUNTER_INDEX);
        }
        if (props.broadcastConcurrency() > 0) {
            function.concurrency(props.broadcastConcurrency());
        }
        return function;
    }

    /**
     * Allows a function to divide a large audience among invocations of itself. A separate policy, because the role can't name an
     * alias that depends on the role. Until the policy exists, one invocation sends to all.
     */
    private void allowSelfInvoke(CounterFunction function) {
        CfnPolicy.Builder.create(this, function.name() + "SelfInvoke")
                .policyName("self-invoke")
                .roles(List.of(function.role().getRoleName()))
                .policyDocument(PolicyDocument.Builder.create()
                        .statements(List.of(PolicyStatement.Builder.create()
                                .actions(List.of("lambda:InvokeFunction"))
                                .resources(List.of(function.alias().getFunctionArn()))
                                .build()))
                        .build())
                .build();
    }

    private void readStream(CounterFunction function, String event, String filter, long windowSeconds) {
        // For the invocations by the disconnect function, and by the function itself.
        CfnEventInvokeConfig.Builder.create(this, function.name() + "EventInvokeConfig")
                .functionName(function.function().getFunctionName())
                .qualifier(function.alias().getAliasName())
                // The retry finds its own lease and resumes. When it fails too, a third attempt would.
                .maximumRetryAttempts(1)
                // Lambda waits a minute before the retry. A count older than two minutes need not be sent any more.
                .maximumEventAgeInSeconds(120)
                .destinationConfig(CfnEventInvokeConfig.DestinationConfigProperty.builder()
                        .onFailure(CfnEventInvokeConfig.OnFailureProperty.builder()
                                .destination(undelivered.getQueueArn())
                                .build())
                        .build())
                .build()
                .addDependency((CfnAlias) function.alias().getNode().getDefaultChild());
        // Not DynamoEventSource: that would also allow listing the streams of every table.
        CfnEventSourceMapping.Builder.create(this, function.name() + event)
                .functionName(function.alias().getFunctionArn())
                .eventSourceArn(visitorCount.getTableStreamArn())
                // LATEST would miss records that are written while the mapping is created.
                .startingPosition("TRIM_HORIZON")
                .filterCriteria(CfnEventSourceMapping.FilterCriteriaProperty.builder()
                        .filters(List.of(CfnEventSourceMapping.FilterProperty.builder()
                                .pattern(filter)
                                .build()))
                        .build())
                // Any number of records of a counter is one broadcast: what waits behind a running one should be one
                // more.
                .batchSize(1000)
                .maximumBatchingWindowInSeconds(windowSeconds)
                // Broadcasts of one counter should follow each other, not overlap.
                .parallelizationFactor(1)
                // The handler names the records whose broadcast failed; without this they would count as done.
                .functionResponseTypes(List.of("ReportBatchItemFailures"))
                // Otherwise one bad record holds up the stream for a day.
                .bisectBatchOnFunctionError(true)
                .maximumRetryAttempts(5)
                // A wake-up that is older is requested again.
                .maximumRecordAgeInSeconds(60)
                .destinationConfig(CfnEventSourceMapping.DestinationConfigProperty.builder()
                        .onFailure(CfnEventSourceMapping.OnFailureProperty.builder()
                                .destination(undelivered.getQueueArn())
                                .build())
                        .build())
                .build();
    }

    private CounterFunction message() {
        return function("Message", "io.github.visitorcounter.MessageHandler")
                .description("Answers messages of pages")
                .timeout(Duration.seconds(10))
                // The answer is the function's own, and needs no permission.
                .allow(connectionIds.getTableArn(), "dynamodb:GetItem")
                // A busy counter has several rows.
                .allow(visitorCount.getTableArn(), "dynamodb:GetItem", "dynamodb:BatchGetItem")
                .build();
    }

    private CounterFunction reconcile() {
        return counting("Reconcile", "io.github.visitorcounter.ReconcileHandler")
                .description("Compares the counters with the connections, and repairs them")
                // It reads all connections for each 50,000 counters. The next run goes on where this one has no more
                // time.
                .timeout(Duration.seconds(300))
                // It asks API Gateway whether the oldest connections still exist.
                .reference(Setting.CALLBACK_URL, api.callbackUrl())
                .setting(Setting.HANDSHAKE_GRACE, HANDSHAKE_GRACE)
                // It removes unused counters of a wildcard, and must know which are named.
                .setting(Setting.ALLOWED_COUNTERS, new LinkedHashSet<>(props.allowedCounters()))
                .setting(Setting.UNUSED_COUNTER_DAYS, props.unusedCounterDays())
                .reference(Setting.METRICS_NAMESPACE, metricsNamespace)
                .allow(connectionIds.getTableArn(), "dynamodb:Scan", "dynamodb:BatchGetItem", "dynamodb:DeleteItem")
                // DeleteItem: unused counters of a wildcard, and the note where the last run stopped.
                .allow(
                        visitorCount.getTableArn(),
                        "dynamodb:Scan",
                        "dynamodb:BatchGetItem",
                        "dynamodb:GetItem",
                        "dynamodb:PutItem",
                        "dynamodb:UpdateItem",
                        "dynamodb:DeleteItem")
                .allow(api.connectionsArn("GET"), "execute-api:ManageConnections")
                // Lambda sends what was given up as this role.
                .allow(undelivered.getQueueArn(), "sqs:SendMessage")
                .build();
    }

    private void schedule(CounterFunction reconcile) {
        CfnRule rule = CfnRule.Builder.create(this, "ReconcileSchedule")
                .description("Repairs the counters")
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
                // The schedule invokes it again anyway.
                .maximumRetryAttempts(1)
                .destinationConfig(CfnEventInvokeConfig.DestinationConfigProperty.builder()
                        .onFailure(CfnEventInvokeConfig.OnFailureProperty.builder()
                                .destination(undelivered.getQueueArn())
                                .build())
                        .build())
                .build()
                .addDependency((CfnAlias) reconcile.alias().getNode().getDefaultChild());
    }

    /**
     * Invokes functions once a day. A published version with a snapshot becomes inactive when it is not invoked for 14 days, and the
     * first invocations after that fail: handshakes, and disconnects, which are lost. A handler ignores the rule's event with one
     * warning in its log. The reconcile function has a schedule of its own. A rule has five targets at most.
     */
    private void keepAlive(List<CounterFunction> functions) {
        CfnRule rule = CfnRule.Builder.create(this, "KeepAliveSchedule")
                .description("Keeps the functions' snapshots active")
                .scheduleExpression("rate(1 day)")
                .targets(functions.stream()
                        .map(function -> CfnRule.TargetProperty.builder()
                                .id(function.dashedName())
                                .arn(function.alias().getFunctionArn())
                                .build())
                        .toList())
                .build();
        functions.forEach(function -> function.alias()
                .addPermission(
                        "KeepAlive",
                        Permission.builder()
                                .principal(new ServicePrincipal("events.amazonaws.com"))
                                .sourceArn(rule.getAttrArn())
                                .build()));
    }

    /** A function that adds or removes connections, and must count them as the others do. */
    private CounterFunction.Builder counting(String id, String handler) {
        return function(id, handler)
                .setting(Setting.COUNTING_MODE, props.countingMode())
                .setting(Setting.VISIT_TIMEOUT, props.visitTimeout())
                .setting(Setting.MAX_LIVE, props.maxLive());
    }

    private CounterFunction.Builder function(String id, String handler) {
        CounterFunction.Builder function = new CounterFunction.Builder(
                        this, id, handler, props.code(), props.logRetention())
                .reference(Setting.CONNECTIONS_TABLE, connectionIds.getTableName())
                .reference(Setting.COUNTERS_TABLE, visitorCount.getTableName());
        tracing.ifPresent(function::tracedWith);
        return function;
    }

    private static Attribute key(String name) {
        return Attribute.builder().name(name).type(AttributeType.STRING).build();
    }
}
