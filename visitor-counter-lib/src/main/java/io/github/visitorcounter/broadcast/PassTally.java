package io.github.visitorcounter.broadcast;

/**
 * What became of the connections of a pass, or of several.
 *
 * @param audience connections read
 * @param delivered connections whose message API Gateway took
 * @param gone connections that are closed
 * @param notYetOpen connections whose handshake had not finished
 * @param failed connections that could not be posted to, retries included
 * @param removed how many of those gone were counted out
 * @param posts attempts to post: API Gateway bills those that were delivered
 */
public record PassTally(int audience, int delivered, int gone, int notYetOpen, int failed, int removed, int posts) {

    /** Nobody. */
    public static final PassTally NONE = new PassTally(0, 0, 0, 0, 0, 0, 0);

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

    PassTally removed(int connections) {
        return plus(new PassTally(0, 0, 0, 0, 0, connections, 0));
    }
}
