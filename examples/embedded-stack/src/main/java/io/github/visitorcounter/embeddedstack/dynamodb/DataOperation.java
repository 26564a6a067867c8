package io.github.visitorcounter.embeddedstack.dynamodb;

import org.jspecify.annotations.Nullable;

/** The operations on items, which AWS bills by capacity units, with their names on the wire. */
enum DataOperation {
    GetItem(false),
    BatchGetItem(false),
    TransactGetItems(false),
    Query(false),
    Scan(false),
    PutItem(true),
    UpdateItem(true),
    DeleteItem(true),
    BatchWriteItem(true),
    TransactWriteItems(true);

    private static final String TARGET_PREFIX = "DynamoDB_20120810.";

    private final boolean writes;

    DataOperation(boolean writes) {
        this.writes = writes;
    }

    /** Whether it consumes write units; the others consume read units. */
    boolean writes() {
        return writes;
    }

    /**
     * Returns the operation of a request.
     *
     * @param target the header {@code X-Amz-Target}
     * @return the operation, or null if the request is about tables or streams
     */
    static @Nullable DataOperation ofTarget(@Nullable String target) {
        if (target == null || !target.startsWith(TARGET_PREFIX)) {
            return null;
        }
        String name = target.substring(TARGET_PREFIX.length());
        for (DataOperation operation : values()) {
            if (operation.name().equals(name)) {
                return operation;
            }
        }
        return null;
    }
}
