package io.github.visitorcounter.embeddedstack.control;

/** How many connections are open and how long they have been, without knowing each. Thread-safe. */
final class ConnectionTimes {

    /** What is known at one moment. */
    record Reading(long open, long accepted, long openMillis) {}

    private long open;
    private long accepted;
    private long closedMillis;
    /** The sum of the moments at which the open connections began. */
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
