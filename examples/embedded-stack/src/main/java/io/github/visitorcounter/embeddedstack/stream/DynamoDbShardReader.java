package io.github.visitorcounter.embeddedstack.stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamResponse;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Reads a stream of DynamoDB Local, which has one open shard at a time; after it is closed, the next shard is read. */
final class DynamoDbShardReader implements ShardReader {

    private final DynamoDbStreamsClient client;
    private final String streamArn;
    private final LambdaRecord lambdaRecord;
    private final Clock clock;
    private String shardId;
    private @Nullable String iterator;
    private @Nullable String lastSequenceNumber;

    /** Opens the stream. With {@code LATEST}, everything written after this call is read. */
    DynamoDbShardReader(
            DynamoDbStreamsClient client,
            String streamArn,
            StartingPosition position,
            LambdaRecord lambdaRecord,
            Clock clock) {
        this.client = client;
        this.streamArn = streamArn;
        this.lambdaRecord = lambdaRecord;
        this.clock = clock;
        List<String> shards = shardIds();
        boolean latest = position == StartingPosition.LATEST;
        shardId = shards.get(latest ? shards.size() - 1 : 0);
        iterator = iterator(latest ? ShardIteratorType.LATEST : ShardIteratorType.TRIM_HORIZON);
    }

    @Override
    public List<StreamRecord> read() {
        List<StreamRecord> records = new ArrayList<>();
        for (Record source : nextRecords()) {
            ObjectNode json = lambdaRecord.json(source);
            String sequenceNumber = source.dynamodb().sequenceNumber();
            int bytes = json.toString().getBytes(StandardCharsets.UTF_8).length;
            records.add(new StreamRecord(sequenceNumber, json, bytes, clock.instant()));
            lastSequenceNumber = sequenceNumber;
        }
        return records;
    }

    private List<Record> nextRecords() {
        if (iterator == null && !moveToFollowingShard()) {
            return List.of();
        }
        try {
            return getRecords();
        } catch (TrimmedDataAccessException e) {
            iterator = iterator(ShardIteratorType.TRIM_HORIZON);
        } catch (ExpiredIteratorException e) {
            // Iterators expire after fifteen minutes, for instance while the function runs.
            iterator = iterator(
                    lastSequenceNumber == null
                            ? ShardIteratorType.TRIM_HORIZON
                            : ShardIteratorType.AFTER_SEQUENCE_NUMBER);
        }
        try {
            return getRecords();
        } catch (TrimmedDataAccessException stillEmpty) {
            // DynamoDB Local numbers the records of all tables together, and says this of a shard that has had none yet
            // while other tables had some.
            return List.of();
        }
    }

    private List<Record> getRecords() {
        String from = iterator;
        GetRecordsResponse response = client.getRecords(request -> request.shardIterator(from));
        iterator = response.nextShardIterator();
        return response.records();
    }

    private boolean moveToFollowingShard() {
        List<String> shards = shardIds();
        int next = shards.indexOf(shardId) + 1;
        if (next == shards.size()) {
            return false;
        }
        shardId = shards.get(next);
        lastSequenceNumber = null;
        iterator = iterator(ShardIteratorType.TRIM_HORIZON);
        return true;
    }

    private String iterator(ShardIteratorType type) {
        return client.getShardIterator(request -> request.streamArn(streamArn)
                        .shardId(shardId)
                        .shardIteratorType(type)
                        .sequenceNumber(type == ShardIteratorType.AFTER_SEQUENCE_NUMBER ? lastSequenceNumber : null))
                .shardIterator();
    }

    /** Returns the shards, oldest first. */
    private List<String> shardIds() {
        List<String> ids = new ArrayList<>();
        String page = null;
        do {
            String after = page;
            DescribeStreamResponse response = client.describeStream(
                    request -> request.streamArn(streamArn).exclusiveStartShardId(after));
            response.streamDescription().shards().stream().map(Shard::shardId).forEach(ids::add);
            page = response.streamDescription().lastEvaluatedShardId();
        } while (page != null);
        return ids;
    }
}
