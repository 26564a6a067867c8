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
 * The rows in the table of counters that count arrivals of addresses, and those with the day's secret. Neither has {@code
 * lastChange}, so event source filters leave them out, and both are removed by the table's TTL.
 *
 * <p>A row is named by the address' hash under the secret: whoever reads the table can't tell whose it is by hashing all
 * addresses, once the secret is gone. The window is hashed with it, so that two rows of an address have nothing in common.
 */
final class IpRateLimitItem {

    static final String ARRIVALS = "arrivals";
    static final String SECRET = "secret";
    static final String EXPIRES_AT = "expiresAt";

    static final int SECRET_BYTES = 32;

    /** A counter's name has no #, so no counter is called like these. */
    private static final String KEY_PREFIX = "ip#";

    private static final String SECRET_PREFIX = "ipSecret#";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int HASH_BYTES = 18;
    private static final Duration DAY = Duration.ofDays(1);

    private IpRateLimitItem() {}

    /** The UTC day whose secret holds. */
    static long day(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), DAY.toSeconds());
    }

    static Map<String, AttributeValue> secretKey(long day) {
        return Map.of(CountItem.COUNTER_ID, text(SECRET_PREFIX + day));
    }

    /** When nothing is hashed with the day's secret any more. */
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
