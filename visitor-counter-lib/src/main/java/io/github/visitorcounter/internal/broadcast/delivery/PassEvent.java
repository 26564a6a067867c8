package io.github.visitorcounter.internal.broadcast.delivery;

import io.github.visitorcounter.internal.broadcast.delivery.PassQueue.Attempt;
import io.github.visitorcounter.internal.connection.ConnectionPage;

/** An event that the thread of a {@link BroadcastPass} waits for. */
sealed interface PassEvent {

    record PageRead(ConnectionPage page) implements PassEvent {}

    record PageFailed(RuntimeException failure) implements PassEvent {}

    record Answered(Attempt attempt, PostOutcome outcome) implements PassEvent {}
}
