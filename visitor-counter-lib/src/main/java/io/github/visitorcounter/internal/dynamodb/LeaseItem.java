package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.lease.BudgetUse;
import io.github.visitorcounter.internal.broadcast.lease.Lease;
import io.github.visitorcounter.internal.broadcast.lease.PassRest;
import io.github.visitorcounter.internal.connection.PageRequest;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.text;

/**
 * The row of a counter's lease in the table of counters. It has no {@code lastChange}, so event source filters exclude
 * it.
 */
final class LeaseItem {

    static final String HOLDER = "holder";
    static final String LEASED_UNTIL = "leasedUntil";
    static final String SENT_VERSION = "sentVersion";
    static final String BUDGET_USED_UNTIL = "budgetUsedUntilMicros";
    static final String CHARGED_BUDGET = "chargedBudget";
    static final String LAST_PASS_AT = "lastPassAt";
    static final String LAST_PASS_MESSAGES = "lastPassMessages";
    static final String UNCOUNTED = "uncounted";
    static final String REST = "rest";
    static final String REST_VERSION = "restVersion";
    static final String REST_POSTS = "restPosts";
    static final String PASS_VERSION = "passVersion";
    static final String PASS_LIVE = "passLive";
    static final String PASS_TOTAL = "passTotal";
    static final String PASS_CHANGED_AT = "passChangedAt";
    static final String AWAITING_PASS = "awaitingPass";

    /** Counter ids contain no #, so no counter has such a key. */
    private static final String KEY_PREFIX = "lease#";

    private static final String SEPARATOR = "/";

    private LeaseItem() {}

    static Map<String, AttributeValue> key(String counterId) {
        return Map.of(CountItem.COUNTER_ID, text(KEY_PREFIX + counterId));
    }

    static Lease lease(String counterId, Map<String, AttributeValue> item) {
        AttributeValue holder = item.get(HOLDER);
        return new Lease(
                holder == null ? null : holder.s(),
                Instant.ofEpochMilli(number(item.get(LEASED_UNTIL))),
                number(item.get(SENT_VERSION)),
                new BudgetUse(
                        Instant.EPOCH.plus(number(item.get(BUDGET_USED_UNTIL)), ChronoUnit.MICROS),
                        (int) number(item.get(CHARGED_BUDGET)),
                        Instant.ofEpochMilli(number(item.get(LAST_PASS_AT))),
                        number(item.get(LAST_PASS_MESSAGES)),
                        number(item.get(UNCOUNTED))),
                rest(counterId, item),
                passCount(counterId, item),
                number(item.get(AWAITING_PASS)));
    }

    private static @Nullable VisitorCount passCount(String counterId, Map<String, AttributeValue> item) {
        if (!item.containsKey(PASS_VERSION)) {
            return null;
        }
        long changedAt = number(item.get(PASS_CHANGED_AT));
        return new VisitorCount(
                counterId,
                number(item.get(PASS_LIVE)),
                number(item.get(PASS_TOTAL)),
                number(item.get(PASS_VERSION)),
                changedAt == 0 ? null : Instant.ofEpochMilli(changedAt));
    }

    private static @Nullable PassRest rest(String counterId, Map<String, AttributeValue> item) {
        AttributeValue pages = item.get(REST);
        return pages == null
                ? null
                : new PassRest(
                        number(item.get(REST_VERSION)),
                        pages.l().stream()
                                .map(page -> page(counterId, page.s()))
                                .toList(),
                        number(item.get(REST_POSTS)));
    }

    /** Parses a page: its segment, the number of segments, and its cursor, if it has one. */
    private static PageRequest page(String counterId, String page) {
        String[] parts = page.split(SEPARATOR, 3);
        return new PageRequest(
                counterId, Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), parts.length < 3 ? null : parts[2]);
    }

    static AttributeValue pages(PassRest rest) {
        List<AttributeValue> pages = rest.pages().stream()
                .map(page -> text(page.segment()
                        + SEPARATOR
                        + page.totalSegments()
                        + (page.cursor() == null ? "" : SEPARATOR + page.cursor())))
                .toList();
        return AttributeValue.fromL(pages);
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private static long number(@Nullable AttributeValue value) {
        return value == null ? 0 : Long.parseLong(value.n());
    }
}
