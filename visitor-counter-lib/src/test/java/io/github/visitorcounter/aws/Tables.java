package io.github.visitorcounter.aws;

import io.github.visitorcounter.localstack.dynamodb.TableDefinition;

/** The two tables. */
final class Tables {

    static final TableDefinition CONNECTIONS = TableDefinition.keyedBy("ConnectionIDs", "connectionId");
    static final TableDefinition COUNTS = TableDefinition.keyedBy("VisitorCount", "counterId");

    private Tables() {}
}
