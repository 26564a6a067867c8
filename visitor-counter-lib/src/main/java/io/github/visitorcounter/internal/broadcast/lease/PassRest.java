package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.internal.connection.PageRequest;

import java.util.List;

/**
 * The rest of a pass that ran out of time. It stays on the lease row until a later pass has sent it. It has
 * been charged.
 *
 * @param version the version that the pass has sent so far
 * @param pages the pages to resume at, one for each unfinished segment
 */
public record PassRest(long version, List<PageRequest> pages) {

    /**
     * Copies the list.
     *
     * @param version the version that the pass has sent so far
     * @param pages the pages to resume at
     */
    public PassRest {
        pages = List.copyOf(pages);
    }
}
