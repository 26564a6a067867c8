package io.github.visitorcounter.broadcast;

/**
 * What became of the connections of one or several passes. Immutable.
 *
 * @param audience connections read
 * @param delivered connections whose message API Gateway took; it does not say whether the page received it
 * @param gone connections that answered 410 although their handshake must have finished
 * @param notYetOpen connections that answered 410 because their handshake had not finished
 * @param failed connections that no message could be sent to, retries included
 * @param removed connections that were removed because they answered 410 more than once
 * @param posts attempts to post: API Gateway bills those that were delivered
 * @since 0.1.0
 */
public record DeliveryStats(int audience, int delivered, int gone, int notYetOpen, int failed, int removed, int posts) {

    /** Nothing was done. */
    public static final DeliveryStats NONE = new DeliveryStats(0, 0, 0, 0, 0, 0, 0);

    /** One connection was sent its message. */
    public static final DeliveryStats DELIVERED = new DeliveryStats(0, 1, 0, 0, 0, 0, 0);
    /** One connection answered 410. */
    public static final DeliveryStats GONE = new DeliveryStats(0, 0, 1, 0, 0, 0, 0);
    /** One connection's handshake had not finished. */
    public static final DeliveryStats NOT_YET_OPEN = new DeliveryStats(0, 0, 0, 1, 0, 0, 0);
    /** One connection could not be sent its message. */
    public static final DeliveryStats FAILED = new DeliveryStats(0, 0, 0, 0, 1, 0, 0);
    /** One attempt to post. */
    public static final DeliveryStats POST = new DeliveryStats(0, 0, 0, 0, 0, 0, 1);

    /**
     * Adds the connections of other passes.
     *
     * @param other what became of them
     * @return the sum
     */
    public DeliveryStats plus(DeliveryStats other) {
        return new DeliveryStats(
                audience + other.audience,
                delivered + other.delivered,
                gone + other.gone,
                notYetOpen + other.notYetOpen,
                failed + other.failed,
                removed + other.removed,
                posts + other.posts);
    }

    /**
     * Adds connections that were read.
     *
     * @param connections how many
     * @return the sum
     */
    public DeliveryStats audience(int connections) {
        return plus(new DeliveryStats(connections, 0, 0, 0, 0, 0, 0));
    }

    /**
     * Adds connections that were removed.
     *
     * @param connections how many
     * @return the sum
     */
    public DeliveryStats removed(int connections) {
        return plus(new DeliveryStats(0, 0, 0, 0, 0, connections, 0));
    }
}
