package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.connection.Connection;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A row of the table of connections. */
final class ConnectionItem {

    static final String CONNECTION_ID = "connectionId";
    static final String COUNTER_ID = "counterId";
    static final String CONNECTED_AT = "connectedAt";
    static final String EXPIRES_AT = "expiresAt";
    static final String VISIT = "visit";

    /** The site counter in which the connection was counted as well; a disconnect subtracts it from there. */
    static final String SITE_COUNTER = "siteCounter";

    /** True on the row of a connection that is counted in no counter. */
    static final String ONLY_WATCHES = "onlyWatches";

    private ConnectionItem() {}

    static Map<String, AttributeValue> key(String connectionId) {
        return Map.of(CONNECTION_ID, text(connectionId));
    }

    static Map<String, AttributeValue> of(Connection connection) {
        Map<String, AttributeValue> item = new HashMap<>(Map.of(
                CONNECTION_ID, text(connection.connectionId()),
                COUNTER_ID, text(connection.counterId()),
                CONNECTED_AT, number(connection.connectedAt().toEpochMilli()),
                EXPIRES_AT, number(connection.expiresAt().getEpochSecond())));
        String visit = connection.visit();
        if (visit != null) {
            item.put(VISIT, text(visit));
        }
        String siteCounter = connection.siteCounter();
        if (siteCounter != null) {
            item.put(SITE_COUNTER, text(siteCounter));
        }
        if (connection.onlyWatches()) {
            item.put(ONLY_WATCHES, AttributeValue.fromBool(true));
        }
        return item;
    }

    /**
     * Reads a row. Returns empty if the row lacks an attribute, for instance because other software wrote it: such a
     * row must not stop a broadcast.
     */
    static Optional<Connection> connection(Map<String, AttributeValue> item) {
        AttributeValue id = item.get(CONNECTION_ID);
        AttributeValue counterId = item.get(COUNTER_ID);
        AttributeValue connectedAt = item.get(CONNECTED_AT);
        AttributeValue expiresAt = item.get(EXPIRES_AT);
        if (id == null || counterId == null || connectedAt == null || expiresAt == null) {
            return Optional.empty();
        }
        if (id.s() == null || counterId.s() == null || connectedAt.n() == null || expiresAt.n() == null) {
            return Optional.empty();
        }
        AttributeValue visit = item.get(VISIT);
        AttributeValue siteCounter = item.get(SITE_COUNTER);
        AttributeValue onlyWatches = item.get(ONLY_WATCHES);
        return Optional.of(new Connection(
                id.s(),
                counterId.s(),
                Instant.ofEpochMilli(new BigDecimal(connectedAt.n()).longValue()),
                Instant.ofEpochSecond(new BigDecimal(expiresAt.n()).longValue()),
                visit == null ? null : visit.s(),
                siteCounter == null ? null : siteCounter.s(),
                onlyWatches != null && Boolean.TRUE.equals(onlyWatches.bool())));
    }

    static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }
}
