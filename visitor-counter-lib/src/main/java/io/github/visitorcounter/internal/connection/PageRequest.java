package io.github.visitorcounter.internal.connection;

import org.jspecify.annotations.Nullable;

/**
 * A request for a page of a counter's connections.
 *
 * @param counterId the counter
 * @param segment the segment of the table to read, from 0
 * @param totalSegments the number of segments; 1 reads the whole table
 * @param cursor where the previous page ended ({@link ConnectionPage#next()}), or null for the first page
 */
public record PageRequest(
        String counterId,
        int segment,
        int totalSegments,
        @Nullable String cursor) {

    /**
     * Creates a request.
     *
     * @param counterId the counter
     * @param segment which part of the table to read
     * @param totalSegments into how many parts the table is divided
     * @param cursor where the page before ended, or null
     * @throws IllegalArgumentException if {@code segment} is not below {@code totalSegments}, or negative
     */
    public PageRequest {
        if (segment < 0 || segment >= totalSegments) {
            throw new IllegalArgumentException(
                    "segment " + segment + " of " + totalSegments + ": must be from 0 to " + (totalSegments - 1));
        }
    }

    /**
     * Returns the request for the first page of all connections of a counter.
     *
     * @param counterId the counter
     * @return the request
     */
    public static PageRequest first(String counterId) {
        return new PageRequest(counterId, 0, 1, null);
    }

    /**
     * Returns the request for the next page.
     *
     * @param next where this page ended
     * @return the request
     */
    public PageRequest from(String next) {
        return new PageRequest(counterId, segment, totalSegments, next);
    }
}
