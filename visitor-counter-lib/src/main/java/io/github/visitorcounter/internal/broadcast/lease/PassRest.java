package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.internal.connection.PageRequest;

import java.util.List;

/**
 * The rest of a pass that ran out of time. It stays on the lease row until a later pass has sent it. The pass has been
 * charged for its expected audience; messages beyond that are charged when they have been sent.
 *
 * @param version the version that the pass has sent so far
 * @param pages the pages to resume at, one for each unfinished segment
 * @param posts how many messages of the pass have been sent, as far as known
 */
public record PassRest(long version, List<PageRequest> pages, long posts) {

    /**
     * Copies the list.
     *
     * @param version the version that the pass has sent so far
     * @param pages the pages to resume at
     * @param posts how many messages of the pass have been sent
     */
    public PassRest {
        pages = List.copyOf(pages);
    }
}
