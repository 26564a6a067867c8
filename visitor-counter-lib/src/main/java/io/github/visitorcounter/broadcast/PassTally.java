package io.github.visitorcounter.broadcast;

/**
 * What became of the connections of a pass, or of several.
 *
 * @param audience connections read
 * @param delivered connections whose message API Gateway took
 * @param gone connections that answered 410 although their handshake must have finished
 * @param notYetOpen connections whose handshake had not finished
 * @param failed connections that could not be posted to, retries included
 * @param removed connections that were removed because they had answered 410 more than once
 * @param posts attempts to post: API Gateway bills those that were delivered
 */
public record PassTally(int audience, int delivered, int gone, int notYetOpen, int failed, int removed, int posts) {

    /** Nothing was done. */
    public static final PassTally NONE = new PassTally(0, 0, 0, 0, 0, 0, 0);

    static final PassTally DELIVERED = new PassTally(0, 1, 0, 0, 0, 0, 0);
    static final PassTally GONE = new PassTally(0, 0, 1, 0, 0, 0, 0);
    static final PassTally NOT_YET_OPEN = new PassTally(0, 0, 0, 1, 0, 0, 0);
    static final PassTally FAILED = new PassTally(0, 0, 0, 0, 1, 0, 0);
    static final PassTally POST = new PassTally(0, 0, 0, 0, 0, 0, 1);

    /**
     * Adds two tallies.
     *
     * @param other the other one
     * @return their sum
     */
    public PassTally plus(PassTally other) {
        return new PassTally(
                audience + other.audience,
                delivered + other.delivered,
                gone + other.gone,
                notYetOpen + other.notYetOpen,
                failed + other.failed,
                removed + other.removed,
                posts + other.posts);
    }

    PassTally audience(int connections) {
        return plus(new PassTally(connections, 0, 0, 0, 0, 0, 0));
    }

    PassTally removed(int connections) {
        return plus(new PassTally(0, 0, 0, 0, 0, connections, 0));
    }
}
