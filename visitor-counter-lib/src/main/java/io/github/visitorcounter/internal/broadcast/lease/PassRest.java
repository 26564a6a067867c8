package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.internal.connection.PageRequest;

import java.util.List;

/**
 * What is left of a pass that ran out of time. It stays on the lease row until somebody has sent it; it has been paid for.
 *
 * @param version the version that the others were sent
 * @param pages where to go on reading connections, one request for each segment that is not finished
 */
public record PassRest(long version, List<PageRequest> pages) {

    /**
     * Copies the list.
     *
     * @param version the version that the others were sent
     * @param pages where to go on reading connections
     */
    public PassRest {
        pages = List.copyOf(pages);
    }
}
