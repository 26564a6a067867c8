package io.github.visitorcounter.embeddedstack.gateway;

import java.util.Base64;
import java.util.Locale;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Generates ids in API Gateway's format for connections, requests and messages: 11 random bytes, 16 characters, the
 * last one {@code =}.
 */
final class AwsIds {

    private static final int BYTES = 11;
    // The format of an id. AWS guarantees no length, so a longer id is unknown, not invalid.
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9_-]{1,127}=");

    private final RandomGenerator random;

    /** The generator is used by one thread at a time. */
    AwsIds(RandomGenerator random) {
        this.random = random;
    }

    String next() {
        return Base64.getUrlEncoder().encodeToString(nextBytes());
    }

    /** The {@code Root} of an X-Ray trace header. */
    String nextTrace(long epochSeconds) {
        synchronized (random) {
            return String.format(
                    Locale.ROOT, "Root=1-%08x-%08x%016x", epochSeconds, random.nextInt(), random.nextLong());
        }
    }

    /** The id of a management call, which the SDKs log. */
    String nextUuid() {
        return UUID.nameUUIDFromBytes(nextBytes()).toString();
    }

    static boolean wellFormed(String id) {
        return WELL_FORMED.matcher(id).matches();
    }

    private byte[] nextBytes() {
        byte[] bytes = new byte[BYTES];
        synchronized (random) {
            random.nextBytes(bytes);
        }
        return bytes;
    }
}
