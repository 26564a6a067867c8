package io.github.visitorcounter.internal.broadcast;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.lease.FollowUp;
import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.time.Deadline;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Writes the follow-ups of a counter, in as many rows as necessary. The keys of the rows are always the same. A row may
 * be replaced before its stream record is read, because the record contains an image of the row. Two identical
 * follow-ups are one record.
 */
final class FollowUps {

    /** The connections of one row: DynamoDB's limit is 400 KB, and a connection takes about 30 bytes. */
    private static final int MAX_CONNECTIONS = 5_000;

    /** How long unsent connections are retried; afterwards, they are sent the next change. */
    static final Duration GIVE_UP_AFTER = Duration.ofMinutes(3);

    private final String counterId;
    private final WakeUps wakeUps;
    private final Deadline deadline;

    FollowUps(String counterId, WakeUps wakeUps, Deadline deadline) {
        this.counterId = counterId;
        this.wakeUps = wakeUps;
        this.deadline = deadline;
    }

    /** Writes follow-ups for connections of a pass of this version. */
    void add(long version, List<Connection> unsent, List<Connection> suspects, Instant until, int attempt) {
        for (int from = 0; from < unsent.size(); from += MAX_CONNECTIONS) {
            put(
                    "unsent-" + from,
                    new FollowUp(counterId, version, part(unsent, from), List.of(), null, until, attempt));
        }
        for (int from = 0; from < suspects.size(); from += MAX_CONNECTIONS) {
            put(
                    "suspects-" + from,
                    new FollowUp(counterId, version, List.of(), part(suspects, from), null, until, attempt));
        }
    }

    /** Writes a follow-up for a rescan after a pass of this version; does nothing if {@code rescanOf} is null. */
    void addRescan(long version, @Nullable Instant rescanOf, Instant until, int attempt) {
        if (rescanOf != null) {
            put("rescan", new FollowUp(counterId, version, List.of(), List.of(), rescanOf, until, attempt));
        }
    }

    private static List<Connection> part(List<Connection> connections, int from) {
        return connections.subList(from, Math.min(connections.size(), from + MAX_CONNECTIONS));
    }

    private void put(String id, FollowUp followUp) {
        wakeUps.addFollowUp(id, followUp, deadline);
    }
}
