package io.github.visitorcounter.embeddedstack.stream;

import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

import java.util.Map;

/**
 * The streams to poll, and the region and account in their records.
 *
 * @param client reads the streams; its owner closes it, after the mappings
 * @param streamArns the ARN of each stream by its table's name
 * @param region the region in records, instead of DynamoDB Local's
 * @param accountId the account in records, 12 digits
 * @since 0.1.0
 */
public record StreamSource(
        DynamoDbStreamsClient client, Map<String, String> streamArns, String region, String accountId) {

    private static final int ARN_REGION = 3;
    private static final int ARN_ACCOUNT = 4;
    private static final int ARN_PARTS = 6;

    /** Copies the map. */
    public StreamSource {
        streamArns = Map.copyOf(streamArns);
    }

    /** Returns the ARN as in records. */
    String shownArn(String streamArn) {
        String[] parts = streamArn.split(":", ARN_PARTS);
        parts[ARN_REGION] = region;
        parts[ARN_ACCOUNT] = accountId;
        return String.join(":", parts);
    }
}
