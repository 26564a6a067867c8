package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.internal.aws.AwsClients;
import io.github.visitorcounter.internal.aws.AwsFailures;
import io.github.visitorcounter.internal.aws.AwsRetries;
import io.github.visitorcounter.internal.broadcast.lease.BudgetUse;
import io.github.visitorcounter.internal.broadcast.lease.Lease;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.PassRest;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.Retry;
import io.github.visitorcounter.internal.time.TimeSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.number;
import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.text;

/**
 * Keeps the leases in the table of counters. Each change is one conditional update that returns the
 * current row. Thread-safe.
 */
public final class DynamoDbLeaseStore implements LeaseStore {

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("#holder", LeaseItem.HOLDER),
            Map.entry("#leasedUntil", LeaseItem.LEASED_UNTIL),
            Map.entry("#sent", LeaseItem.SENT_VERSION),
            Map.entry("#budgetUsedUntil", LeaseItem.BUDGET_USED_UNTIL),
            Map.entry("#chargedBudget", LeaseItem.CHARGED_BUDGET),
            Map.entry("#lastPassAt", LeaseItem.LAST_PASS_AT),
            Map.entry("#lastPassMessages", LeaseItem.LAST_PASS_MESSAGES),
            Map.entry("#uncounted", LeaseItem.UNCOUNTED),
            Map.entry("#restVersion", LeaseItem.REST_VERSION),
            Map.entry("#restPosts", LeaseItem.REST_POSTS),
            Map.entry("#rest", LeaseItem.REST));

    private final DynamoDbClient client;
    private final String countersTable;
    private final Retry retry;

    /**
     * Creates a store.
     *
     * @param client a client with timeouts and without retries, as created by {@link AwsClients#dynamoDb}
     * @param countersTable the name or ARN of the table of counters
     */
    public DynamoDbLeaseStore(DynamoDbClient client, String countersTable) {
        this(client, countersTable, TimeSource.system());
    }

    DynamoDbLeaseStore(DynamoDbClient client, String countersTable, TimeSource timeSource) {
        this.client = client;
        this.countersTable = countersTable;
        this.retry = AwsRetries.standard(timeSource, AwsFailures::isTransient);
    }

    /** The row after an update, or the row that failed its condition. */
    private record Answer(boolean done, Lease lease) {}

    @Override
    public Lease read(String counterId, Deadline deadline) {
        Map<String, AttributeValue> row =
                retry.call("Reading a lease of " + countersTable, deadline, () -> client.getItem(
                                request -> request.tableName(countersTable)
                                        .key(LeaseItem.key(counterId))
                                        .consistentRead(true))
                        .item());
        return LeaseItem.lease(counterId, row);
    }

    @Override
    public Acquisition acquire(String counterId, AcquireRequest request, Deadline deadline) {
        Lease seen = request.seen();
        BudgetUse budget = request.budget();
        Answer answer = update(
                counterId,
                "SET #holder = :holder, #leasedUntil = :until, #budgetUsedUntil = :budgetUsedUntil,"
                        + " #chargedBudget = :chargedBudget, #lastPassAt = :passAt, #lastPassMessages = :messages",
                "(attribute_not_exists(#holder) OR #leasedUntil <= :now)"
                        + " AND (attribute_not_exists(#budgetUsedUntil) OR #budgetUsedUntil = :seenUsedUntil)"
                        + " AND (attribute_not_exists(#lastPassAt) OR #lastPassAt = :seenPassAt)"
                        + " AND (attribute_not_exists(#sent) OR #sent = :seenSent)",
                Map.of(
                        ":holder", text(request.holder()),
                        ":until", number(request.leasedUntil().toEpochMilli()),
                        ":now", number(request.now().toEpochMilli()),
                        ":budgetUsedUntil", number(LeaseItem.micros(budget.usedUntil())),
                        ":chargedBudget", number(budget.messagesPerSecond()),
                        ":passAt", number(budget.lastPassAt().toEpochMilli()),
                        ":messages", number(budget.lastPassMessages()),
                        ":seenUsedUntil", number(LeaseItem.micros(seen.budget().usedUntil())),
                        ":seenPassAt", number(seen.budget().lastPassAt().toEpochMilli()),
                        ":seenSent", number(seen.sentVersion())),
                deadline);
        Lease lease = answer.lease();
        // If the answer of the first attempt was lost, the retry fails its condition but finds its own holder.
        if (answer.done() || request.holder().equals(lease.holder())) {
            return new Acquisition.Held(lease);
        }
        return lease.isHeld(request.now()) ? new Acquisition.Rejected() : new Acquisition.Changed();
    }

    @Override
    public boolean renew(String counterId, String holder, Instant leasedUntil, Deadline deadline) {
        return update(
                        counterId,
                        "SET #leasedUntil = :until",
                        "#holder = :holder",
                        Map.of(":holder", text(holder), ":until", number(leasedUntil.toEpochMilli())),
                        deadline)
                .done();
    }

    @Override
    public boolean charge(String counterId, Charge charge, Deadline deadline) {
        Map<String, AttributeValue> values = Map.of(
                ":now", number(LeaseItem.micros(charge.now())),
                ":cost", number(charge.costMicros()),
                ":max", number(LeaseItem.micros(charge.usedUntilLimit()) - charge.costMicros()));
        Answer answer = update(
                counterId,
                "SET #budgetUsedUntil = #budgetUsedUntil + :cost",
                "#budgetUsedUntil >= :now AND #budgetUsedUntil <= :max",
                values,
                deadline);
        if (answer.done() || answer.lease().budget().usedUntil().isAfter(charge.now())) {
            return answer.done();
        }
        return chargeFullBucket(counterId, charge, deadline);
    }

    /** Charges a full bucket: budget that was not used before {@code now} does not accumulate. */
    private boolean chargeFullBucket(String counterId, Charge charge, Deadline deadline) {
        long budgetUsedUntil = LeaseItem.micros(charge.now()) + charge.costMicros();
        if (budgetUsedUntil > LeaseItem.micros(charge.usedUntilLimit())) {
            return false;
        }
        Answer answer = update(
                counterId,
                "SET #budgetUsedUntil = :budgetUsedUntil",
                "attribute_not_exists(#budgetUsedUntil) OR #budgetUsedUntil < :now",
                Map.of(
                        ":now", number(LeaseItem.micros(charge.now())),
                        ":budgetUsedUntil", number(budgetUsedUntil)),
                deadline);
        return answer.done() || charge(counterId, charge, deadline);
    }

    @Override
    public void recordUncounted(String counterId, long uncounted, Deadline deadline) {
        update(
                counterId,
                "SET #uncounted = :uncounted",
                "attribute_exists(#lastPassAt)",
                Map.of(":uncounted", number(uncounted)),
                deadline);
    }

    @Override
    public void release(String counterId, String holder, long sentVersion, Deadline deadline) {
        update(
                counterId,
                "SET #sent = :sent REMOVE #holder, #leasedUntil, #restVersion, #restPosts, #rest",
                "#holder = :holder",
                Map.of(":holder", text(holder), ":sent", number(sentVersion)),
                deadline);
    }

    @Override
    public void suspend(String counterId, String holder, PassRest rest, Deadline deadline) {
        update(
                counterId,
                "SET #restVersion = :restVersion, #restPosts = :restPosts, #rest = :rest REMOVE #holder, #leasedUntil",
                "#holder = :holder",
                Map.of(
                        ":holder", text(holder),
                        ":restVersion", number(rest.version()),
                        ":restPosts", number(rest.posts()),
                        ":rest", LeaseItem.pages(rest)),
                deadline);
    }

    private Answer update(
            String counterId, String change, String condition, Map<String, AttributeValue> values, Deadline deadline) {
        UpdateItemRequest request = UpdateItemRequest.builder()
                .tableName(countersTable)
                .key(LeaseItem.key(counterId))
                .updateExpression(change)
                .conditionExpression(condition)
                .expressionAttributeNames(namesIn(change + " " + condition))
                .expressionAttributeValues(values)
                .returnValues(ReturnValue.ALL_NEW)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
        return retry.call("Changing a lease of " + countersTable, deadline, () -> {
            try {
                return new Answer(
                        true,
                        LeaseItem.lease(counterId, client.updateItem(request).attributes()));
            } catch (ConditionalCheckFailedException failedCondition) {
                return new Answer(
                        false,
                        LeaseItem.lease(counterId, failedCondition.hasItem() ? failedCondition.item() : Map.of()));
            }
        });
    }

    /** DynamoDB rejects names that an expression does not use. */
    private static Map<String, String> namesIn(String expressions) {
        Map<String, String> used = new HashMap<>(NAMES);
        used.keySet().removeIf(name -> !expressions.matches(".*" + name + "\\b.*"));
        return used;
    }
}
