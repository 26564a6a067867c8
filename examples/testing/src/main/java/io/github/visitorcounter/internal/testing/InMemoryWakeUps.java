package io.github.visitorcounter.internal.testing;

import io.github.visitorcounter.internal.broadcast.lease.FollowUp;
import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.time.Deadline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An in-memory store of wake-ups. It passes the same contract suite as DynamoDB, so tests may rely on it. A test takes
 * the wake-ups, and passes them to the code under test. Thread-safe.
 */
public final class InMemoryWakeUps implements WakeUps {

    private final Map<String, Instant> pending = new HashMap<>();
    private final List<String> records = new ArrayList<>();
    private final Map<String, FollowUp> followUps = new LinkedHashMap<>();

    @Override
    public synchronized Request request(String counterId, Instant now, Deadline deadline) {
        if (isPending(counterId, now, deadline)) {
            return Request.PENDING;
        }
        Instant requestedAt = pending.get(counterId);
        pending.put(counterId, now);
        records.add(counterId);
        return requestedAt == null ? Request.REQUESTED : Request.OVERDUE;
    }

    @Override
    public synchronized boolean isPending(String counterId, Instant now, Deadline deadline) {
        Instant requestedAt = pending.get(counterId);
        return requestedAt != null && requestedAt.isAfter(now.minus(OVERDUE_AFTER));
    }

    @Override
    public synchronized void clear(String counterId, Deadline deadline) {
        pending.remove(counterId);
    }

    @Override
    public synchronized void addFollowUp(String id, FollowUp followUp, Deadline deadline) {
        followUps.put(followUp.counterId() + "#" + id, followUp);
    }

    /** Returns whether a wake-up of the counter is pending. */
    public synchronized boolean isPending(String counterId) {
        return pending.containsKey(counterId);
    }

    /** Takes the counters of the wake-ups that were requested since the last call. */
    public synchronized List<String> takeRecords() {
        List<String> taken = List.copyOf(records);
        records.clear();
        return taken;
    }

    /** Takes the follow-ups that were added since the last call. */
    public synchronized List<FollowUp> takeFollowUps() {
        List<FollowUp> taken = List.copyOf(followUps.values());
        followUps.clear();
        return taken;
    }
}
