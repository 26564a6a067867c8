package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.embeddedstack.dynamodb.TableDefinition;

import java.util.List;

/** The definitions of the two tables. */
final class Tables {

    static final String BY_COUNTER = "byCounter";

    static final TableDefinition CONNECTIONS = TableDefinition.keyedBy("ConnectionIDs", "connectionId")
            .withIndex(BY_COUNTER, "counterId", "connectedAt", List.of("expiresAt", "visit"));
    static final TableDefinition COUNTS = TableDefinition.keyedBy("VisitorCount", "counterId");

    private Tables() {}
}
