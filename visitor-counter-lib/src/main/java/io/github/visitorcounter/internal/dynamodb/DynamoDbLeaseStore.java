package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.count.VisitorCount;
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
import java.util.Objects;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.number;
import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.text;

/**
 * Keeps the leases in the table of counters. Each change is one conditional update that returns the current row.
 * Thread-safe.
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
            Map.entry("#rest", LeaseItem.REST),
            Map.entry("#passVersion", LeaseItem.PASS_VERSION),
            Map.entry("#passLive", LeaseItem.PASS_LIVE),
            Map.entry("#passTotal", LeaseItem.PASS_TOTAL),
            Map.entry("#passChangedAt", LeaseItem.PASS_CHANGED_AT),
            Map.entry("#awaitingPass", LeaseItem.AWAITING_PASS));

    /** No pass has this version. */
    private static final long NO_PASS = -1;

    private static final String PASS_COUNT =
            "#passVersion = :version, #passLive = :live, #passTotal = :total, #passChangedAt = :changedAt";

    private static final String IS_SAME_PASS = "(attribute_not_exists(#passVersion) OR #passVersion = :seenPass)";

    private static final String LEAVE_TO_NEXT_PASS = " ADD #awaitingPass :one";

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
        String isFree = seen.holder() == null
                ? "attribute_not_exists(#holder)"
                : "#leasedUntil = :seenUntil AND #leasedUntil <= :now";
        Answer answer = update(
                counterId,
                "SET #holder = :holder, #leasedUntil = :until, #budgetUsedUntil = :budgetUsedUntil,"
                        + " #chargedBudget = :chargedBudget, #lastPassAt = :passAt, #lastPassMessages = :messages,"
                        + " #awaitingPass = :awaiting, "
                        + PASS_COUNT,
                isFree
                        + " AND (attribute_not_exists(#budgetUsedUntil) OR #budgetUsedUntil = :seenUsedUntil)"
                        + " AND (attribute_not_exists(#lastPassAt) OR #lastPassAt = :seenPassAt)"
                        + " AND (attribute_not_exists(#sent) OR #sent = :seenSent)"
                        + " AND "
                        + IS_SAME_PASS
                        + " AND (attribute_not_exists(#awaitingPass) OR #awaitingPass = :seenAwaiting)",
                values(request),
                deadline);
        Lease lease = answer.lease();
        // If the answer of the first attempt was lost, the retry fails its condition but finds its own holder.
        if (answer.done() || lease.isPassOf(request.holder(), request.count())) {
            return new Acquisition.Held(lease);
        }
        return !request.holder().equals(lease.holder()) && lease.isHeld(request.now())
                ? new Acquisition.Rejected()
                : new Acquisition.Changed();
    }

    private static Map<String, AttributeValue> values(AcquireRequest request) {
        BudgetUse budget = request.budget();
        Lease seen = request.seen();
        Map<String, AttributeValue> values = passValues(seen, request.count());
        if (seen.holder() != null) {
            values.put(":seenUntil", number(seen.leasedUntil().toEpochMilli()));
            values.put(":now", number(request.now().toEpochMilli()));
        }
        values.putAll(Map.ofEntries(
                Map.entry(":holder", text(request.holder())),
                Map.entry(":until", number(request.leasedUntil().toEpochMilli())),
                Map.entry(":budgetUsedUntil", number(LeaseItem.micros(budget.usedUntil()))),
                Map.entry(":chargedBudget", number(budget.messagesPerSecond())),
                Map.entry(":passAt", number(budget.lastPassAt().toEpochMilli())),
                Map.entry(":messages", number(budget.lastPassMessages())),
                Map.entry(
                        ":seenUsedUntil", number(LeaseItem.micros(seen.budget().usedUntil()))),
                Map.entry(":seenPassAt", number(seen.budget().lastPassAt().toEpochMilli())),
                Map.entry(":seenSent", number(seen.sentVersion())),
                Map.entry(":seenAwaiting", number(seen.awaitingPass())),
                Map.entry(":awaiting", number(request.awaitingPass()))));
        return values;
    }

    private static Map<String, AttributeValue> passValues(Lease seen, VisitorCount count) {
        VisitorCount seenPass = seen.passCount();
        Instant changedAt = count.updatedAt() == null ? Instant.EPOCH : count.updatedAt();
        return new HashMap<>(Map.of(
                ":seenPass", number(seenPass == null ? NO_PASS : seenPass.version()),
                ":version", number(count.version()),
                ":live", number(count.live()),
                ":total", number(count.total()),
                ":changedAt", number(changedAt.toEpochMilli())));
    }

    @Override
    public boolean resume(String counterId, Lease own, VisitorCount count, Instant leasedUntil, Deadline deadline) {
        String holder = Objects.requireNonNull(own.holder());
        Map<String, AttributeValue> values = passValues(own, count);
        values.put(":holder", text(holder));
        values.put(":until", number(leasedUntil.toEpochMilli()));
        Answer answer = update(
                counterId,
                "SET #leasedUntil = :until, " + PASS_COUNT,
                "#holder = :holder AND " + IS_SAME_PASS,
                values,
                deadline);
        return answer.done() || answer.lease().isPassOf(holder, count);
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
        return charge.expectsUnused()
                ? chargeFullBucket(counterId, charge, deadline)
                : chargeUsedBucket(counterId, charge, deadline);
    }

    private boolean chargeUsedBucket(String counterId, Charge charge, Deadline deadline) {
        Answer answer = charge(
                counterId,
                charge,
                "SET #budgetUsedUntil = #budgetUsedUntil + :cost",
                "#budgetUsedUntil >= :now AND #budgetUsedUntil <= :max",
                Map.of(
                        ":now", number(LeaseItem.micros(charge.now())),
                        ":cost", number(charge.costMicros()),
                        ":max", number(LeaseItem.micros(charge.usedUntilLimit()) - charge.costMicros())),
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
        Answer answer = charge(
                counterId,
                charge,
                "SET #budgetUsedUntil = :budgetUsedUntil",
                "attribute_not_exists(#budgetUsedUntil) OR #budgetUsedUntil < :now",
                Map.of(
                        ":now", number(LeaseItem.micros(charge.now())),
                        ":budgetUsedUntil", number(budgetUsedUntil)),
                deadline);
        return answer.done() || chargeUsedBucket(counterId, charge, deadline);
    }

    private Answer charge(
            String counterId,
            Charge charge,
            String change,
            String condition,
            Map<String, AttributeValue> values,
            Deadline deadline) {
        if (!charge.leavesToNextPass()) {
            return update(counterId, change, condition, values, deadline);
        }
        Map<String, AttributeValue> all = new HashMap<>(values);
        all.put(":one", number(1));
        return update(counterId, change + LEAVE_TO_NEXT_PASS, condition, all, deadline);
    }

    @Override
    public void leaveToNextPass(String counterId, Deadline deadline) {
        update(counterId, LEAVE_TO_NEXT_PASS, null, Map.of(":one", number(1)), deadline);
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
            String counterId,
            String change,
            @Nullable String condition,
            Map<String, AttributeValue> values,
            Deadline deadline) {
        UpdateItemRequest request = UpdateItemRequest.builder()
                .tableName(countersTable)
                .key(LeaseItem.key(counterId))
                .updateExpression(change)
                .conditionExpression(condition)
                .expressionAttributeNames(namesIn(condition == null ? change : change + " " + condition))
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
