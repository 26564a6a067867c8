package io.github.visitorcounter.embeddedstack.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.embeddedstack.control.Meter;
import io.github.visitorcounter.embeddedstack.dynamodb.ItemKeys.Item;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Emulates the conflicts of concurrent requests for the same item. DynamoDB Local runs one transaction after the other,
 * without conflicts. Here the items of a {@code TransactWriteItems} are locked for a fixed time, from prepare to
 * commit, as in "Transaction conflict handling in DynamoDB" on <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html">Amazon DynamoDB
 * Transactions: How it works</a>:
 *
 * <ul>
 *   <li>A transaction with a locked item is cancelled, with the reason {@code TransactionConflict} at that item's
 *       position. The same applies to {@code TransactGetItems}.
 *   <li>{@code PutItem}, {@code UpdateItem} and {@code DeleteItem} of a locked item fail with
 *       {@code TransactionConflictException}.
 *   <li>Other reads and {@code BatchWriteItem} succeed; AWS does not document the latter.
 *   <li>A repeated {@code ClientRequestToken} fails with {@code TransactionInProgressException} while the first request
 *       is ongoing, and locks nothing after it has been committed.
 * </ul>
 *
 * <p>Writes beyond an item's throughput are throttled; see {@link ItemThroughput}. Thread-safe.
 */
final class ItemContention {

    private static final double WRITES_PER_TRANSACTED_ITEM = 2;

    private final Duration transactionDuration;
    private final ItemKeys keys;
    private final ItemThroughput throughput;
    private final Meter meter;
    private final Set<Item> locked = new HashSet<>(); // Guarded by this, as are the tokens.
    private final RequestTokens tokens;

    /**
     * Creates an instance without ongoing transactions.
     *
     * @param transactionDuration how long a transaction locks its items; zero or less for no conflicts
     * @param keys finds the items of requests
     * @param clock for tokens and throughput
     * @param meter counts conflicts
     */
    ItemContention(Duration transactionDuration, ItemKeys keys, Clock clock, Meter meter) {
        this.transactionDuration = transactionDuration;
        this.keys = keys;
        this.throughput = new ItemThroughput(clock);
        this.tokens = new RequestTokens(clock);
        this.meter = meter;
    }

    /**
     * The decision about a request.
     *
     * @param rejection the error to answer with, or null if the request may run
     * @param duration the minimum time from now to its response, if it succeeds
     * @param transaction the request's transaction, or null if it is not one
     */
    record Admission(
            @Nullable ObjectNode rejection,
            Duration duration,
            @Nullable Transaction transaction) {

        private static final Admission AT_ONCE = new Admission(null, Duration.ZERO, null);

        private static Admission rejected(ObjectNode error) {
            return new Admission(error, Duration.ZERO, null);
        }

        /**
         * Must be called when the duration is over, even if DynamoDB Local takes longer: a slow machine must not cause
         * conflicts.
         */
        void durationOver() {
            if (transaction != null) {
                transaction.release();
            }
        }

        /**
         * Must be called just before the response is sent.
         *
         * @param successfully whether the request succeeded
         */
        void ended(boolean successfully) {
            if (transaction != null) {
                transaction.end(successfully);
            }
        }
    }

    /** An ongoing transaction. */
    private final class Transaction {

        private final Set<Item> items;
        private final String token;

        Transaction(List<@Nullable Item> items, String token) {
            this.items = new HashSet<>();
            items.stream().filter(Objects::nonNull).forEach(this.items::add);
            this.token = token;
            locked.addAll(this.items);
            tokens.begin(token);
        }

        void release() {
            synchronized (ItemContention.this) {
                locked.removeAll(items);
                items.clear(); // Other transactions may lock them from now on.
            }
        }

        void end(boolean committed) {
            synchronized (ItemContention.this) {
                release();
                tokens.end(token, committed);
            }
        }
    }

    /**
     * Decides about a request, and locks its items if it may run.
     *
     * @param operation the operation
     * @param input the request's body
     */
    Admission admit(DataOperation operation, JsonNode input) {
        return switch (operation) {
            case TransactWriteItems -> transaction(input);
            case TransactGetItems -> transactionalRead(input);
            case PutItem, UpdateItem, DeleteItem -> write(input);
            case GetItem, BatchGetItem, Query, Scan, BatchWriteItem -> Admission.AT_ONCE;
        };
    }

    private Admission transaction(JsonNode input) {
        List<JsonNode> actions = actions(input);
        List<@Nullable Item> items = items(actions);
        String token = input.path("ClientRequestToken").asText();
        synchronized (this) {
            switch (tokens.state(token)) {
                case ONGOING -> {
                    return Admission.rejected(InjectedError.transactionInProgress());
                }
                case COMPLETED -> {
                    return Admission.AT_ONCE; // Nothing is written, or the token belongs to another request.
                }
                case NEW -> {
                    ObjectNode rejection = rejection(actions, items);
                    if (rejection != null) {
                        return Admission.rejected(rejection);
                    }
                    if (!holdsItems()) {
                        return Admission.AT_ONCE;
                    }
                    return new Admission(null, transactionDuration, new Transaction(items, token));
                }
            }
        }
        throw new IllegalStateException("a token is in another state");
    }

    /** The error of a cancelled transaction, or null if there is no conflict. */
    private @Nullable ObjectNode rejection(List<JsonNode> actions, List<@Nullable Item> items) {
        List<String> conflicts = conflicts(items);
        if (conflicts != null) {
            return InjectedError.canceled(conflicts);
        }
        List<String> codes = none(items.size());
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            double units = WRITES_PER_TRANSACTED_ITEM * ConsumedCapacity.writeUnits(actions.get(i));
            if (item != null && !throughput.consume(item, units)) {
                codes.set(i, item.onDemand() ? InjectedError.THROTTLING_ERROR : InjectedError.THROUGHPUT_EXCEEDED);
            }
        }
        return codes.stream().allMatch(InjectedError.NONE::equals) ? null : InjectedError.canceled(codes);
    }

    private Admission transactionalRead(JsonNode input) {
        List<@Nullable Item> items = items(actions(input));
        synchronized (this) {
            List<String> conflicts = conflicts(items);
            return conflicts == null ? Admission.AT_ONCE : Admission.rejected(InjectedError.canceled(conflicts));
        }
    }

    /** The cancellation reason of each position, or null if no item is locked. */
    private @Nullable List<String> conflicts(List<@Nullable Item> items) {
        List<String> codes = none(items.size());
        boolean any = false;
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            if (item != null && locked.contains(item)) {
                any = true;
                codes.set(i, InjectedError.TRANSACTION_CONFLICT);
                meter.dynamoDbConflict(item.table());
            }
        }
        return any ? codes : null;
    }

    private Admission write(JsonNode input) {
        Item item = keys.of(input);
        if (item == null) {
            return Admission.AT_ONCE;
        }
        synchronized (this) {
            if (locked.contains(item)) {
                meter.dynamoDbConflict(item.table());
                return Admission.rejected(InjectedError.transactionConflict());
            }
        }
        if (throughput.consume(item, ConsumedCapacity.writeUnits(input))) {
            return Admission.AT_ONCE;
        }
        return Admission.rejected(item.onDemand() ? InjectedError.hotKey() : InjectedError.throttled());
    }

    private boolean holdsItems() {
        return !transactionDuration.isZero() && !transactionDuration.isNegative();
    }

    private static List<JsonNode> actions(JsonNode input) {
        List<JsonNode> actions = new ArrayList<>();
        // Each is an object with one field, such as Put or Update.
        input.path("TransactItems")
                .forEach(item -> actions.add(item.path(
                        item.fieldNames().hasNext() ? item.fieldNames().next() : "")));
        return actions;
    }

    private List<@Nullable Item> items(List<JsonNode> actions) {
        List<@Nullable Item> items = new ArrayList<>();
        actions.forEach(action -> items.add(keys.of(action)));
        return items;
    }

    private static List<String> none(int size) {
        return new ArrayList<>(Collections.nCopies(size, InjectedError.NONE));
    }
}
