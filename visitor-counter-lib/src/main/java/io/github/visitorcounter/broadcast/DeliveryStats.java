package io.github.visitorcounter.broadcast;

/**
 * The delivery statistics of one or more passes. Immutable.
 *
 * @param audience connections that were read
 * @param delivered connections whose message API Gateway accepted; the page may not have received it
 * @param gone connections that answered 410 although their handshake must have finished
 * @param notYetOpen connections that answered 410 because their handshake had not finished
 * @param failed connections whose posts failed, including the retries
 * @param removed connections that were removed because they answered 410 more than once
 * @param posts attempts to post; API Gateway bills the delivered ones
 * @since 0.1.0
 */
public record DeliveryStats(int audience, int delivered, int gone, int notYetOpen, int failed, int removed, int posts) {

    /** All numbers are 0. */
    public static final DeliveryStats NONE = new DeliveryStats(0, 0, 0, 0, 0, 0, 0);

    /** One delivered message. */
    public static final DeliveryStats DELIVERED = new DeliveryStats(0, 1, 0, 0, 0, 0, 0);
    /** One connection that answered 410. */
    public static final DeliveryStats GONE = new DeliveryStats(0, 0, 1, 0, 0, 0, 0);
    /** One connection whose handshake had not finished. */
    public static final DeliveryStats NOT_YET_OPEN = new DeliveryStats(0, 0, 0, 1, 0, 0, 0);
    /** One connection whose posts failed. */
    public static final DeliveryStats FAILED = new DeliveryStats(0, 0, 0, 0, 1, 0, 0);
    /** One attempt to post. */
    public static final DeliveryStats POST = new DeliveryStats(0, 0, 0, 0, 0, 0, 1);

    /**
     * Adds other statistics.
     *
     * @param other the statistics to add
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
     * @param connections the number of connections
     * @return the sum
     */
    public DeliveryStats audience(int connections) {
        return plus(new DeliveryStats(connections, 0, 0, 0, 0, 0, 0));
    }

    /**
     * Adds connections that were removed.
     *
     * @param connections the number of connections
     * @return the sum
     */
    public DeliveryStats removed(int connections) {
        return plus(new DeliveryStats(0, 0, 0, 0, 0, connections, 0));
    }
}
