package io.github.visitorcounter.examples.cdk;

import io.github.visitorcounter.VisitorCounterConfig;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.BillingMode;
import software.amazon.awscdk.services.dynamodb.StreamViewType;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.EventInvokeConfigOptions;
import software.amazon.awscdk.services.lambda.EventSourceMapping;
import software.amazon.awscdk.services.lambda.FilterCriteria;
import software.amazon.awscdk.services.lambda.FilterRule;
import software.amazon.awscdk.services.lambda.StartingPosition;
import software.constructs.Construct;

import java.util.List;
import java.util.Map;

/**
 * A visitor counter: a WebSocket API, three functions and two tables.
 *
 * <p>A page connects and {@code ConnectHandler} counts it in; the stream of the count wakes {@code StreamBroadcastHandler},
 * which tells everyone; when a page leaves, {@code DisconnectHandler} counts it out and invokes the broadcast directly.
 */
public final class VisitorCounter extends Construct {

    private final Table connectionIds;
    private final Table visitorCount;
    private final SocketApi api;
    private final VisitorCounterProps props;

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
        this.connectionIds = connectionIds();
        this.visitorCount = visitorCount();
        this.api = new SocketApi(this, "Socket");
        api.route("$connect", connect());
        Alias broadcast = broadcast();
        api.route("$disconnect", disconnect(broadcast));
        api.ping();
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
     * Returns the table of counters, which is kept when the stack is deleted.
     *
     * @return the table
     */
    public Table visitorCountTable() {
        return visitorCount;
    }

    private Table connectionIds() {
        return Table.Builder.create(this, "ConnectionIDs")
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .partitionKey(key("connectionId"))
                // Because $disconnect can get lost, and such a row must not stay for ever.
                .timeToLiveAttribute("expiresAt")
                // Because its rows live as long as their sockets, which do not outlive the API.
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
    }

    private Table visitorCount() {
        return Table.Builder.create(this, "VisitorCount")
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .partitionKey(key("counterId"))
                // Because the filter and the handler look at the new row; the old one would only make records larger.
                .stream(StreamViewType.NEW_IMAGE)
                // Because the total can't be made again from anything else; it goes only when the very first deployment
                // fails.
                .removalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
                .build();
    }

    private Alias connect() {
        return function("Connect", "io.github.visitorcounter.ConnectHandler")
                .description("Counts a visitor in")
                // Because the handshake waits for the answer; the handler retries DynamoDB until shortly before this.
                .timeout(Duration.seconds(10))
                .setting(VisitorCounterConfig.COUNTERS, String.join(",", props.counters()))
                // Because a transaction needs the permissions of its parts, and none of its own.
                .allow(connectionIds.getTableArn(), "dynamodb:PutItem")
                .allow(visitorCount.getTableArn(), "dynamodb:UpdateItem")
                .build();
    }

    private Alias disconnect(Alias broadcast) {
        return function("Disconnect", "io.github.visitorcounter.DisconnectHandler")
                .description("Counts a visitor out")
                // Because the handler retries DynamoDB and the announcement until shortly before this.
                .timeout(Duration.seconds(10))
                // Because a function's name alone would mean its unpublished version, which has no snapshot.
                .setting(VisitorCounterConfig.BROADCAST_FUNCTION, broadcast.getFunctionArn())
                .allow(connectionIds.getTableArn(), "dynamodb:GetItem", "dynamodb:DeleteItem")
                .allow(visitorCount.getTableArn(), "dynamodb:UpdateItem")
                .allow(broadcast.getFunctionArn(), "lambda:InvokeFunction")
                .build();
    }

    private Alias broadcast() {
        String stream = visitorCount.getTableStreamArn();
        Alias broadcast = function("Broadcast", "io.github.visitorcounter.StreamBroadcastHandler")
                .description("Tells everyone the newest count")
                // Because a large audience takes a while; what does not fit is reported as failed and comes again.
                .timeout(Duration.seconds(60))
                // Because a stream's event does not say where the API is.
                .setting(VisitorCounterConfig.CALLBACK_URL, api.callbackUrl())
                // DeleteItem and UpdateItem: connections that are gone are counted out.
                .allow(connectionIds.getTableArn(), "dynamodb:Scan", "dynamodb:DeleteItem")
                .allow(visitorCount.getTableArn(), "dynamodb:GetItem", "dynamodb:UpdateItem")
                .allow(api.connectionsArn(), "execute-api:ManageConnections")
                // The event source mapping reads the stream as this function's role.
                .allow(stream, "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
                .allow(visitorCount.getTableArn() + "/stream/*", "dynamodb:ListStreams")
                .build();
        // For the direct invoke by the disconnect function.
        broadcast.configureAsyncInvoke(EventInvokeConfigOptions.builder()
                .retryAttempts(1)
                // Because Lambda waits a minute before it tries again, and a count that is older than two is news to
                // nobody.
                .maxEventAge(Duration.seconds(120))
                .build());
        // Not DynamoEventSource: that would also allow listing the streams of every table.
        EventSourceMapping.Builder.create(this, "Changes")
                .target(broadcast)
                .eventSourceArn(stream)
                // Because LATEST would miss the visitors who come while this mapping is being made.
                .startingPosition(StartingPosition.TRIM_HORIZON)
                // Because only rows that say what changed are counts, and the disconnect function announces its own
                // changes.
                // A row without lastChange does not match: anything-but needs the key to be there.
                .filters(List.of(FilterCriteria.filter(Map.of(
                        "dynamodb",
                        Map.of("NewImage", Map.of("lastChange", Map.of("S", FilterRule.notEquals("DISCONNECT"))))))))
                // Because any number of records is one broadcast: what waits behind a running one should become one
                // more.
                .batchSize(1000)
                // Because newcomers should see the count at once.
                .maxBatchingWindow(Duration.seconds(0))
                // Because broadcasts of one counter should follow each other, not overlap.
                .parallelizationFactor(1)
                // Because the handler names the records whose broadcast failed; without this they would count as done.
                .reportBatchItemFailures(true)
                // Because otherwise one bad record holds up the stream for a day.
                .bisectBatchOnError(true)
                .retryAttempts(5)
                .maxRecordAge(Duration.seconds(60))
                .build();
        return broadcast;
    }

    private CounterFunction.Builder function(String id, String handler) {
        return new CounterFunction.Builder(this, id, handler, props.code())
                .setting(VisitorCounterConfig.CONNECTIONS_TABLE, connectionIds.getTableName())
                .setting(VisitorCounterConfig.COUNT_TABLE, visitorCount.getTableName());
    }

    private static Attribute key(String name) {
        return Attribute.builder().name(name).type(AttributeType.STRING).build();
    }
}
