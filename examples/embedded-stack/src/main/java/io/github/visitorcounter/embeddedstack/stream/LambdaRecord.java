package io.github.visitorcounter.embeddedstack.stream;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Identity;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.StreamRecord;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Converts a record of the Streams API to the JSON that Lambda sends to a function. */
final class LambdaRecord {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String TIME_TO_LIVE_PRINCIPAL = "dynamodb.amazonaws.com";

    private final String region;
    private final String streamArn;

    /**
     * Converts the records of a stream.
     *
     * @param region the region in the records
     * @param streamArn the ARN in the records
     */
    LambdaRecord(String region, String streamArn) {
        this.region = region;
        this.streamArn = streamArn;
    }

    ObjectNode json(Record source) {
        StreamRecord change = source.dynamodb();
        boolean expired = expired(source);
        ObjectNode json = NODES.objectNode()
                .put("eventID", source.eventID())
                .put("eventName", expired ? "REMOVE" : source.eventNameAsString())
                .put("eventVersion", "1.1")
                .put("eventSource", "aws:dynamodb")
                .put("awsRegion", region);
        ObjectNode dynamodb = json.putObject("dynamodb");
        if (change.approximateCreationDateTime() != null) {
            dynamodb.put("ApproximateCreationDateTime", epochSeconds(change.approximateCreationDateTime()));
        }
        putItem(dynamodb, "Keys", change.hasKeys(), change.keys());
        putItem(dynamodb, "NewImage", change.hasNewImage(), change.newImage());
        putItem(dynamodb, "OldImage", change.hasOldImage(), change.oldImage());
        dynamodb.put("SequenceNumber", change.sequenceNumber())
                .put("SizeBytes", change.sizeBytes())
                .put("StreamViewType", change.streamViewTypeAsString());
        json.put("eventSourceARN", streamArn);
        if (expired) {
            json.putObject("userIdentity").put("type", "Service").put("principalId", TIME_TO_LIVE_PRINCIPAL);
        }
        return json;
    }

    /** DynamoDB Local 3.3.1 sends a deletion by time to live with an unknown event name and without the identity. */
    private static boolean expired(Record source) {
        Identity identity = source.userIdentity();
        return (source.eventName() == OperationType.UNKNOWN_TO_SDK_VERSION
                        && !source.dynamodb().hasNewImage())
                || (identity != null && TIME_TO_LIVE_PRINCIPAL.equals(identity.principalId()));
    }

    private static BigDecimal epochSeconds(Instant time) {
        BigDecimal seconds = BigDecimal.valueOf(time.toEpochMilli(), 3).stripTrailingZeros();
        return seconds.scale() < 0 ? seconds.setScale(0) : seconds;
    }

    private static void putItem(ObjectNode parent, String name, boolean present, Map<String, AttributeValue> item) {
        if (present) {
            parent.set(name, map(item));
        }
    }

    private static ObjectNode map(Map<String, AttributeValue> attributes) {
        ObjectNode json = NODES.objectNode();
        attributes.forEach((name, value) -> json.set(name, attribute(value)));
        return json;
    }

    private static ObjectNode attribute(AttributeValue value) {
        ObjectNode json = NODES.objectNode();
        switch (value.type()) {
            case S -> json.put("S", value.s());
            case N -> json.put("N", value.n());
            case B -> json.put("B", base64(value.b()));
            case BOOL -> json.put("BOOL", value.bool());
            case NUL -> json.put("NULL", value.nul());
            case SS -> strings(json.putArray("SS"), value.ss());
            case NS -> strings(json.putArray("NS"), value.ns());
            case BS ->
                strings(
                        json.putArray("BS"),
                        value.bs().stream().map(LambdaRecord::base64).toList());
            case L -> {
                ArrayNode list = json.putArray("L");
                value.l().forEach(one -> list.add(attribute(one)));
            }
            case M -> json.set("M", map(value.m()));
            default -> throw new IllegalArgumentException("attribute of unknown type: " + value);
        }
        return json;
    }

    private static void strings(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }

    private static String base64(SdkBytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.asByteArrayUnsafe());
    }
}
