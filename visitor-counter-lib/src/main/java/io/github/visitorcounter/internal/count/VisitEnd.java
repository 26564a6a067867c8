package io.github.visitorcounter.internal.count;

import java.time.Instant;

/**
 * The effect of disconnects on their visit.
 *
 * @param last whether no connection of the visit remains
 * @param endedAt the time of the last disconnect of the visit, including these; events may be delivered out of order
 */
public record VisitEnd(boolean last, Instant endedAt) {}
