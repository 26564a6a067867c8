package io.github.visitorcounter.internal.count;

import java.time.Instant;

/**
 * What the departure of connections is to their visit.
 *
 * @param last whether nobody of the visit remains
 * @param endedAt when a connection of it left last, this departure included: events may come in another order than they happened
 */
public record VisitEnd(boolean last, Instant endedAt) {}
