package io.github.visitorcounter.internal.testing;

import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.broadcast.lease.WakeUpsContract;

/** Runs the contract suite on the fake. */
class InMemoryWakeUpsTest extends WakeUpsContract {

    private final InMemoryWakeUps wakeUps = new InMemoryWakeUps();

    @Override
    protected WakeUps wakeUps() {
        return wakeUps;
    }
}
