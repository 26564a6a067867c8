package io.github.visitorcounter.benchmark.micro;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Sample AWS events. */
public final class SampleEvents {

    private static final long FIRST_SEQUENCE_NUMBER = 100_000_000_000L;

    private static final String CONNECT = """
            {"headers":{"Host":"asdf.execute-api.us-west-2.amazonaws.com","Origin":"https://www.example.org",
            "Sec-WebSocket-Key":"asdfasdf==","Sec-WebSocket-Version":"13","X-Forwarded-For":"10.0.0.13"},
            "multiValueHeaders":{"Host":["asdf.execute-api.us-west-2.amazonaws.com"],"Sec-WebSocket-Version":["13"]},
            "requestContext":{"routeKey":"$connect","eventType":"CONNECT","extendedRequestId":"asdfasdf=",
            "requestTime":"22/Feb/2022:19:07:37 +0000","messageDirection":"IN","stage":"dev","connectedAt":1645556857902,
            "requestTimeEpoch":1645556857902,"identity":{"sourceIp":"10.0.0.13","userAgent":"a browser"},
            "requestId":"asdf=","domainName":"asdf.execute-api.us-west-2.amazonaws.com",
            "connectionId":"L0SM9cOFvHcCIhw=","apiId":"asdf"},"isBase64Encoded":false}""";

    private static final String RECORD = """
            {"eventID":"c4ca4238a0b923820dcc509a6f75849b","eventName":"MODIFY","eventVersion":"1.1",
            "eventSource":"aws:dynamodb","awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":1645556857,
            "Keys":{"counterId":{"S":"site"}},"NewImage":{"counterId":{"S":"site"},"live":{"N":"12"},"total":{"N":"3456"},
            "version":{"N":"981"},"lastChange":{"S":"CONNECT"},"lastConnectionId":{"S":"L0SM9cOFvHcCIhw="},
            "updatedAt":{"N":"1645556857902"}},"SequenceNumber":"NUMBER","SizeBytes":150,"StreamViewType":"NEW_IMAGE"},
            "eventSourceARN":"arn:aws:dynamodb:us-east-1:000000000000:table/VisitorCount/stream/2022-02-22T19:07:37.902"}""";

    private static final String WAKE_UP = """
            {"Records":[{"eventID":"c81e728d9d4c2f636f067f89cc14862c","eventName":"INSERT","eventVersion":"1.1",
            "eventSource":"aws:dynamodb","awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":1645556857,
            "Keys":{"counterId":{"S":"wake#site"}},"NewImage":{"counterId":{"S":"wake#site"},
            "requestedAt":{"N":"1645556857902"}},"SequenceNumber":"200000000000","SizeBytes":60,
            "StreamViewType":"NEW_IMAGE"},
            "eventSourceARN":"arn:aws:dynamodb:us-east-1:000000000000:table/VisitorCount/stream/2022-02-22T19:07:37.902"}]}""";

    private SampleEvents() {}

    /** An event of {@code $connect}. */
    public static byte[] connect() {
        return CONNECT.getBytes(StandardCharsets.UTF_8);
    }

    /** A batch with a wake-up of the counter {@code site}. */
    public static byte[] wakeUp() {
        return WAKE_UP.getBytes(StandardCharsets.UTF_8);
    }

    /** A batch of the stream of the table of counters. */
    public static byte[] batch(int records) {
        return IntStream.range(0, records)
                .mapToObj(number -> RECORD.replace("NUMBER", Long.toString(FIRST_SEQUENCE_NUMBER + number)))
                .collect(Collectors.joining(",", "{\"Records\":[", "]}"))
                .getBytes(StandardCharsets.UTF_8);
    }
}
