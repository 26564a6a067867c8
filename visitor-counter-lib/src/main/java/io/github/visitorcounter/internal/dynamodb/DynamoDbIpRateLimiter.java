package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.internal.aws.AwsClients;
import io.github.visitorcounter.internal.connection.IpRateLimiter;
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
 * Counts the connects of each IP address in the table of counters, each with one conditional update, which costs one
 * write unit. It stores addresses as hashes keyed with a random secret. All functions share the secret through a row of
 * the same table, and it changes every day.
 *
 * <p>Failed calls are not retried; callers should accept the connection. Thread-safe.
 */
public final class DynamoDbIpRateLimiter implements IpRateLimiter {

    private final DynamoDbClient client;
    private final String countersTable;
    private final Consumer<byte[]> random;
    private volatile @Nullable Secret secret;

    private record Secret(long day, SdkBytes bytes) {}

    /**
     * Creates a limiter.
     *
     * @param client a client with timeouts and without retries, as created by {@link AwsClients#dynamoDb}
     * @param countersTable the name or ARN of the table of counters
     */
    public DynamoDbIpRateLimiter(DynamoDbClient client, String countersTable) {
        // A generator in a field would be part of the snapshot, and every function restored from it would generate the
        // same secret.
        this(client, countersTable, bytes -> new SecureRandom().nextBytes(bytes));
    }

    DynamoDbIpRateLimiter(DynamoDbClient client, String countersTable, Consumer<byte[]> random) {
        this.client = client;
        this.countersTable = countersTable;
        this.random = random;
    }

    @Override
    public boolean count(String address, int limit, Instant at) {
        try {
            UpdateItemRequest request = increment(address, limit, at);
            client.updateItem(request);
            return true;
        } catch (ConditionalCheckFailedException limitReached) {
            return false;
        } catch (SdkException failure) {
            throw new ServiceUnavailableException("Counting an address in " + countersTable + " failed", failure);
        }
    }

    private UpdateItemRequest increment(String address, int limit, Instant at) {
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
            known = new Secret(day, storeIfAbsent(day));
            secret = known;
        }
        return known.bytes();
    }

    /**
     * Stores a new secret for the day unless one exists, and returns the stored one. The first caller's secret is kept.
     */
    private SdkBytes storeIfAbsent(long day) {
        byte[] generated = new byte[IpRateLimitItem.SECRET_BYTES];
        random.accept(generated);
        UpdateItemRequest request = UpdateItemRequest.builder()
                .tableName(countersTable)
                .key(IpRateLimitItem.secretKey(day))
                .updateExpression("SET #secret = if_not_exists(#secret, :generated), #expiresAt = :expiresAt")
                .expressionAttributeNames(
                        Map.of("#secret", IpRateLimitItem.SECRET, "#expiresAt", IpRateLimitItem.EXPIRES_AT))
                .expressionAttributeValues(Map.of(
                        ":generated", AttributeValue.fromB(SdkBytes.fromByteArray(generated)),
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
