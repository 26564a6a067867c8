package io.github.visitorcounter.embeddedstack.stream;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class LambdaRecordTest {

    private static final String ARN =
            "arn:aws:dynamodb:eu-west-1:123456789012:table/VisitorCount/stream/2026-11-24T08:22:43.524";

    private final LambdaRecord lambdaRecord = new LambdaRecord("eu-west-1", ARN);

    @Test
    void shows_a_change_as_lambda_does() {
        assertThat(StreamFakes.parse(lambdaRecord.json(modified()).toString()))
                .isEqualTo(StreamFakes.parse("""
                        {"eventID": "7bd6", "eventName": "MODIFY", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
                         "awsRegion": "eu-west-1",
                         "dynamodb": {
                           "ApproximateCreationDateTime": 1479499740,
                           "Keys": {"id": {"S": "site"}},
                           "NewImage": {
                             "n": {"N": "12.50"}, "bool": {"BOOL": false}, "nul": {"NULL": true}, "b": {"B": "AP8B"},
                             "ss": {"SS": ["a", "b"]}, "ns": {"NS": ["1", "2.5"]}, "bs": {"BS": ["AQ==", "Ag=="]},
                             "l": {"L": [{"S": "x"}, {"L": []}]}, "m": {"M": {"k": {"M": {}}}}, "empty": {"S": ""}},
                           "OldImage": {"id": {"S": "site"}},
                           "SequenceNumber": "111", "SizeBytes": 26, "StreamViewType": "NEW_AND_OLD_IMAGES"},
                         "eventSourceARN": "%s"}
                        """.formatted(ARN)));
    }

    @Test
    void is_read_by_lambdas_own_serializer() {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.putArray("Records").add(lambdaRecord.json(modified())).add(lambdaRecord.json(expired(true)));
        PojoSerializer<DynamodbEvent> serializer = LambdaEventSerializers.serializerFor(
                DynamodbEvent.class, getClass().getClassLoader());
        List<DynamodbEvent.DynamodbStreamRecord> records =
                serializer.fromJson(event.toString()).getRecords();

        DynamodbEvent.DynamodbStreamRecord modified = records.get(0);
        assertThat(modified.getEventName()).isEqualTo("MODIFY");
        assertThat(modified.getEventSourceARN()).isEqualTo(ARN);
        assertThat(modified.getUserIdentity()).isNull();
        assertThat(modified.getDynamodb().getSequenceNumber()).isEqualTo("111");
        assertThat(modified.getDynamodb().getApproximateCreationDateTime().toInstant())
                .isEqualTo(Instant.ofEpochSecond(1479499740));
        var image = modified.getDynamodb().getNewImage();
        assertThat(image.get("n").getN()).isEqualTo("12.50");
        assertThat(image.get("bool").getBOOL()).isFalse();
        assertThat(image.get("nul").getNULL()).isTrue();
        assertThat(image.get("b").getB().array()).containsExactly(0, 0xff, 1);
        assertThat(image.get("ns").getNS()).containsExactly("1", "2.5");
        assertThat(image.get("bs").getBS()).hasSize(2);
        assertThat(image.get("l").getL().get(0).getS()).isEqualTo("x");
        assertThat(image.get("m").getM().get("k").getM()).isEmpty();

        DynamodbEvent.DynamodbStreamRecord expired = records.get(1);
        assertThat(expired.getEventName()).isEqualTo("REMOVE");
        assertThat(expired.getUserIdentity().getType()).isEqualTo("Service");
        assertThat(expired.getUserIdentity().getPrincipalId()).isEqualTo("dynamodb.amazonaws.com");
    }

    @Test
    void shows_a_deletion_by_time_to_live_as_lambda_does() {
        ObjectNode asLocal = lambdaRecord.json(expired(false));
        assertThat(asLocal.path("eventName").asText()).isEqualTo("REMOVE");
        assertThat(asLocal.path("userIdentity"))
                .isEqualTo(StreamFakes.parse("{\"type\": \"Service\", \"principalId\": \"dynamodb.amazonaws.com\"}"));
        assertThat(lambdaRecord.json(expired(true))).isEqualTo(asLocal);
    }

    private static Record modified() {
        Map<String, AttributeValue> image = new LinkedHashMap<>();
        image.put("n", AttributeValue.fromN("12.50"));
        image.put("bool", AttributeValue.fromBool(false));
        image.put("nul", AttributeValue.fromNul(true));
        image.put("b", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0, (byte) 0xff, 1})));
        image.put("ss", AttributeValue.fromSs(List.of("a", "b")));
        image.put("ns", AttributeValue.fromNs(List.of("1", "2.5")));
        image.put(
                "bs",
                AttributeValue.fromBs(
                        List.of(SdkBytes.fromByteArray(new byte[] {1}), SdkBytes.fromByteArray(new byte[] {2}))));
        image.put("l", AttributeValue.fromL(List.of(AttributeValue.fromS("x"), AttributeValue.fromL(List.of()))));
        image.put("m", AttributeValue.fromM(Map.of("k", AttributeValue.fromM(Map.of()))));
        image.put("empty", AttributeValue.fromS(""));
        Map<String, AttributeValue> site = Map.of("id", AttributeValue.fromS("site"));
        return Record.builder()
                .eventID("7bd6")
                .eventName("MODIFY")
                .awsRegion("ddblocal")
                .dynamodb(change -> change.approximateCreationDateTime(Instant.ofEpochSecond(1479499740))
                        .keys(site)
                        .newImage(image)
                        .oldImage(site)
                        .sequenceNumber("111")
                        .sizeBytes(26L)
                        .streamViewType("NEW_AND_OLD_IMAGES"))
                .build();
    }

    private static Record expired(boolean asAws) {
        Record.Builder builder = Record.builder()
                .eventID("7bd7")
                .eventName(asAws ? "REMOVE" : "UNKNOWN_TO_SDK_VERSION")
                .dynamodb(change -> change.approximateCreationDateTime(Instant.ofEpochSecond(1479499800))
                        .keys(Map.of("id", AttributeValue.fromS("old")))
                        .oldImage(Map.of("id", AttributeValue.fromS("old")))
                        .sequenceNumber("112")
                        .sizeBytes(9L)
                        .streamViewType("NEW_AND_OLD_IMAGES"));
        if (asAws) {
            builder.userIdentity(identity -> identity.type("Service").principalId("dynamodb.amazonaws.com"));
        }
        return builder.build();
    }
}
