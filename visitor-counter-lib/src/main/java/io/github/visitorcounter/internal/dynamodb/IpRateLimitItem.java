package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.internal.connection.IpRateLimiter;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.text;

/**
 * The rows in the table of counters that count the connects of IP addresses, and the rows with the secret of each day.
 * They have no {@code lastChange}, so event source filters exclude them. The table's TTL removes them.
 *
 * <p>The key of a row contains a hash of the address keyed with the secret. Once the secret is deleted, nobody can find
 * an address by hashing all addresses. The hash includes the time window, so two rows of one address cannot be linked.
 */
final class IpRateLimitItem {

    static final String ARRIVALS = "arrivals";
    static final String SECRET = "secret";
    static final String EXPIRES_AT = "expiresAt";

    static final int SECRET_BYTES = 32;

    /** Counter ids contain no #, so no counter has such a key. */
    private static final String KEY_PREFIX = "ip#";

    private static final String SECRET_PREFIX = "ipSecret#";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int HASH_BYTES = 18;
    private static final Duration DAY = Duration.ofDays(1);

    private IpRateLimitItem() {}

    /** The UTC day of an instant, as days since 1970. Each day has its own secret. */
    static long day(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), DAY.toSeconds());
    }

    static Map<String, AttributeValue> secretKey(long day) {
        return Map.of(CountItem.COUNTER_ID, text(SECRET_PREFIX + day));
    }

    /** The end of the last window in which the secret of the day is used. */
    static long secretExpiresAt(long day) {
        return (day + 1) * DAY.toSeconds() + IpRateLimiter.WINDOW.toSeconds();
    }

    static Map<String, AttributeValue> key(String address, Instant at, byte[] secret) {
        long window = window(at);
        return Map.of(
                CountItem.COUNTER_ID,
                text(KEY_PREFIX + hash(window + " " + IpPrefix.of(address), secret) + "#" + window));
    }

    static long expiresAt(Instant at) {
        return (window(at) + 1) * IpRateLimiter.WINDOW.toSeconds();
    }

    private static long window(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), IpRateLimiter.WINDOW.toSeconds());
    }

    private static String hash(String text, byte[] secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            byte[] hash = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash).substring(0, HASH_BYTES * 4 / 3);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, impossible);
        }
    }
}
