package io.github.visitorcounter.embeddedstack.stream;

/**
 * The position in a stream at which a mapping starts.
 *
 * @since 0.1.0
 */
public enum StartingPosition {
    /** The oldest record that the stream still contains. */
    TRIM_HORIZON,
    /** The first record written after the mapping was started. AWS may miss the first ones; this stack does not. */
    LATEST
}
