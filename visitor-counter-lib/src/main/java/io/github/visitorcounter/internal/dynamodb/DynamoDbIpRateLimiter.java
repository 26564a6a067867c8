package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.internal.aws.AwsClients;
import io.github.visitorcounter.internal.connection.IpRateLimiter;
import io.github.visitorcounter.internal.time.Deadline;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.number;

/**
 * Counts in the table of counters, each arrival with one conditional update: one write unit. Addresses are kept as hashes under
 * a random secret, which the functions share by a row of the same table, and which is another one each day.
 *
 * <p>A call that fails is not repeated: who asks does better to go on without the answer. Thread-safe.
 */
public final class DynamoDbIpRateLimiter implements IpRateLimiter {

    private final DynamoDbClient client;
    private final String countersTable;
    private final Consumer<byte[]> random;
    private volatile @Nullable Secret secret;

    private record Secret(long day, SdkBytes bytes) {}

    /**
     * Creates a counter.
     *
     * @param client a client whose calls end by themselves and are not retried, as {@link AwsClients#dynamoDb} makes it
     * @param countersTable the name or ARN of the table of counters
     */
    public DynamoDbIpRateLimiter(DynamoDbClient client, String countersTable) {
        // Not a generator of its own: one that is part of a snapshot would draw the same secret in every function
        // restored from it.
        this(client, countersTable, bytes -> new SecureRandom().nextBytes(bytes));
    }

    DynamoDbIpRateLimiter(DynamoDbClient client, String countersTable, Consumer<byte[]> random) {
        this.client = client;
        this.countersTable = countersTable;
        this.random = random;
    }

    @Override
    public boolean count(String address, int limit, Instant at, Deadline deadline) {
        try {
            UpdateItemRequest request = arrival(address, limit, at);
            client.updateItem(request);
            return true;
        } catch (ConditionalCheckFailedException asManyHaveCome) {
            return false;
        } catch (SdkException failure) {
            throw new ServiceUnavailableException("Counting an address in " + countersTable + " failed", failure);
        }
    }

    private UpdateItemRequest arrival(String address, int limit, Instant at) {
        return UpdateItemRequest.builder()
                .tableName(countersTable)
                .key(IpRateLimitItem.key(
                        address, at, secretOf(IpRateLimitItem.day(at)).asByteArrayUnsafe()))
                .updateExpression("SET #expiresAt = :expiresAt ADD #arrivals :one")
                .conditionExpression("attribute_not_exists(#arrivals) OR #arrivals < :limit")
                .expressionAttributeNames(
                        Map.of("#arrivals", IpRateLimitItem.ARRIVALS, "#expiresAt", IpRateLimitItem.EXPIRES_AT))
                .expressionAttributeValues(Map.of(
                        ":one",
                        number(1),
                        ":limit",
                        number(limit),
                        ":expiresAt",
                        number(IpRateLimitItem.expiresAt(at))))
                .build();
    }

    private SdkBytes secretOf(long day) {
        Secret known = secret;
        if (known == null || known.day() != day) {
            known = new Secret(day, share(day));
            secret = known;
        }
        return known.bytes();
    }

    /** Whoever comes first decides the day's secret; the others read it with the same call. */
    private SdkBytes share(long day) {
        byte[] drawn = new byte[IpRateLimitItem.SECRET_BYTES];
        random.accept(drawn);
        UpdateItemRequest request = UpdateItemRequest.builder()
                .tableName(countersTable)
                .key(IpRateLimitItem.secretKey(day))
                .updateExpression("SET #secret = if_not_exists(#secret, :drawn), #expiresAt = :expiresAt")
                .expressionAttributeNames(
                        Map.of("#secret", IpRateLimitItem.SECRET, "#expiresAt", IpRateLimitItem.EXPIRES_AT))
                .expressionAttributeValues(Map.of(
                        ":drawn", AttributeValue.fromB(SdkBytes.fromByteArray(drawn)),
                        ":expiresAt", number(IpRateLimitItem.secretExpiresAt(day))))
                .returnValues(ReturnValue.ALL_NEW)
                .build();
        AttributeValue shared = client.updateItem(request).attributes().get(IpRateLimitItem.SECRET);
        if (shared == null || shared.b() == null) {
            throw new ServiceUnavailableException(
                    "The row " + IpRateLimitItem.secretKey(day) + " of " + countersTable + " has no secret: delete it",
                    null);
        }
        return shared.b();
    }
}
