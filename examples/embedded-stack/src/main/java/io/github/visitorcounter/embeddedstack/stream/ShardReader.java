package io.github.visitorcounter.embeddedstack.stream;

import java.util.List;

/** Reads a shard forward, each record once. Used by one thread. */
interface ShardReader {

    /**
     * Returns the next records.
     *
     * @return in order; empty if there are none at the moment
     */
    List<StreamRecord> read();
}
