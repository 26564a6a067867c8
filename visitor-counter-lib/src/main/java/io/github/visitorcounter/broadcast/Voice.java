package io.github.visitorcounter.broadcast;

/**
 * How a counter speaks, and how it treats those who don't hear.
 *
 * @param format puts a count into words
 * @param policy decides about connections that are gone
 */
public record Voice(MessageFormat format, StaleConnectionPolicy policy) {}
