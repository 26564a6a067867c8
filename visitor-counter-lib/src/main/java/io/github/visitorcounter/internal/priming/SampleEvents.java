package io.github.visitorcounter.internal.priming;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Sample AWS events for priming. */
public final class SampleEvents {

    private static final String CONTEXT = """
            "routeKey":"$connect","messageDirection":"IN","stage":"prod","connectedAt":1700000000000,\
            "requestTime":"14/Nov/2023:22:13:20 +0000","requestTimeEpoch":1700000000000,"requestId":"AAAAAAAAAAA=",\
            "identity":{"sourceIp":"192.0.2.1","userAgent":"none"},"domainName":"example.org","apiId":"none",\
            "connectionId":"#snapshot"\
            """;

    private static final String CONNECT = """
            {"headers":{"Host":"example.org","Origin":"https://example.org","Sec-WebSocket-Version":"13"},\
            "queryStringParameters":{"counter":"#snapshot","visit":"none"},"isBase64Encoded":false,\
            "requestContext":{"eventType":"CONNECT",%s}}""".formatted(CONTEXT);

    private static final String DISCONNECT = """
            {"headers":{"Host":"example.org"},"isBase64Encoded":false,\
            "requestContext":{"eventType":"DISCONNECT","disconnectStatusCode":1001,"disconnectReason":"Going away",%s}}\
            """.formatted(CONTEXT);

    private static final String MESSAGE = """
            {"isBase64Encoded":false,"body":"{\\"action\\":\\"count\\"}","requestContext":{"eventType":"MESSAGE",%s}}\
            """.formatted(CONTEXT);

    private static final String REQUEST = """
            {"version":"2.0","routeKey":"$default","rawPath":"/count","rawQueryString":"counter=none",\
            "headers":{"host":"example.org","origin":"https://example.org"},"queryStringParameters":{"counter":"none"},\
            "requestContext":{"http":{"method":"GET","path":"/count","protocol":"HTTP/1.1","sourceIp":"192.0.2.1",\
            "userAgent":"none"},"requestId":"none","stage":"$default"},"isBase64Encoded":false}""";

    private static final String STREAM = """
            {"Records":[{"eventID":"none","eventName":"MODIFY","eventVersion":"1.1","eventSource":"aws:dynamodb",\
            "awsRegion":"none","dynamodb":{"ApproximateCreationDateTime":1700000000,\
            "Keys":{"counterId":{"S":"#snapshot"}},"NewImage":{"counterId":{"S":"#snapshot"},"live":{"N":"1"},\
            "total":{"N":"1"},"version":{"N":"1"},"lastChange":{"S":"CONNECT"},"lastConnectionId":{"S":"#snapshot"},\
            "updatedAt":{"N":"1700000000000"}},"SequenceNumber":"1","SizeBytes":1,"StreamViewType":"NEW_IMAGE"},\
            "eventSourceARN":"arn:none"}]}""";

    private SampleEvents() {}

    /** Returns an event of {@code $connect}. */
    public static InputStream connect() {
        return stream(CONNECT);
    }

    /** Returns an event of {@code $disconnect}. */
    public static InputStream disconnect() {
        return stream(DISCONNECT);
    }

    /** Returns the event of a client message that requests the count. */
    public static InputStream message() {
        return stream(MESSAGE);
    }

    /** Returns the event of an HTTP request. */
    public static InputStream request() {
        return stream(REQUEST);
    }

    /** Returns a stream batch with one record. */
    public static InputStream stream() {
        return stream(STREAM);
    }

    private static InputStream stream(String event) {
        return new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8));
    }
}
