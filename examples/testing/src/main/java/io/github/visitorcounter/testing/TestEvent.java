package io.github.visitorcounter.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Instant;

/**
 * An event that AWS would pass to a handler. Each {@code with} method returns a changed copy. Immutable.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html">the
 *     request context of WebSocket APIs</a>
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html">events of DynamoDB streams</a>
 * @since 0.1.0
 */
public final class TestEvent {

    private static final String CONNECT = "CONNECT";
    private static final String DISCONNECT = "DISCONNECT";
    private static final String CONTEXT = "requestContext";

    private final ObjectNode event;

    private TestEvent(ObjectNode event) {
        this.event = event;
    }

    /**
     * A {@code $connect} event, without Origin header and query parameters, from the address 192.0.2.1.
     *
     * @param connectionId API Gateway's id of the connection
     * @return the event
     */
    public static TestEvent connect(String connectionId) {
        return ofConnection(connectionId, CONNECT, "$connect");
    }

    /**
     * A {@code $disconnect} event of a page that was closed, with close code 1001.
     *
     * @param connectionId API Gateway's id of the connection
     * @return the event
     */
    public static TestEvent disconnect(String connectionId) {
        TestEvent disconnect = ofConnection(connectionId, DISCONNECT, "$disconnect");
        disconnect.context().put("disconnectStatusCode", 1001).put("disconnectReason", "");
        return disconnect;
    }

    /**
     * The event of a message that a page sent, on the route {@code $default}.
     *
     * @param connectionId API Gateway's id of the connection
     * @param body the text of the message
     * @return the event
     */
    public static TestEvent message(String connectionId, String body) {
        TestEvent message = ofConnection(connectionId, "MESSAGE", "$default");
        message.event.put("body", body);
        return message;
    }

    private static TestEvent ofConnection(String connectionId, String type, String route) {
        TestEvent event = new TestEvent(JsonNodeFactory.instance.objectNode());
        event.context()
                .put("connectionId", connectionId)
                .put("eventType", type)
                .put("routeKey", route)
                .put("stage", "test")
                .put("apiId", "test")
                .put("requestId", "request-" + connectionId)
                .put("domainName", "test.execute-api.us-east-1.amazonaws.com")
                .withObject("/identity")
                .put("sourceIp", "192.0.2.1");
        event.event.put("isBase64Encoded", false);
        return event;
    }

    /**
     * The stream's record of a connect: makes the broadcast function send the counter's present count to all pages.
     *
     * @param counterId the counter
     * @param connectionId the connection that was counted
     * @return the event
     */
    public static TestEvent counted(String counterId, String connectionId) {
        TestEvent event = record(counterId);
        event.image().set("lastChange", JsonNodeFactory.instance.objectNode().put("S", CONNECT));
        event.image()
                .set("lastConnectionId", JsonNodeFactory.instance.objectNode().put("S", connectionId));
        return event;
    }

    /**
     * A wake-up of a counter: makes the broadcast function send what has not been sent yet, such as the count after a
     * disconnect.
     *
     * @param counterId the counter
     * @return the event
     */
    public static TestEvent wakeUp(String counterId) {
        return record("wake#" + counterId);
    }

    private static TestEvent record(String key) {
        ObjectNode counterId = JsonNodeFactory.instance.objectNode().put("S", key);
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        ObjectNode record = event.withArray("Records").addObject();
        record.put("eventID", "1")
                .put("eventName", "MODIFY")
                .put("eventSource", "aws:dynamodb")
                .put(
                        "eventSourceARN",
                        "arn:aws:dynamodb:us-east-1:000000000000:table/VisitorCount/stream/2026-11-24T10:00:00.000");
        ObjectNode change = record.putObject("dynamodb");
        change.put("SequenceNumber", "1").put("StreamViewType", "NEW_IMAGE");
        change.putObject("Keys").set("counterId", counterId);
        change.putObject("NewImage").set("counterId", counterId);
        return new TestEvent(event);
    }

    /**
     * The event of a schedule, for the reconcile function.
     *
     * @return the event
     */
    public static TestEvent schedule() {
        return new TestEvent(JsonNodeFactory.instance
                .objectNode()
                .put("source", "aws.events")
                .put("detail-type", "Scheduled Event"));
    }

    /**
     * Adds a header of the handshake.
     *
     * @param name its name
     * @param value its value
     * @return the changed event
     */
    public TestEvent withHeader(String name, String value) {
        TestEvent copy = copy();
        copy.event.withObject("/headers").put(name, value);
        copy.event.withObject("/multiValueHeaders").putArray(name).add(value);
        return copy;
    }

    /**
     * Adds a query parameter of the handshake, such as {@code counter} or {@code visit}.
     *
     * @param name its name
     * @param value its decoded value
     * @return the changed event
     */
    public TestEvent withQueryParameter(String name, String value) {
        TestEvent copy = copy();
        copy.event.withObject("/queryStringParameters").put(name, value);
        copy.event.withObject("/multiValueQueryStringParameters").putArray(name).add(value);
        return copy;
    }

    /**
     * Sets the page's address.
     *
     * @param sourceIp an IPv4 or IPv6 address
     * @return the changed event
     */
    public TestEvent withSourceIp(String sourceIp) {
        TestEvent copy = copy();
        copy.context().withObject("/identity").put("sourceIp", sourceIp);
        return copy;
    }

    /**
     * Adds a value of the context that a Lambda authorizer returned.
     *
     * @param name its name
     * @param value its value
     * @return the changed event
     */
    public TestEvent withAuthorizer(String name, String value) {
        TestEvent copy = copy();
        copy.context().withObject("/authorizer").put(name, value);
        return copy;
    }

    private TestEvent copy() {
        return new TestEvent(event.deepCopy());
    }

    private ObjectNode context() {
        return event.withObject("/" + CONTEXT);
    }

    private ObjectNode image() {
        return (ObjectNode) event.at("/Records/0/dynamodb/NewImage");
    }

    boolean isConnect() {
        return CONNECT.equals(event.at("/requestContext/eventType").asText());
    }

    boolean isDisconnect() {
        return DISCONNECT.equals(event.at("/requestContext/eventType").asText());
    }

    String connectionId() {
        return event.at("/requestContext/connectionId").asText();
    }

    /** Returns the event's JSON; an event of a connection happens at the given time. */
    String json(Instant at) {
        TestEvent copy = copy();
        if (event.has(CONTEXT)) {
            copy.context().put("connectedAt", at.toEpochMilli()).put("requestTimeEpoch", at.toEpochMilli());
        }
        return copy.event.toString();
    }
}
