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
 * Leaves work to wake-ups, in as many rows as it takes. A counter's rows have the same keys each time: a row may be replaced before
 * its record has come, because the record has its own image, and what two invocations leave alike is one record.
 */
final class FollowUps {

    /** So many fit a row: DynamoDB's limit is 400 KB, and a connection takes some 30 bytes. */
    private static final int MAX_CONNECTIONS = 5_000;

    /** After so long, a connection that the message can't be sent to is left to the next change. */
    static final Duration GIVE_UP_AFTER = Duration.ofMinutes(3);

    private final String counterId;
    private final WakeUps wakeUps;
    private final Deadline deadline;

    FollowUps(String counterId, WakeUps wakeUps, Deadline deadline) {
        this.counterId = counterId;
        this.wakeUps = wakeUps;
        this.deadline = deadline;
    }

    /** Leaves connections of a pass of this version to a wake-up, for the first time or again. */
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

    /** Leaves a rescan after a pass of this version, if there is one to do. */
    void leaveRescan(long version, @Nullable Instant rescanOf, Instant until, int attempt) {
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
