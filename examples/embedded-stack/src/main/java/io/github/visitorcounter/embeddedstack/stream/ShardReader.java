package io.github.visitorcounter.embeddedstack.stream;

import java.util.List;

/** Reads a shard forward, each record once. Used by one thread. */
interface ShardReader {

    /**
     * The records that follow those read before.
     *
     * @return in order; empty when there are none at the moment
     */
    List<StreamRecord> read();
}
