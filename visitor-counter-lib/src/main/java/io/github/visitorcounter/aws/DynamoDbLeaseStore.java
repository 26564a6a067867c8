package io.github.visitorcounter.aws;

import io.github.visitorcounter.broadcast.Lease;
import io.github.visitorcounter.broadcast.LeaseStore;
import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Retry;
import io.github.visitorcounter.time.Timekeeper;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import static io.github.visitorcounter.aws.ConnectionItem.number;
import static io.github.visitorcounter.aws.ConnectionItem.text;

/**
 * Keeps the leases in the table of counters, each change one conditional update, which DynamoDB answers with the row as it is.
 * Thread-safe.
 */
public final class DynamoDbLeaseStore implements LeaseStore {

    private static final Map<String, String> NAMES = Map.of(
            "#holder", LeaseItem.HOLDER,
            "#leasedUntil", LeaseItem.LEASED_UNTIL,
            "#pending", LeaseItem.PENDING_VERSION,
            "#sent", LeaseItem.SENT_VERSION,
            "#paidUntil", LeaseItem.PAID_UNTIL,
            "#lastPassAt", LeaseItem.LAST_PASS_AT);

    private final DynamoDbClient client;
    private final String countTable;
    private final Retry retry;

    /**
     * Creates a store.
     *
     * @param client a client whose calls end by themselves and are not retried, as {@link AwsClients#dynamoDb} makes it
     * @param countTable the name or ARN of the table of counters
     */
    public DynamoDbLeaseStore(DynamoDbClient client, String countTable) {
        this(client, countTable, Timekeeper.system());
    }

    DynamoDbLeaseStore(DynamoDbClient client, String countTable, Timekeeper timekeeper) {
        this.client = client;
        this.countTable = countTable;
        this.retry = AwsRetries.standard(timekeeper, AwsFailures::isTransient);
    }

    /** The row after an update, or the row that did not meet its condition. */
    private record Answer(boolean done, Map<String, AttributeValue> row) {

        @Nullable
        String holder() {
            return LeaseItem.holder(row);
        }

        Lease lease() {
            return LeaseItem.lease(row);
        }
    }

    @Override
    public Acquisition acquire(
            String counterId, String holder, Set<String> heirOf, Instant now, Instant expiresAt, Deadline deadline) {
        Map<String, AttributeValue> values = new HashMap<>(Map.of(
                ":holder", text(holder),
                ":now", number(now.toEpochMilli()),
                ":until", number(expiresAt.toEpochMilli())));
        StringBuilder condition =
                new StringBuilder("attribute_not_exists(#holder) OR #leasedUntil <= :now OR #holder = :holder");
        int heirs = 0;
        for (String other : heirOf) {
            values.put(":heir" + heirs, text(other));
            condition.append(" OR #holder = :heir").append(heirs++);
        }
        Answer answer = update(
                counterId, "SET #holder = :holder, #leasedUntil = :until", condition.toString(), values, deadline);
        String current = answer.holder();
        if (answer.done() || current == null) {
            return new Acquisition.Held(answer.lease());
        }
        return new Acquisition.Refused(current);
    }

    @Override
    public boolean leaveTo(String counterId, String holder, long version, Deadline deadline) {
        Answer answer = update(
                counterId,
                "SET #pending = :version",
                "#holder = :holder AND (attribute_not_exists(#pending) OR #pending < :version)",
                Map.of(":holder", text(holder), ":version", number(version)),
                deadline);
        // With the same holder the condition fails only because somebody has left as new a version before.
        return answer.done() || holder.equals(answer.holder());
    }

    @Override
    public boolean renew(String counterId, String holder, Instant expiresAt, Deadline deadline) {
        return update(
                        counterId,
                        "SET #leasedUntil = :until",
                        "#holder = :holder",
                        Map.of(":holder", text(holder), ":until", number(expiresAt.toEpochMilli())),
                        deadline)
                .done();
    }

    @Override
    public Payment pay(
            String counterId,
            String holder,
            Lease seen,
            Instant paidUntil,
            Instant passAt,
            Instant expiresAt,
            Deadline deadline) {
        Answer answer = update(
                counterId,
                "SET #paidUntil = :paidUntil, #lastPassAt = :passAt, #leasedUntil = :until",
                "#holder = :holder AND (attribute_not_exists(#paidUntil) OR #paidUntil = :seen)"
                        + " AND (attribute_not_exists(#lastPassAt) OR #lastPassAt = :seenPassAt)",
                Map.of(
                        ":holder", text(holder),
                        ":seen", number(LeaseItem.micros(seen.paidUntil())),
                        ":seenPassAt", number(seen.lastPassAt().toEpochMilli()),
                        ":paidUntil", number(LeaseItem.micros(paidUntil)),
                        ":passAt", number(passAt.toEpochMilli()),
                        ":until", number(expiresAt.toEpochMilli())),
                deadline);
        if (answer.done()) {
            return new Payment.Paid(answer.lease());
        }
        if (!holder.equals(answer.holder())) {
            return new Payment.Lost();
        }
        // An update that is repeated because its answer was lost finds its own charge.
        boolean chargedBefore = answer.lease().paidUntil().equals(paidUntil)
                && answer.lease().lastPassAt().toEpochMilli() == passAt.toEpochMilli();
        return chargedBefore ? new Payment.Paid(answer.lease()) : new Payment.Changed(answer.lease());
    }

    @Override
    public boolean charge(String counterId, Charge charge, Deadline deadline) {
        Map<String, AttributeValue> values = Map.of(
                ":now", number(LeaseItem.micros(charge.now())),
                ":cost", number(charge.costMicros()),
                ":most", number(LeaseItem.micros(charge.paidUntilLimit()) - charge.costMicros()));
        Answer answer = update(
                counterId,
                "SET #paidUntil = #paidUntil + :cost",
                "#paidUntil >= :now AND #paidUntil <= :most",
                values,
                deadline);
        if (answer.done() || answer.lease().paidUntil().isAfter(charge.now())) {
            return answer.done();
        }
        return chargeFullBucket(counterId, charge, deadline);
    }

    /** What was not used before now is not kept: the bucket is full, not more. */
    private boolean chargeFullBucket(String counterId, Charge charge, Deadline deadline) {
        long paidUntil = LeaseItem.micros(charge.now()) + charge.costMicros();
        if (paidUntil > LeaseItem.micros(charge.paidUntilLimit())) {
            return false;
        }
        Answer answer = update(
                counterId,
                "SET #paidUntil = :paidUntil",
                "attribute_not_exists(#paidUntil) OR #paidUntil < :now",
                Map.of(
                        ":now", number(LeaseItem.micros(charge.now())),
                        ":paidUntil", number(paidUntil)),
                deadline);
        return answer.done() || charge(counterId, charge, deadline);
    }

    @Override
    public Release release(String counterId, String holder, long sentVersion, long settledVersion, Deadline deadline) {
        Answer answer = update(
                counterId,
                "SET #sent = :sent REMOVE #holder, #leasedUntil, #pending",
                "#holder = :holder AND (attribute_not_exists(#pending) OR #pending <= :settled)",
                Map.of(
                        ":holder", text(holder),
                        ":sent", number(sentVersion),
                        ":settled", number(settledVersion)),
                deadline);
        if (answer.done()) {
            return new Release.Released();
        }
        if (holder.equals(answer.holder())) {
            return new Release.Pending(answer.lease());
        }
        // An update that is repeated because its answer was lost finds what it has set.
        return answer.lease().sentVersion() == sentVersion ? new Release.Released() : new Release.Lost();
    }

    @Override
    public void abandon(String counterId, String holder, Deadline deadline) {
        update(
                counterId,
                "REMOVE #holder, #leasedUntil",
                "#holder = :holder",
                Map.of(":holder", text(holder)),
                deadline);
    }

    @Override
    public @Nullable State look(String counterId, Deadline deadline) {
        Map<String, AttributeValue> row = retry.call("Reading a lease of " + countTable, deadline, () -> client.getItem(
                        request -> request.tableName(countTable)
                                .key(LeaseItem.key(counterId))
                                .consistentRead(true))
                .item());
        return row.isEmpty() ? null : new State(LeaseItem.lease(row), LeaseItem.heldUntil(row));
    }

    private Answer update(
            String counterId, String change, String condition, Map<String, AttributeValue> values, Deadline deadline) {
        UpdateItemRequest request = UpdateItemRequest.builder()
                .tableName(countTable)
                .key(LeaseItem.key(counterId))
                .updateExpression(change)
                .conditionExpression(condition)
                .expressionAttributeNames(namesIn(change + " " + condition))
                .expressionAttributeValues(values)
                .returnValues(ReturnValue.ALL_NEW)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
        return retry.call("Changing a lease of " + countTable, deadline, () -> {
            try {
                return new Answer(true, client.updateItem(request).attributes());
            } catch (ConditionalCheckFailedException otherwise) {
                return new Answer(false, otherwise.hasItem() ? otherwise.item() : Map.of());
            }
        });
    }

    /** DynamoDB refuses names that an expression does not use. */
    private static Map<String, String> namesIn(String expressions) {
        Map<String, String> used = new HashMap<>(NAMES);
        used.keySet().removeIf(name -> !expressions.contains(name));
        return used;
    }
}
