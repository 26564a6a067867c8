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
 * Lets requests for the same item meet as they do on AWS. DynamoDB Local runs one transaction after the other, so that they
 * never conflict; here the items of a {@code TransactWriteItems} are held for a fixed time, from prepare to commit, as in "Transaction conflict
 * handling in DynamoDB" on <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html">Amazon DynamoDB Transactions: How
 * it works</a>:
 *
 * <ul>
 *   <li>A transaction with a held item is cancelled, with the reason {@code TransactionConflict} at that item's position. So is
 *       a {@code TransactGetItems}.
 *   <li>{@code PutItem}, {@code UpdateItem} and {@code DeleteItem} of a held item fail with {@code TransactionConflictException}.
 *   <li>Other reads, and {@code BatchWriteItem}, are carried out: for the latter AWS does not say what happens.
 *   <li>A repeated {@code ClientRequestToken} fails with {@code TransactionInProgressException} while the first request is
 *       ongoing, and holds nothing when that one has been committed.
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
    private final Set<Item> held = new HashSet<>(); // Guarded by this, as are the tokens.
    private final RequestTokens tokens;

    /**
     * Creates it without ongoing transactions.
     *
     * @param transactionDuration how long a transaction holds its items; zero or less for no conflicts
     * @param keys finds the items
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
     * What becomes of a request.
     *
     * @param rejection the error that it is answered with, or null if it is carried out
     * @param duration how long it takes at least from here to its answer, if it succeeds
     * @param transaction the transaction that it is, or null
     */
    record Admission(
            @Nullable ObjectNode rejection,
            Duration duration,
            @Nullable Transaction transaction) {

        private static final Admission AT_ONCE = new Admission(null, Duration.ZERO, null);

        private static Admission rejected(ObjectNode error) {
            return new Admission(error, Duration.ZERO, null);
        }

        /** To be called when the duration is over, however long DynamoDB Local takes: a slow laptop is no contention. */
        void durationOver() {
            if (transaction != null) {
                transaction.release();
            }
        }

        /**
         * To be called just before the answer.
         *
         * @param successfully whether it is a success
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
            held.addAll(this.items);
            tokens.begin(token);
        }

        void release() {
            synchronized (ItemContention.this) {
                held.removeAll(items);
                items.clear(); // Others may hold them from here on.
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
     * Decides on a request; items are held from here on.
     *
     * @param operation what is asked for
     * @param asked its request
     */
    Admission admit(DataOperation operation, JsonNode asked) {
        return switch (operation) {
            case TransactWriteItems -> transaction(asked);
            case TransactGetItems -> transactionalRead(asked);
            case PutItem, UpdateItem, DeleteItem -> write(asked);
            case GetItem, BatchGetItem, Query, Scan, BatchWriteItem -> Admission.AT_ONCE;
        };
    }

    private Admission transaction(JsonNode asked) {
        List<JsonNode> actions = actions(asked);
        List<@Nullable Item> items = items(actions);
        String token = asked.path("ClientRequestToken").asText();
        synchronized (this) {
            switch (tokens.state(token)) {
                case ONGOING -> {
                    return Admission.rejected(InjectedError.transactionInProgress());
                }
                case COMPLETED -> {
                    return Admission.AT_ONCE; // Nothing is written, or the token came with another request.
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

    /** Why a transaction is cancelled, or null. */
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

    private Admission transactionalRead(JsonNode asked) {
        List<@Nullable Item> items = items(actions(asked));
        synchronized (this) {
            List<String> conflicts = conflicts(items);
            return conflicts == null ? Admission.AT_ONCE : Admission.rejected(InjectedError.canceled(conflicts));
        }
    }

    /** The reason for each position, or null if no item is held. */
    private @Nullable List<String> conflicts(List<@Nullable Item> items) {
        List<String> codes = none(items.size());
        boolean any = false;
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            if (item != null && held.contains(item)) {
                any = true;
                codes.set(i, InjectedError.TRANSACTION_CONFLICT);
                meter.dynamoDbConflict(item.table());
            }
        }
        return any ? codes : null;
    }

    private Admission write(JsonNode asked) {
        Item item = keys.of(asked);
        if (item == null) {
            return Admission.AT_ONCE;
        }
        synchronized (this) {
            if (held.contains(item)) {
                meter.dynamoDbConflict(item.table());
                return Admission.rejected(InjectedError.transactionConflict());
            }
        }
        if (throughput.consume(item, ConsumedCapacity.writeUnits(asked))) {
            return Admission.AT_ONCE;
        }
        return Admission.rejected(item.onDemand() ? InjectedError.hotKey() : InjectedError.throttled());
    }

    private boolean holdsItems() {
        return !transactionDuration.isZero() && !transactionDuration.isNegative();
    }

    private static List<JsonNode> actions(JsonNode asked) {
        List<JsonNode> actions = new ArrayList<>();
        // Each is an object with one field, such as Put or Update.
        asked.path("TransactItems")
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
