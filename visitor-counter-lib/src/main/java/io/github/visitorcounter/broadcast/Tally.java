package io.github.visitorcounter.broadcast;

import java.time.Duration;

/** Counts, while a pass runs, what became of its connections. Not thread-safe: a pass counts on its own thread. */
final class Tally {

    private int audience;
    private int delivered;
    private int gone;
    private int notYetOpen;
    private int failed;
    private boolean complete;

    void audience(int connections) {
        audience += connections;
    }

    void delivered() {
        delivered++;
    }

    void gone() {
        gone++;
    }

    void notYetOpen() {
        notYetOpen++;
    }

    void failed() {
        failed++;
    }

    void complete() {
        complete = true;
    }

    BroadcastReport report(String counterId, long version, int removed, Duration elapsed) {
        int unreached = audience - delivered - gone - notYetOpen - failed;
        return new BroadcastReport(
                counterId,
                version,
                audience,
                delivered,
                gone,
                notYetOpen,
                failed,
                unreached,
                removed,
                complete,
                elapsed);
    }
}
