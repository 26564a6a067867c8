package io.github.visitorcounter.embeddedstack.control;

/** The number and the total duration of connections, without a record of each connection. Thread-safe. */
final class ConnectionTimes {

    /** The values at one moment. */
    record Reading(long open, long accepted, long openMillis) {}

    private long open;
    private long accepted;
    private long closedMillis;
    /** The sum of the start times of the open connections. */
    private double openSinceMillis;

    synchronized void opened(long nowMillis) {
        open++;
        accepted++;
        openSinceMillis += nowMillis;
    }

    synchronized void closed(long nowMillis, long lastedMillis) {
        open--;
        closedMillis += lastedMillis;
        openSinceMillis -= nowMillis - lastedMillis;
    }

    synchronized Reading read(long nowMillis) {
        long stillOpenMillis = Math.max(0, (long) ((double) open * nowMillis - openSinceMillis));
        return new Reading(open, accepted, closedMillis + stillOpenMillis);
    }
}
