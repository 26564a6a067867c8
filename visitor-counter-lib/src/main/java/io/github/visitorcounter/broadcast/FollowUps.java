package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.time.Deadline;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Leaves work of one trigger to wake-ups, in as many rows as it takes. Not thread-safe. */
final class FollowUps {

    /** So many fit a row: DynamoDB's limit is 400 KB, and a connection takes some 30 bytes. */
    private static final int MAX_CONNECTIONS = 5_000;

    /** After so long, a connection that the message can't be sent to is left to the next change. */
    static final Duration GIVE_UP_AFTER = Duration.ofMinutes(3);

    private final BroadcastTrigger trigger;
    private final WakeUps wakeUps;
    private final Deadline deadline;
    private int left;

    FollowUps(BroadcastTrigger trigger, WakeUps wakeUps, Deadline deadline) {
        this.trigger = trigger;
        this.wakeUps = wakeUps;
        this.deadline = deadline;
    }

    /** Leaves what a pass could not do. */
    void leave(
            long version,
            List<Connection> unsent,
            List<Connection> suspects,
            @Nullable Instant rescanOf,
            Instant until) {
        for (int from = 0; from < unsent.size(); from += MAX_CONNECTIONS) {
            put(version, part(unsent, from), List.of(), null, until);
        }
        for (int from = 0; from < suspects.size(); from += MAX_CONNECTIONS) {
            put(version, List.of(), part(suspects, from), null, until);
        }
        if (rescanOf != null) {
            put(version, List.of(), List.of(), rescanOf, until);
        }
    }

    private static List<Connection> part(List<Connection> connections, int from) {
        return connections.subList(from, Math.min(connections.size(), from + MAX_CONNECTIONS));
    }

    private void put(
            long version,
            List<Connection> unsent,
            List<Connection> suspects,
            @Nullable Instant rescanOf,
            Instant until) {
        wakeUps.leave(id(), new FollowUp(trigger.counterId(), version, unsent, suspects, rescanOf, until), deadline);
    }

    /** The same at a retry of the trigger: what it left before is replaced, not doubled. */
    private String id() {
        String name = trigger.identity() + "/" + trigger.counterId() + "/" + left++;
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
