package io.github.visitorcounter.embeddedstack.stream;

/**
 * Where in a stream a mapping starts.
 *
 * @since 0.1.0
 */
public enum StartingPosition {
    /** With the oldest record that the stream still holds. */
    TRIM_HORIZON,
    /** With the first record written after the mapping was started. AWS may miss the first ones; this stack does not. */
    LATEST
}
