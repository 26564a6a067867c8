package io.github.visitorcounter.examples.cdk;

import io.github.visitorcounter.Setting;
import software.amazon.awscdk.CfnDeletionPolicy;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudfront.CfnDistribution;
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
 * <p>{@code ConnectHandler} counts a connection. The stream of the counters invokes {@code StreamBroadcastHandler},
 * which sends the count to every connection. {@code DisconnectHandler} counts a disconnect and invokes the broadcast
 * function directly. A broadcast that has to wait leaves a wake-up row, which comes back through the stream to a second
 * function of the same handler. {@code MessageHandler} answers messages, and {@code ReconcileHandler} repairs the
 * counters. {@code CountHandler}, if it is deployed, answers requests over HTTP.
 */
public final class VisitorCounter extends Construct {

    private static final String COUNTER_INDEX = "byCounter";

    /**
     * A connection must be counted within half of this. 10 s allow a retry more than 5 s after the first attempt, which
     * AWS recommends for transactions whose coordinator failed. A younger connection that answers 410 may still be in
     * its handshake.
     */
    private static final java.time.Duration HANDSHAKE_GRACE = java.time.Duration.ofSeconds(20);

    /**
     * Only rows of counters have lastChange; anything-but does not match rows without it. The disconnect function
     * invokes the broadcast function itself, so its records are filtered out.
     */
    private static final String CHANGES =
            "{\"dynamodb\":{\"NewImage\":{\"lastChange\":{\"S\":[{\"anything-but\":[\"DISCONNECT\"]}]}}}}";

    /** New images of wake-up rows only: the function deletes the row, and that REMOVE must not invoke it again. */
    private static final String WAKE_UPS = "{\"eventName\":[\"INSERT\",\"MODIFY\"],"
            + "\"dynamodb\":{\"NewImage\":{\"counterId\":{\"S\":[{\"prefix\":\"wake#\"}]}}}}";

    private final VisitorCounterProps props;
    private final String metricsNamespace;
    private final Optional<IManagedPolicy> tracing;
    private final Table connectionIds;
    private final Table visitorCount;
    private final Queue undelivered;
    private final SocketApi api;
    private final Optional<HttpCount> httpCount;
    private final Optional<Page> page;
    private final Optional<CfnDistribution> countDistribution;

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
        this.httpCount = props.httpCount() ? Optional.of(httpCount()) : Optional.empty();
        this.page = props.page()
                .map(files -> new Page(
                        this, "Page", files, api.socketUrl(), api.socketHost(), httpCount, props.logRetention()));
        this.countDistribution =
                httpCount.map(count -> page.map(Page::distribution).orElseGet(count::distribution));
        httpCount.ifPresent(count -> countDistribution.ifPresent(count::allow));
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
        // A new connection is sent the count at once.
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
                httpCount.map(HttpCount::function),
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
     * Returns where the count is available over HTTP, at {@code /count} and {@code /badge.svg}.
     *
     * @return an address that starts with {@code https://}, or empty if it is not
     */
    public Optional<String> httpCountUrl() {
        return countDistribution.map(distribution -> "https://" + distribution.getAttrDomainName());
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
     * Returns the dead-letter queue of stream records and asynchronous invocations.
     *
     * @return the queue
     */
    public Queue undeliveredQueue() {
        return undelivered;
    }

    /** The only permission on *: X-Ray has no resources to name. */
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
                // API Gateway does not guarantee $disconnect; without one, the row expires.
                .timeToLiveAttribute("expiresAt")
                // Connections end with the API, so their rows need not be kept.
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        if (props.hasRooms()) {
            // With several counters a broadcast queries its connections by this index. With one counter it reads the
            // whole table, which saves the index's writes.
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
                // Visits and rate limits are rows of this table, too, and expire.
                .timeToLiveAttribute("expiresAt")
                // The filters and the handler read the new image only; the old image would make records larger.
                .stream(StreamViewType.NEW_IMAGE)
                // Protects the totals from operator errors. Backups of so small a table cost almost nothing.
                .pointInTimeRecoverySpecification(PointInTimeRecoverySpecification.builder()
                        .pointInTimeRecoveryEnabled(true)
                        .build())
                .build();
        // The totals cannot be restored from anything else.
        CfnTable cfn = (CfnTable) table.getNode().getDefaultChild();
        cfn.getCfnOptions()
                .setDeletionPolicy(
                        props.totals() == RemovalPolicy.RETAIN ? CfnDeletionPolicy.RETAIN : CfnDeletionPolicy.DELETE);
        cfn.getCfnOptions().setUpdateReplacePolicy(CfnDeletionPolicy.RETAIN);
        // CloudFormation ignores an update that changes only a deletion policy. This makes it a change.
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
                // Any page can open a WebSocket. Browsers send the page's origin.
                .reference(Setting.ALLOWED_ORIGINS, String.join(",", origins))
                .setting(Setting.WATCHERS, props.watchers())
                .setting(Setting.CONNECTS_PER_IP, props.connectsPerIp())
                .setting(Setting.NEW_COUNTERS_PER_MINUTE, props.newCountersPerMinute())
                // For the metric RejectedConnections, by reason.
                .reference(Setting.METRICS_NAMESPACE, metricsNamespace)
                .setting(Setting.HANDSHAKE_GRACE, HANDSHAKE_GRACE)
                // A transaction needs the permissions of its parts and none of its own.
                .allow(connectionIds.getTableArn(), "dynamodb:PutItem")
                // GetItem reads which rows a busy counter has. BatchGetItem reads them all if there is a maximum.
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
                // The alias: the function's name alone means its unpublished version, which has no snapshot.
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
     * The function of wake-ups. A broadcast that has to wait (for the message budget, or to debounce a disconnect)
     * writes a row {@code wake#<counter>}. Its stream record arrives here after the batching window, which costs
     * nothing. The function deletes the row and broadcasts, or requests the next wake-up.
     */
    private CounterFunction wakeUp() {
        return broadcasting("WakeUp")
                .description("Sends the newest count when a broadcast had to wait")
                // This function removes stale connections: those that answered 410 to a broadcast and again to it.
                .allow(connectionIds.getTableArn(), "dynamodb:BatchGetItem", "dynamodb:DeleteItem")
                .allow(visitorCount.getTableArn(), "dynamodb:DeleteItem")
                // Most invocations only read two rows.
                .memory(props.wakeUpMemoryMegabytes())
                .build();
    }

    /**
     * A function that broadcasts. Its RecursiveLoop keeps the default, Terminate: Lambda stops chains of about 16
     * invocations, and the handler's are shorter.
     */
    private CounterFunction.Builder broadcasting(String id) {
        CounterFunction.Builder function = counting(id, "io.github.visitorcounter.StreamBroadcastHandler")
                // For large audiences. A broadcast that takes longer is continued by the next invocation.
                .timeout(Duration.seconds(60))
                // A stream event does not contain the API's address. Posts use this address with your own domain, too.
                .reference(Setting.CALLBACK_URL, api.callbackUrl())
                // Messages are most of the bill. This is its ceiling.
                .setting(Setting.BROADCAST_MESSAGES_PER_SECOND, props.broadcastMessagesPerSecond())
                .setting(Setting.DISCONNECT_DEBOUNCE, props.disconnectDebounce())
                .setting(Setting.MESSAGE_FORMAT, props.messageFormat())
                .setting(Setting.WATCHERS, props.watchers())
                .setting(Setting.HANDSHAKE_GRACE, HANDSHAKE_GRACE)
                // Only the counters named here have metrics of their own.
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
                // The event source mapping reads the stream with this function's role.
                .allow(
                        visitorCount.getTableStreamArn(),
                        "dynamodb:DescribeStream",
                        "dynamodb:GetRecords",
                        "dynamodb:GetShardIterator")
                .allow(visitorCount.getTableArn() + "/stream/*", "dynamodb:ListStreams")
                // Lambda sends discarded records and events with this role.
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
     * Allows a function to invoke itself for the segments of a large audience. This is a policy of its own, because the
     * role cannot name an alias that depends on the role. Until the policy exists, one invocation sends all segments.
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
                // A retry finds its own lease and resumes the broadcast. More retries would hardly help.
                .maximumRetryAttempts(1)
                // Lambda retries after a minute. After two minutes a newer broadcast has sent the count.
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
                // LATEST would miss records that are written while the mapping is being created.
                .startingPosition("TRIM_HORIZON")
                .filterCriteria(CfnEventSourceMapping.FilterCriteriaProperty.builder()
                        .filters(List.of(CfnEventSourceMapping.FilterProperty.builder()
                                .pattern(filter)
                                .build()))
                        .build())
                // All records of a counter in a batch are one broadcast, so large batches save broadcasts.
                .batchSize(1000)
                .maximumBatchingWindowInSeconds(windowSeconds)
                // One counter is broadcast by one invocation at a time: its lease would reject parallel batches.
                .parallelizationFactor(1)
                // The handler returns the records whose broadcast failed. Without this, Lambda would treat them as
                // processed.
                .functionResponseTypes(List.of("ReportBatchItemFailures"))
                // Without these limits, one bad record would block the stream for a day.
                .bisectBatchOnFunctionError(true)
                .maximumRetryAttempts(5)
                // An older wake-up is requested again.
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
                .setting(Setting.MESSAGE_FORMAT, props.messageFormat())
                // A page may ask for the count of its own counter and of this one.
                .reference(Setting.SITE_COUNTER, props.siteCounter().orElse(""))
                // API Gateway sends the function's return value to the page, which needs no permission.
                .allow(connectionIds.getTableArn(), "dynamodb:GetItem")
                // A busy counter has several rows.
                .allow(visitorCount.getTableArn(), "dynamodb:GetItem", "dynamodb:BatchGetItem")
                .build();
    }

    private HttpCount httpCount() {
        return new HttpCount(
                this,
                "HttpCount",
                props,
                (scope, id) -> countReading(scope, id, "io.github.visitorcounter.CountHandler"),
                visitorCount.getTableArn());
    }

    private CounterFunction reconcile() {
        return counting("Reconcile", "io.github.visitorcounter.ReconcileHandler")
                .description("Compares the counters with the connections, and repairs them")
                // It reads all connections for each 50,000 counters. The next run continues where this one had no more
                // time.
                .timeout(Duration.seconds(300))
                // It asks API Gateway whether the oldest connections still exist.
                .reference(Setting.CALLBACK_URL, api.callbackUrl())
                .setting(Setting.HANDSHAKE_GRACE, HANDSHAKE_GRACE)
                // It removes unused counters of a wildcard, and must know which are named.
                .setting(Setting.ALLOWED_COUNTERS, new LinkedHashSet<>(props.allowedCounters()))
                .setting(Setting.UNUSED_COUNTER_DAYS, props.unusedCounterDays())
                // It must know which counts pages can tell apart.
                .setting(Setting.MESSAGE_FORMAT, props.messageFormat())
                .setting(Setting.WATCHERS, props.watchers())
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
                // Lambda sends discarded events with this role.
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
                // The schedule invokes it again in five minutes.
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
     * Invokes functions once a day. A published version with a snapshot becomes inactive if it is not invoked for 14
     * days. The first invocations after that fail, so that handshakes are rejected and disconnects are lost. The
     * handlers ignore this rule's event with one warning in the log. The reconcile function has a schedule of its own.
     * A rule has at most five targets.
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
                .setting(Setting.MAX_LIVE, props.maxLive())
                .reference(Setting.SITE_COUNTER, props.siteCounter().orElse(""));
    }

    private CounterFunction.Builder function(String id, String handler) {
        return countReading(this, id, handler).reference(Setting.CONNECTIONS_TABLE, connectionIds.getTableName());
    }

    /** A function that needs the table of counters only. */
    private CounterFunction.Builder countReading(Construct scope, String id, String handler) {
        CounterFunction.Builder function = new CounterFunction.Builder(
                        scope, id, handler, props.code(), props.logRetention())
                .reference(Setting.COUNTERS_TABLE, visitorCount.getTableName());
        tracing.ifPresent(function::tracedWith);
        return function;
    }

    private static Attribute key(String name) {
        return Attribute.builder().name(name).type(AttributeType.STRING).build();
    }
}
