package io.github.visitorcounter.simulation;

import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.count.VisitorCount;

/** Rounds also the small numbers of a simulation run; changes within one step of what pages show are not sent. */
enum CoarseFormat implements MessageFormat {
    INSTANCE;

    private static final long STEP = 2;

    @Override
    public String format(VisitorCount count) {
        return MessageFormat.JSON.format(new VisitorCount(
                count.counterId(), round(count.live()), round(count.total()), count.version(), count.updatedAt()));
    }

    @Override
    public boolean isChange(VisitorCount sent, VisitorCount newest) {
        return Math.abs(newest.live() - round(sent.live())) > STEP
                || Math.abs(newest.total() - round(sent.total())) > STEP;
    }

    private static long round(long number) {
        return (number + STEP / 2) / STEP * STEP;
    }
}
