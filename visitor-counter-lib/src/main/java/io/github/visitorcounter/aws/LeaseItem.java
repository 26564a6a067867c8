package io.github.visitorcounter.aws;

import io.github.visitorcounter.broadcast.Lease;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

import static io.github.visitorcounter.aws.ConnectionItem.text;

/** A counter's lease row in the table of counters: it has no {@code lastChange}, so event source filters leave it out. */
final class LeaseItem {

    static final String HOLDER = "holder";
    static final String LEASED_UNTIL = "leasedUntil";
    static final String PENDING_VERSION = "pendingVersion";
    static final String SENT_VERSION = "sentVersion";
    static final String PAID_UNTIL = "paidUntilMicros";
    static final String LAST_PASS_AT = "lastPassAt";

    /** A counter's name has no #, so no counter is called like a lease. */
    private static final String KEY_PREFIX = "lease#";

    private LeaseItem() {}

    static Map<String, AttributeValue> key(String counterId) {
        return Map.of(CountItem.COUNTER_ID, text(KEY_PREFIX + counterId));
    }

    static @Nullable String holder(Map<String, AttributeValue> item) {
        AttributeValue holder = item.get(HOLDER);
        return holder == null ? null : holder.s();
    }

    static Instant heldUntil(Map<String, AttributeValue> item) {
        return Instant.ofEpochMilli(number(item.get(LEASED_UNTIL)));
    }

    static Lease lease(Map<String, AttributeValue> item) {
        return new Lease(
                number(item.get(SENT_VERSION)),
                number(item.get(PENDING_VERSION)),
                Instant.EPOCH.plus(number(item.get(PAID_UNTIL)), ChronoUnit.MICROS),
                Instant.ofEpochMilli(number(item.get(LAST_PASS_AT))));
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private static long number(@Nullable AttributeValue value) {
        return value == null ? 0 : Long.parseLong(value.n());
    }
}
