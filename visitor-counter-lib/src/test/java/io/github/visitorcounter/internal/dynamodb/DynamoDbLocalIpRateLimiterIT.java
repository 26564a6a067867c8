package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.internal.connection.IpRateLimiter;
import io.github.visitorcounter.internal.connection.IpRateLimiterContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The IP rate limiter and its rows on Amazon's DynamoDB Local. */
class DynamoDbLocalIpRateLimiterIT extends IpRateLimiterContract {

    private static final Instant MORNING = Instant.parse("2026-12-01T08:00:00Z");

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final IpRateLimiter limiter = newLimiter();

    @Override
    protected IpRateLimiter arrivals() {
        return limiter;
    }

    private static IpRateLimiter newLimiter() {
        return new DynamoDbIpRateLimiter(TABLES.client(), Tables.COUNTS.name());
    }

    @Test
    void concurrent_functions_share_one_limit() {
        List<CompletableFuture<Boolean>> connects = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            IpRateLimiter limiter = newLimiter();
            connects.add(CompletableFuture.supplyAsync(() -> limiter.count("203.0.113.1", 5, MORNING)));
        }

        assertThat(connects.stream().filter(CompletableFuture::join)).hasSize(5);
    }

    @Test
    void rows_expire_and_contain_no_address() {
        Instant at = MORNING.plusSeconds(3_600);
        newLimiter().count("203.0.113.2", 5, at);

        List<Map<String, AttributeValue>> rows = rowsThatExpireAt(at.getEpochSecond() + 600);
        assertThat(rows).singleElement().satisfies(row -> {
            assertThat(row).containsOnlyKeys("counterId", "arrivals", "expiresAt");
            assertThat(row.get("counterId").s())
                    .matches("ip#[A-Za-z0-9_-]{24}#" + at.getEpochSecond() / 600)
                    .doesNotContain("203.0.113.2");
        });
    }

    @Test
    void two_rows_of_an_address_have_different_hashes() {
        Instant at = MORNING.plusSeconds(7_200);
        newLimiter().count("203.0.113.3", 5, at);
        newLimiter().count("203.0.113.3", 5, at.plusSeconds(600));

        assertThat(hash(rowsThatExpireAt(at.getEpochSecond() + 600)))
                .isNotEqualTo(hash(rowsThatExpireAt(at.getEpochSecond() + 1_200)));
    }

    @Test
    void every_day_has_its_own_expiring_secret() {
        Instant tomorrow = MORNING.plusSeconds(86_400);
        newLimiter().count("203.0.113.4", 5, MORNING);
        newLimiter().count("203.0.113.4", 5, tomorrow);

        Map<String, AttributeValue> today = secret(MORNING);
        assertThat(today.get("secret").b().asByteArray()).hasSize(32);
        assertThat(today.get("secret")).isNotEqualTo(secret(tomorrow).get("secret"));
        assertThat(today.get("expiresAt").n())
                .isEqualTo(String.valueOf(Instant.parse("2026-12-02T00:10:00Z").getEpochSecond()));
        assertThat(today).doesNotContainKey("lastChange");
    }

    @Test
    void an_existing_secret_is_kept() {
        Instant nextWeek = MORNING.plusSeconds(7 * 86_400);
        newLimiter().count("203.0.113.5", 5, nextWeek);
        Map<String, AttributeValue> first = secret(nextWeek);

        newLimiter().count("203.0.113.5", 5, nextWeek);

        assertThat(secret(nextWeek)).isEqualTo(first);
    }

    @Test
    void a_failed_call_throws_without_the_address() {
        TABLES.faults(Faults.builder().dynamodbThrottleRatio(1).build());

        assertThatThrownBy(() -> newLimiter().count("203.0.113.6", 5, MORNING))
                .isInstanceOf(ServiceUnavailableException.class)
                .hasMessageContaining("VisitorCount")
                .hasMessageNotContaining("203.0.113.6");
    }

    private static String hash(List<Map<String, AttributeValue>> rows) {
        return rows.get(0).get("counterId").s().split("#", -1)[1];
    }

    private static Map<String, AttributeValue> secret(Instant at) {
        return TABLES.client()
                .getItem(request -> request.tableName(Tables.COUNTS.name())
                        .key(Map.of("counterId", AttributeValue.fromS("ipSecret#" + at.getEpochSecond() / 86_400))))
                .item();
    }

    private static List<Map<String, AttributeValue>> rowsThatExpireAt(long epochSecond) {
        return TABLES.client()
                .scan(request -> request.tableName(Tables.COUNTS.name())
                        .filterExpression("expiresAt = :at")
                        .expressionAttributeValues(Map.of(":at", AttributeValue.fromN(String.valueOf(epochSecond)))))
                .items();
    }
}
