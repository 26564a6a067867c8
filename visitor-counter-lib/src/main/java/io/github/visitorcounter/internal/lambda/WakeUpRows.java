package io.github.visitorcounter.internal.lambda;

/**
 * The keys and attributes of wake-ups in the table of counters and in its stream records. Counter ids contain no
 * {@code #}, so no counter has such a key.
 */
public final class WakeUpRows {

    /** The attribute of a pending wake-up: when it was requested, in milliseconds since 1970. */
    public static final String REQUESTED_AT = "requestedAt";

    /** The attribute of a follow-up: the version that was sent. */
    public static final String VERSION = "version";

    /** The attribute of a follow-up: when to stop retrying, in milliseconds since 1970. */
    public static final String UNTIL = "until";

    /** The attribute of a follow-up: a map from connection ids to the times when the connections were accepted. */
    public static final String UNSENT = "unsent";

    /** The attribute of a follow-up: a map as {@link #UNSENT}, of connections that answered 410. */
    public static final String SUSPECTS = "suspects";

    /** The attribute of a follow-up: when the pass began that may have missed connections. */
    public static final String RESCAN_OF = "rescanOf";

    /** The attribute of a follow-up: how many wake-ups have attempted it. */
    public static final String ATTEMPT = "attempt";

    private static final String PREFIX = "wake#";
    private static final char SEPARATOR = '#';

    private WakeUpRows() {}

    /** A parsed key; {@code isFollowUp} is false for the counter's pending wake-up. */
    record Key(String counterId, boolean isFollowUp) {}

    /**
     * Returns the key of a counter's pending wake-up.
     *
     * @param counterId the counter
     * @return the key
     */
    public static String pending(String counterId) {
        return PREFIX + counterId;
    }

    /**
     * Returns the key of a follow-up.
     *
     * @param counterId the counter
     * @param id distinguishes the follow-ups of the counter
     * @return the key
     */
    public static String followUp(String counterId, String id) {
        return PREFIX + counterId + SEPARATOR + id;
    }

    static boolean isKey(String key) {
        return key.startsWith(PREFIX);
    }

    static Key parse(String key) {
        int separator = key.indexOf(SEPARATOR, PREFIX.length());
        return separator < 0
                ? new Key(key.substring(PREFIX.length()), false)
                : new Key(key.substring(PREFIX.length(), separator), true);
    }
}
